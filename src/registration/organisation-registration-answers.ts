import type { Unit } from '../people/account.ts'
import type { Claimant } from '../proofs/verify-four-elements.ts'
import type { RegistrationResult } from './registration-bank-step.ts'
import type { LoginDetails } from './registration-login-step.ts'

/** The answer of each step of 单位用户注册, by the step's name. */
export type OrganisationRegistration = {
  readonly login: LoginDetails
  readonly unit: Unit
  /** 经办人; a handler may also have an account as an individual. */
  readonly handler: Claimant
  readonly bank: RegistrationResult
}
