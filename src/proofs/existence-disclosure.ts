import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Refusal } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Limits } from '../ports/limits.ts'
import { addressAllowances, addressRefusal, captchaNeeded, limitRefusal } from './attempt-limits.ts'

export type ExistencePorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'existence'>
}

/** Refuses a username or an ID document that is taken, within the limits of `discloseIfExists`. */
export async function refuseIfExists(
  isKnown: () => Promise<boolean>,
  known: Refusal,
  hitsOfFlow: number,
  visitor: Visitor,
  ports: ExistencePorts,
): Promise<{ readonly refused: Refusal; readonly existenceHit?: true } | undefined> {
  const find = async () => (await isKnown()) || undefined
  const told = await discloseIfExists(find, hitsOfFlow, visitor, ports)
  return told && 'known' in told ? { refused: known, existenceHit: true } : told
}

/**
 * Finds a record on a page whose behaviour discloses whether a username or an ID document exists. Each disclosure is
 * counted (`existenceHit`) for the flow and the address; above their limits, every further attempt needs a new captcha,
 * or has to wait. Returns undefined if there is no record.
 */
export async function discloseIfExists<Known>(
  find: () => Promise<Known | undefined>,
  hitsOfFlow: number,
  visitor: Visitor,
  { limits, policy: { existence } }: ExistencePorts,
): Promise<
  | { readonly known: Known }
  | { readonly refused: Refusal; readonly existenceHit?: true }
  | undefined
> {
  const owed =
    hitsOfFlow >= existence.perFlow && !visitor.freshCaptcha
      ? captchaNeeded
      : await addressRefusal(visitor, 'existence', existence.perAddress, limits)
  if (owed) return { refused: owed }
  const known = await find()
  if (known === undefined) return undefined
  const taken = await limits.take(addressAllowances(visitor, 'existence', existence.perAddress))
  if (taken.ok) return { known }
  // The flow counts this hit, so the page must not say that the attempt did not count.
  const { notCounted: _, ...refused } = limitRefusal([taken])
  return { refused, existenceHit: true }
}
