import { widerNetworksOf } from '../people/network.ts'
import { longWait, type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Allowance, Limits, Remaining, Taken } from '../ports/limits.ts'
import { isLiftedByCaptcha, limitSentences, waysLeft } from './limit-sentences.ts'

/**
 * A school or a carrier may share an address: more than `count` attempts per window need a captcha each, more than
 * `most` are taken for an attack. The networks around the address have multiples of these counts.
 */
export type AddressRule = {
  readonly count: number
  readonly most: number
  readonly window: number
  readonly times: { readonly network: number; readonly site: number }
}

type Counted = Extract<Taken, { ok: true }>

/**
 * Counts one attempt in the given allowances, for the visitor's address and for the networks around it. A refusal (429
 * with the time of the next attempt, or `captcha.needed`) counts nothing.
 */
export async function takeAttempt(
  visitor: Visitor,
  act: string,
  address: AddressRule,
  allowances: readonly Allowance[],
  limits: Limits,
): Promise<Counted | Refusal> {
  return takeFirst(visitor, act, address, [allowances], limits)
}

/**
 * Counts one attempt in the first of several lists of allowances that have one left, as `takeAttempt` does. `at`: the
 * index of that list. The refusal is that of the list that has one left soonest.
 */
export async function takeFirst(
  visitor: Visitor,
  act: string,
  address: AddressRule,
  lists: readonly (readonly Allowance[])[],
  limits: Limits,
): Promise<(Counted & { readonly at: number }) | Refusal> {
  const blocked = await addressRefusal(visitor, act, address, limits)
  if (blocked) return blocked
  const refusals: Refusal[] = []
  for (const [at, allowances] of lists.entries()) {
    const all = [...allowances, ...addressAllowances(visitor, act, address)]
    const taken = await limits.take(all)
    if (taken.ok) return { ...taken, at }
    const spent = spentOf(await limits.left(all))
    // Another request may have given an attempt back since.
    refusals.push(limitRefusal(spent.length ? spent : [taken]))
  }
  return soonest(refusals)
}

/** The refusal after which a retry succeeds first. One that only needs a captcha is the soonest. */
export const soonest = (refusals: readonly Refusal[]): Refusal =>
  refusals.reduce((first, other) =>
    (other.retryAfter ?? 0) < (first.retryAfter ?? 0) ? other : first,
  )

/** The refusal `captcha.needed` if the address or a network around it has made too many attempts without a captcha. */
export async function addressRefusal(
  visitor: Visitor,
  act: string,
  rule: AddressRule,
  limits: Limits,
): Promise<Refusal | undefined> {
  if (visitor.freshCaptcha) return undefined
  const free = addressAllowances(visitor, act, { ...rule, most: rule.count })
  const left = await limits.left(free)
  return left.some((each) => each.left === 0) ? captchaNeeded : undefined
}

/** One allowance for the visitor's address and one for each network around it. */
export const addressAllowances = (
  { address }: Visitor,
  act: string,
  { most, window, times }: AddressRule,
): readonly Allowance[] => [
  { name: `${act}.address`, subject: address, count: most, window },
  ...widerNetworksOf(address).map(({ kind, prefix }) => ({
    ...{ name: `${act}.${kind}`, subject: prefix },
    ...{ count: most * times[kind], window },
  })),
]

/** The refusal of an attempt that needs a captcha of its own. */
export const captchaNeeded: Refusal = refuse('captcha', 'captcha.needed')

/** The same for a captcha of the hardest level. */
export const hardestCaptchaNeeded: Refusal = refuse('captcha', 'captcha.hardest')

/**
 * The refusal with status 429: the limit, the time of the next attempt, and a way that no used-up limit closes. Of several
 * limits it names the one that lasts longest, so that a retry then succeeds, or a captcha if that lifts all of them.
 */
export function limitRefusal(spent: readonly Pick<Remaining, 'name' | 'retryAfter'>[]): Refusal {
  const lasting = spent.filter(({ name }) => !isLiftedByCaptcha(name))
  const [longest] = lasting.toSorted((one, other) => other.retryAfter - one.retryAfter)
  if (!longest) return hardestCaptchaNeeded
  const { name, retryAfter } = longest
  const ways = retryAfter < longWait ? [] : waysLeft(lasting.map((each) => each.name))
  return refuse('form', limitSentences(name).reached, {
    status: 429,
    retryAfter,
    notCounted: true,
    ...(ways.length && { notes: ways.map((code) => ({ code })) }),
  })
}

/** The allowances that are used up. */
export const spentOf = (each: readonly Remaining[]): readonly Remaining[] =>
  each.filter(({ left }) => left === 0)
