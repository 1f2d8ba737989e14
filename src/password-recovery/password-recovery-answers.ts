import type { Account } from '../people/account.ts'

/** As it was typed, whether an account has it or not. */
export type Named = { readonly username: string }

/** 证件号码+手机验证码, or the 密保问题 that the account has set. */
export type Method =
  | { readonly way: 'phone' }
  | {
      readonly way: 'questions'
      readonly account: Pick<Account, 'id' | 'version'>
      /** Their codes, in the order in which they are asked. */
      readonly questions: readonly string[]
    }

/** Whose password may be set: the account as it stood when the person proved who they are. */
export type Proved = Pick<Account, 'id' | 'version' | 'username' | 'phone'> & {
  /** What the new password must not be built from. */
  readonly personal: readonly string[]
}

/** What each step of 找回密码 has found out once it has passed. */
export type PasswordRecovery = {
  readonly username: Named
  readonly method: Method
  readonly phone: Proved
  readonly questions: Proved
  readonly password: Named
}
