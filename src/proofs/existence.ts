import type { Policy } from '../../config/policy.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Limits } from '../ports/limits.ts'
import { addressAllowance, addressBlocked, tooMany } from './limits.ts'
import type { Visitor } from './visitor.ts'

export type ExistencePorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'existence'>
}

/**
 * A page that tells whether a username or an ID document is known. Each time it tells so is counted (`existenceHit`)
 * for the flow and the address; above their limits every further try owes a new captcha, or waits.
 * `undefined`: it is not known.
 */
export async function refuseIfKnown(
  isKnown: () => Promise<boolean>,
  known: Refusal,
  hitsOfFlow: number,
  visitor: Visitor,
  { limits, policy: { existence } }: ExistencePorts,
): Promise<{ readonly refused: Refusal; readonly existenceHit?: true } | undefined> {
  const owed =
    hitsOfFlow >= existence.perFlow && !visitor.freshCaptcha
      ? refuse('captcha', 'captcha.needed')
      : await addressBlocked(visitor, 'existence', existence.perAddress, limits)
  if (owed) return { refused: owed }
  if (!(await isKnown())) return undefined
  const taken = await limits.take([addressAllowance(visitor, 'existence', existence.perAddress)])
  return { refused: taken.ok ? known : tooMany(taken.retryAfter), existenceHit: true }
}
