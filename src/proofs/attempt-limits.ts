import { widerNetworksOf } from '../people/network.ts'
import { longWait, type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Allowance, Limits, Remaining, Taken } from '../ports/limits.ts'
import { limitSentences, waysLeft } from './limit-sentences.ts'

/**
 * Above `count` an hour a school or a carrier may share the address: a new captcha each; above `most` an attack. The
 * networks around it have these counts so many times.
 */
export type AddressRule = {
  readonly count: number
  readonly most: number
  readonly window: number
  readonly times: { readonly network: number; readonly site: number }
}

type Counted = Extract<Taken, { ok: true }>

/**
 * Counts one act in the given allowances, in the visitor's address and in the networks around it.
 * Refuses with 429 and the time to come back, or asks for a captcha (`captcha.needed`); then nothing was counted.
 */
export async function takeAttempt(
  visitor: Visitor,
  act: string,
  address: AddressRule,
  allowances: readonly Allowance[],
  limits: Limits,
): Promise<Counted | Refusal> {
  const blocked = await addressRefusal(visitor, act, address, limits)
  if (blocked) return blocked
  const all = [...allowances, ...addressAllowances(visitor, act, address)]
  const taken = await limits.take(all)
  return taken.ok ? taken : limitRefusal(taken, spentNames(await limits.left(all)))
}

/** What the address or a network around it owes before the act may be done: nothing, or a new captcha. */
export async function addressRefusal(
  visitor: Visitor,
  act: string,
  rule: AddressRule,
  limits: Limits,
): Promise<Refusal | undefined> {
  if (visitor.freshCaptcha) return undefined
  const free = addressAllowances(visitor, act, { ...rule, most: rule.count })
  const left = await limits.left(free)
  return left.some((each) => each.left === 0) ? refuse('captcha', 'captcha.needed') : undefined
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

/** 429: which limit was reached, when to come back, and what still works beside all that are used up. */
export function limitRefusal(
  { name, retryAfter }: Extract<Taken, { ok: false }>,
  spent: readonly string[] = [name],
): Refusal {
  const ways = retryAfter < longWait ? [] : waysLeft(spent.length ? spent : [name])
  return refuse('form', limitSentences(name).reached, {
    status: 429,
    retryAfter,
    notCounted: true,
    ...(ways.length && { notes: ways.map((code) => ({ code })) }),
  })
}

/** The names of the allowances that are used up. */
export const spentNames = (each: readonly Remaining[]): readonly string[] =>
  each.filter(({ left }) => left === 0).map(({ name }) => name)
