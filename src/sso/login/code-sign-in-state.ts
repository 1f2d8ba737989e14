import type { Account } from '../../people/account.ts'
import type { SmsCodeBinding } from '../../ports/sms-codes.ts'
import type { Context } from '../../web/context.ts'
import type { SignInRequest } from './complete-sign-in.ts'
import type { WaitingInteraction } from './interaction.ts'

/**
 * The typed username, and the account whose password was right; absent for a wrong password or an unknown username, which
 * the pages do not disclose.
 */
export type PasswordTyped = {
  readonly username: string
  readonly account?: Pick<Account, 'id' | 'version' | 'phone'>
}

/** Binds the code to the account's version. */
export const bindingOf = ({ by }: SignInRequest, { account }: PasswordTyped): SmsCodeBinding => ({
  ...{ flow: by, purpose: 'sign-in' },
  phone: account ? `${account.phone} ${account.version}` : 'nobody',
})

/** The part of the account that the state of the sign-in keeps. */
export const provedPart = ({ id, version, phone }: Account) => ({ id, version, phone })

/** A change of the account, of its password for example, invalidates what was typed before. */
export const isSameVersion = ({ id, version }: Account, { account }: PasswordTyped): boolean =>
  account?.id === id && account.version === version

/** A password was typed, and a code was sent if it was right. `at`: ms since 1970. */
export type SentSignInCode = PasswordTyped & { readonly at: number }

/** The state of a sign-in by password and code, which the interaction keeps. */
export type CodeSignInState = {
  readonly username: string
  readonly sent?: SentSignInCode
  /** Another code needs a captcha, which the page of the password has. */
  readonly asksCaptcha?: true
}

/** Stores the state, or drops it, and redirects to the page that it leads to. */
export type KeepState = (
  ctx: Context,
  found: WaitingInteraction,
  state: CodeSignInState | undefined,
) => Promise<void>

export const stateKey = 'codeSignIn'

export const keptIn = ({ interaction }: WaitingInteraction): CodeSignInState | undefined =>
  interaction.result?.[stateKey] as CodeSignInState | undefined

export const requestOf = ({ interaction, client }: WaitingInteraction): SignInRequest => ({
  clientId: client.clientId,
  by: interaction.uid,
})
