import type { KoaContextWithOIDC, Session } from 'oidc-provider'
import { networkOf } from '../../people/network.ts'
import type { Clock } from '../../ports/clock.ts'
import { deviceOf } from './user-agent.ts'

/** Where a session was last used. It is a field of the session, so that it is encrypted with it and ends with it. */
export type SessionUse = {
  readonly device?: string
  readonly address: string
  /** ms since 1970. */
  readonly at: number
}

/** To be called before a session is saved. */
export function noteUse(session: Session, ctx: KoaContextWithOIDC, clock: Clock): void {
  const device = deviceOf(ctx.get('User-Agent'))
  const used: SessionUse = { ...(device && { device }), address: networkOf(ctx.ip), at: clock() }
  Object.assign(session, { used })
}
