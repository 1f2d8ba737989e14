import type { PasswordRules } from '../../people/fields/password.ts'
import type { Invitation } from '../../people/operator.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Flows } from '../../ports/flows.ts'
import type { Invitations } from '../../ports/operators/invitations.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Passwords } from '../../ports/passwords.ts'
import type { PasskeyParty } from '../factors/passkeys.ts'

export type EnrolmentPorts = {
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
  readonly flows: Flows
  readonly invitations: Invitations
  readonly operators: Operators
  readonly passkeyParty: PasskeyParty
  readonly passwordRules: PasswordRules
  readonly passwords: Passwords
}

/** An operator who is being set up: after 设置操作员账号, and after 设置第二因素. */
export type EnrolmentState =
  | {
      readonly at: 'factor'
      readonly id: string
      readonly invitation: Invitation
      readonly token: string
      readonly username: string
      readonly passwordHash: string
      readonly totpSecret: string
      /** The challenge of a passkey in base64url. */
      readonly challenge: string
    }
  | { readonly at: 'codes'; readonly recoveryCodes: readonly string[] }

/** The stepper of the four pages. */
export const enrolmentStepper = (at: number) => ({
  flowTitle: 'enrolment.flow',
  stepper: {
    titles: [
      'enrolment.account.title',
      'enrolment.factor.title',
      'enrolment.codes.title',
      'enrolment.done.title',
    ],
    at,
  },
})
