import type { Configuration, Provider, Session } from 'oidc-provider'
import type { Clock } from '../../../ports/clock.ts'
import type { Context } from '../../../web/context.ts'
import { networkOf } from '../../../web/http/visitor-of.ts'
import { deviceOf } from '../../sessions/user-agent.ts'
import { noteVersion } from './account-version.ts'

/** From where a session was used last; kept in the session itself, so sealed, and gone with it. */
export type SessionUse = {
  readonly device?: string
  readonly address: string
  /** ms since 1970. */
  readonly at: number
}

/** Makes the provider's sessions keep their `used`. */
export function keepUse({ Session: sessions }: Provider): void {
  const model = sessions as unknown as { readonly IN_PAYLOAD: readonly string[] }
  Object.defineProperty(sessions, 'IN_PAYLOAD', { value: [...model.IN_PAYLOAD, 'used'] })
}

/** To be called before a session is saved. */
function noteUse(session: Session, ctx: Pick<Context, 'ip' | 'get'>, clock: Clock): void {
  const device = deviceOf(ctx.get('User-Agent'))
  const used: SessionUse = { ...(device && { device }), address: networkOf(ctx.ip), at: clock() }
  Object.assign(session, { used })
}

type Lifetimes = NonNullable<Configuration['ttl']>

/** oidc-provider asks for a session's lifetime right before it saves one: the last place that knows the request. */
export function notingUse({ Session: lifetime, ...others }: Lifetimes, clock: Clock): Lifetimes {
  if (typeof lifetime !== 'function') throw new Error('sessions have no lifetime of their own')
  return {
    ...others,
    Session: function sessionLifetime(ctx, session) {
      if (session.accountId) {
        noteUse(session, ctx, clock)
        noteVersion(session, ctx)
      }
      return lifetime(ctx, session)
    },
  }
}
