import type { Configuration, RefreshToken, Session } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Clock } from '../../ports/clock.ts'

/** The lifetimes of sessions, tokens and grants in seconds; `config/limits-and-lifetimes.ts` has the numbers. */
export function recordLifetimes(
  { session, tokens }: Pick<Policy, 'session' | 'tokens'>,
  clock: Clock,
): NonNullable<Configuration['ttl']> {
  return {
    Session: function sessionLifetime(_ctx, { loginTs }: Session) {
      return idleUntil(session, loginTs, clock)
    },
    RefreshToken: function refreshTokenLifetime(_ctx, { iiat }: RefreshToken) {
      return idleUntil({ idle: tokens.refreshIdle, most: tokens.refreshMost }, iiat, clock)
    },
    AuthorizationCode: tokens.code,
    DeviceCode: tokens.deviceCode,
    AccessToken: tokens.access,
    ClientCredentials: tokens.access,
    IdToken: tokens.id,
    Interaction: tokens.interaction,
    // A grant outlives the tokens of every sign-in in its session, since it remembers the consent.
    Grant: tokens.refreshMost + session.most,
  }
}

/** The idle time, but never beyond `most` seconds after `beginning` (seconds since 1970). */
export function idleUntil(
  { idle, most }: { readonly idle: number; readonly most: number },
  beginning: number | undefined,
  clock: Clock,
): number {
  const now = Math.floor(clock() / 1000)
  return Math.max(1, Math.min(idle, (beginning ?? now) + most - now))
}
