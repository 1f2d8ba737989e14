import { type Refusal, refuse } from '../people/refusal.ts'
import type { Allowance, Limits, Taken } from '../ports/limits.ts'
import type { Visitor } from './visitor.ts'

/** Above `count` an hour a school or a carrier may share the address: a new captcha each; above `most` an attack. */
export type AddressRule = {
  readonly count: number
  readonly most: number
  readonly window: number
}

type Counted = Extract<Taken, { ok: true }>

/**
 * Counts one act in the given allowances and in the visitor's address.
 * Refuses with 429 and the time to come back, or asks for a captcha (`captcha.needed`); then nothing was counted.
 */
export async function takeFor(
  visitor: Visitor,
  act: string,
  address: AddressRule,
  allowances: readonly Allowance[],
  limits: Limits,
): Promise<Counted | Refusal> {
  const blocked = await addressBlocked(visitor, act, address, limits)
  if (blocked) return blocked
  const taken = await limits.take([...allowances, addressAllowance(visitor, act, address)])
  return taken.ok ? taken : tooMany(taken.retryAfter)
}

/** What the address owes before the act may be done: nothing, a new captcha, or a wait. */
export async function addressBlocked(
  visitor: Visitor,
  act: string,
  rule: AddressRule,
  limits: Limits,
): Promise<Refusal | undefined> {
  if (visitor.freshCaptcha) return undefined
  const counted = await limits.counted(addressAllowance(visitor, act, rule))
  return counted >= rule.count ? refuse('captcha', 'captcha.needed') : undefined
}

export const addressAllowance = (visitor: Visitor, act: string, rule: AddressRule): Allowance => ({
  name: `${act}.address`,
  subject: visitor.address,
  count: rule.most,
  window: rule.window,
})

/** 429 with a sentence in the unit that people count in. */
export function tooMany(retryAfter: number, field = 'form'): Refusal {
  const more = { status: 429, retryAfter } as const
  if (retryAfter < 120)
    return refuse(field, 'limit.seconds', { ...more, params: { seconds: retryAfter } })
  const minutes = Math.ceil(retryAfter / 60)
  if (minutes < 120) return refuse(field, 'limit.minutes', { ...more, params: { minutes } })
  return refuse(field, 'limit.hours', { ...more, params: { hours: Math.ceil(minutes / 60) } })
}
