import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Flows } from '../../ports/flows.ts'
import type { Alerts } from '../../ports/operators/alerts.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { SignInTries } from '../../ports/operators/sign-in-tries.ts'
import type { Passwords } from '../../ports/passwords.ts'
import type { CaptchaPorts } from '../../proofs/check-captcha.ts'
import type { PasskeyParty } from '../factors/passkeys.ts'

export type OperatorSignInPorts = CaptchaPorts & {
  readonly alerts: Pick<Alerts, 'raise'>
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
  readonly flows: Flows
  readonly operators: Operators
  readonly passkeyParty: PasskeyParty
  readonly passwords: Passwords
  readonly policy: CaptchaPorts['policy'] & Pick<Policy, 'operators'>
  readonly signInTries: SignInTries
  /** Derives invented passkey ids for names that have none. */
  readonly secret: string
}

/** A sign-in after its first page. */
export type PendingSignIn = {
  readonly username: string
  /** Absent if the password was wrong, or there is no such operator. */
  readonly operatorId?: string
  /** The operator's resets when the password was compared. */
  readonly resets?: number
  /** The name rests, so only a passkey is accepted. */
  readonly rests: boolean
  /** The challenge of a passkey in base64url. */
  readonly challenge: string
  /** The page that was asked for. */
  readonly to: string
}
