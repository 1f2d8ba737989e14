import type { Unit } from '../people/account.ts'
import type { Claimant } from '../proofs/four-elements.ts'
import type { Registered } from './registration-bank-step.ts'
import type { Login } from './registration-login-step.ts'

/** What each step of 单位用户注册 has found out once it has passed. */
export type OrganisationRegistration = {
  readonly login: Login
  readonly unit: Unit
  /** 经办人; whether they have an account of their own nobody asks. */
  readonly handler: Claimant
  readonly bank: Registered
}
