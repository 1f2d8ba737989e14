import type { Organisation } from '../people/account.ts'
import type { Claimant } from '../proofs/four-elements.ts'
import type { NewPassword } from './handler-password-step.ts'
import type { HandedOver } from './handler-replacement.ts'

/** Whose password was right, as it stood then: any change since makes that worth nothing. */
export type Held = Pick<Organisation, 'id' | 'version' | 'username'> & { readonly code: string }

/** What each step of 更换经办人 has found out once it has passed. */
export type HandlerChange = {
  readonly account: Held
  readonly handler: Claimant
  readonly password: NewPassword
  readonly bank: HandedOver
}
