import type { Account } from '../people/account.ts'

/** The username as typed; an account with it may not exist. */
export type TypedUsername = { readonly username: string }

/** 证件号码+手机验证码, or the 密保问题 of the account. */
export type RecoveryMethod =
  | { readonly way: 'phone' }
  | {
      readonly way: 'questions'
      readonly account: Pick<Account, 'id' | 'version'>
      /** Codes of the questions, in the order in which the page asks them. */
      readonly questions: readonly string[]
    }

/** The proof that lets a person set the password of an account: the account as it was when the person was verified. */
export type RecoveryProof = Pick<Account, 'id' | 'version' | 'username' | 'phone'> & {
  /** Personal data that the new password must not be built from. */
  readonly personal: readonly string[]
}

/** The answer of each step of 找回密码, by the step's name. */
export type PasswordRecovery = {
  readonly username: TypedUsername
  readonly method: RecoveryMethod
  readonly phone: RecoveryProof
  readonly questions: RecoveryProof
  readonly password: TypedUsername
}
