import type { Configuration, RefreshToken, Session } from 'oidc-provider'
import type { Policy } from '../../config/policy.ts'
import type { Clock } from '../ports/clock.ts'

/** How long everything lives (specification, section 5), in seconds. */
export function lifetimes(
  { session, tokens }: Pick<Policy, 'session' | 'tokens'>,
  clock: Clock,
): NonNullable<Configuration['ttl']> {
  /** The idle time, cut short where the most since `beginning` (seconds since 1970) comes first. */
  const idleUntil = (idle: number, most: number, beginning: number | undefined) => {
    const now = Math.floor(clock() / 1000)
    return Math.max(1, Math.min(idle, (beginning ?? now) + most - now))
  }
  return {
    Session: function sessionLifetime(_ctx, { loginTs }: Session) {
      return idleUntil(session.idle, session.most, loginTs)
    },
    RefreshToken: function refreshTokenLifetime(_ctx, { iiat }: RefreshToken) {
      return idleUntil(tokens.refreshIdle, tokens.refreshMost, iiat)
    },
    AuthorizationCode: tokens.code,
    AccessToken: tokens.access,
    IdToken: tokens.id,
    Interaction: tokens.interaction,
    // It outlives the tokens of every sign-in in its session, and is what remembers a consent.
    Grant: tokens.refreshMost + session.most,
  }
}
