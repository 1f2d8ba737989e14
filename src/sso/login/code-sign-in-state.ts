import type { Context } from '../../web/context.ts'
import type { PasswordTyped } from './code-sign-in.ts'
import type { SignInRequest } from './complete-sign-in.ts'
import type { WaitingInteraction } from './interaction.ts'

/** A password was typed, and a code was sent if it was right. `at`: ms since 1970. */
export type SentSignInCode = PasswordTyped & { readonly at: number }

/** The state of a sign-in by password and code, which the interaction keeps. */
export type CodeSignInState = { readonly username: string; readonly sent?: SentSignInCode }

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
