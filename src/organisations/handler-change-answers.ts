import type { Organisation } from '../people/account.ts'
import type { Claimant } from '../proofs/verify-four-elements.ts'
import type { NewPasswordHash } from './handler-password-step.ts'
import type { HandlerReplaced } from './handler-replacement.ts'

/** The account whose password matched, with its version: any later change of the account invalidates this proof. */
export type UnitAccountProof = Pick<Organisation, 'id' | 'version' | 'username'> & {
  readonly code: string
}

/** The answer of each step of 更换经办人, by the step's name. */
export type HandlerChange = {
  readonly account: UnitAccountProof
  readonly handler: Claimant
  readonly password: NewPasswordHash
  readonly bank: HandlerReplaced
}
