import type { Policy } from '../../config/policy.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Limits } from '../ports/limits.ts'
import { addressAllowance, addressBlocked, tooMany } from './limits.ts'
import type { Visitor } from './visitor.ts'

export type ExistencePorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'existence'>
}

/** Before a page tells whether a username or an ID is known: what is owed first, a captcha or a wait. */
export async function existenceGate(
  hitsOfFlow: number,
  visitor: Visitor,
  { limits, policy: { existence } }: ExistencePorts,
): Promise<Refusal | undefined> {
  if (hitsOfFlow >= existence.perFlow && !visitor.freshCaptcha)
    return refuse('captcha', 'captcha.needed')
  return addressBlocked(visitor, 'existence', existence.perAddress, limits)
}

/** Counts that a page told so; the refusal when the address has heard it far too often. */
export async function countExistenceHit(
  visitor: Visitor,
  { limits, policy: { existence } }: ExistencePorts,
): Promise<Refusal | undefined> {
  const allowance = addressAllowance(visitor, 'existence', existence.perAddress)
  const taken = await limits.take([allowance])
  return taken.ok ? undefined : tooMany(taken.retryAfter)
}
