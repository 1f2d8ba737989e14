import type { IdDocument } from '../people/fields/id-document.ts'
import type { Gender } from '../people/fields/id-number.ts'
import type { RegistrationResult } from './registration-bank-step.ts'
import type { LoginDetails } from './registration-login-step.ts'

export type Person = {
  readonly name: string
  readonly document: IdDocument
  readonly gender: Gender
  readonly birthdate: string
}

/** The answer of each step of 用户注册, by the step's name. */
export type Registration = {
  readonly login: LoginDetails
  readonly identity: Person
  readonly bank: RegistrationResult
}
