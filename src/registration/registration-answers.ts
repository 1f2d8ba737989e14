import type { IdDocument } from '../people/fields/id-document.ts'
import type { Gender } from '../people/fields/id-number.ts'
import type { Registered } from './registration-bank-step.ts'
import type { Login } from './registration-login-step.ts'

export type Person = {
  readonly name: string
  readonly document: IdDocument
  readonly gender: Gender
  readonly birthdate: string
}

/** What each step of 用户注册 has found out once it has passed. */
export type Registration = {
  readonly login: Login
  readonly identity: Person
  readonly bank: Registered
}
