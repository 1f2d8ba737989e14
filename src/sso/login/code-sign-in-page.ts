import type { Context } from '../../web/context.ts'
import type { CodeSignInPorts } from './code-sign-in.ts'
import { codeForm } from './code-sign-in-code-form.ts'
import { type PasswordFormPorts, passwordForm } from './code-sign-in-password-form.ts'
import { type CodeSignInState, keptIn, stateKey } from './code-sign-in-state.ts'
import type { SignedInAccount } from './complete-sign-in.ts'
import type { WaitingInteraction } from './interaction.ts'
import type { PromptActions } from './prompt-page.ts'

export type CodeSignInPagePorts = CodeSignInPorts & PasswordFormPorts

/**
 * Signing in by password and SMS code: the way through the wait after wrong passwords (decision 0226). One page asks for
 * the password, the next one for the code. Both look alike for every username and every password.
 */
export function codeSignInPage(shared: PromptActions, ports: CodeSignInPagePorts) {
  const keep = (ctx: Context, found: WaitingInteraction, state: CodeSignInState | undefined) =>
    shared.keep(ctx, found, { [stateKey]: state })
  const password = passwordForm(shared, keep, ports)
  const code = codeForm(shared, keep, ports)

  return {
    isChosen: (found: WaitingInteraction) => keptIn(found) !== undefined,

    choose: (ctx: Context, found: WaitingInteraction, username: string) =>
      keep(ctx, found, { username: username.slice(0, 200) }),

    show(ctx: Context, found: WaitingInteraction) {
      const state = keptIn(found) ?? { username: '' }
      return state.sent ? code.show(ctx, found, state.sent) : password.show(ctx, found, state)
    },

    /** Handles a form. Returns the account once the code was right; otherwise the response is complete. */
    async submit(ctx: Context, found: WaitingInteraction): Promise<SignedInAccount | undefined> {
      const { sent, username } = keptIn(found) ?? { username: '' }
      if (ctx.state.typed['action'] === 'back') {
        // From the code to the password, and from there to 登录.
        await keep(ctx, found, sent ? { username } : undefined)
        return undefined
      }
      if (sent) return code.submit(ctx, found, sent)
      await password.submit(ctx, found)
      return undefined
    },
  }
}
