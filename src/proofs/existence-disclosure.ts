import type { Policy } from '../../config/policy.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Limits } from '../ports/limits.ts'
import { addressAllowances, addressRefusal, limitRefusal } from './attempt-limits.ts'

export type ExistencePorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'existence'>
}

/**
 * A page that refuses what is known already: a username, an ID document. `undefined`: it is not known.
 */
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
 * A page that tells by what it does whether a username or an ID document is known. Each time it tells so is counted
 * (`existenceHit`) for the flow and the address; above their limits every further try owes a new captcha, or waits.
 * `undefined`: it is not known.
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
      ? refuse('captcha', 'captcha.needed')
      : await addressRefusal(visitor, 'existence', existence.perAddress, limits)
  if (owed) return { refused: owed }
  const known = await find()
  if (known === undefined) return undefined
  const taken = await limits.take(addressAllowances(visitor, 'existence', existence.perAddress))
  if (taken.ok) return { known }
  // The flow counts this hit.
  const { notCounted: _, ...refused } = limitRefusal(taken)
  return { refused, existenceHit: true }
}
