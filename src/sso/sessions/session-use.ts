import { isDeepStrictEqual } from 'node:util'
import type { AdapterPayload, KoaContextWithOIDC, Session } from 'oidc-provider'
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

/** The time of the last use is stored at most so often, in ms. */
const precision = 60_000

/**
 * Whether a session is as it was read, but for the time of its last use within the last minute, so that it need not be
 * stored. Its end is then a minute earlier at most.
 */
export function isUsedNoFurther(
  session: AdapterPayload,
  read: AdapterPayload | undefined,
): boolean {
  const [now, before] = [useOf(session), useOf(read)]
  if (!read || !now || !before) return false
  const passed = now.at - before.at
  if (passed < 0 || passed >= precision) return false
  const { exp: _end, ...present } = JSON.parse(
    JSON.stringify({ ...session, used: { ...now, at: 0 } }),
  )
  const { exp: _endBefore, ...stored } = { ...read, used: { ...before, at: 0 } }
  return isDeepStrictEqual(present, stored)
}

const useOf = (session: AdapterPayload | undefined) => session?.['used'] as SessionUse | undefined

/** To be called before a session is saved. */
export function noteUse(session: Session, ctx: KoaContextWithOIDC, clock: Clock): void {
  const device = deviceOf(ctx.get('User-Agent'))
  const used: SessionUse = { ...(device && { device }), address: networkOf(ctx.ip), at: clock() }
  Object.assign(session, { used })
}
