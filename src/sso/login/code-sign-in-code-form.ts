import * as z from 'zod'
import type { Refusal } from '../../people/refusal.ts'
import { smsCode } from '../../proofs/sms-code.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { refusedInOutage } from '../../web/http/refused-in-outage.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { type CodeSignInPorts, repeatSignInCode, signInWithCode } from './code-sign-in.ts'
import type { PasswordFormPorts } from './code-sign-in-password-form.ts'
import { type KeepState, requestOf, type SentSignInCode } from './code-sign-in-state.ts'
import type { SignedInAccount } from './complete-sign-in.ts'
import type { WaitingInteraction } from './interaction.ts'
import type { PromptActions } from './prompt-page.ts'

const form = z.object({ smsCode })

/** The second page of a sign-in by password and code: 短信验证码. */
export function codeForm(
  { page, fileRefusal }: PromptActions,
  keep: KeepState,
  ports: CodeSignInPorts & PasswordFormPorts,
) {
  const { cases, clock, policy } = ports

  function show(
    ctx: Context,
    found: WaitingInteraction,
    { username, at }: SentSignInCode,
    refusals: readonly Refusal[] = [],
  ) {
    const again = Math.max(0, Math.ceil(policy.smsCode.pause - (clock() - at) / 1000))
    page(ctx, found, 'sso/code-sign-in/code', 'login.byCode.title', {
      ...{ username, refusals, typed: {} },
      sent: { isForTyped: true, again },
    })
  }

  async function sendAgain(ctx: Context, found: WaitingInteraction, sent: SentSignInCode) {
    const work = repeatSignInCode(sent, visitorOf(ctx, false), requestOf(found), ports)
    const outcome = await refusedInOutage(work, ctx)
    const { username } = sent
    if (outcome === 'sent') return keep(ctx, found, { username, sent: { ...sent, at: clock() } })
    // An address that needs a captcha types the password again, beside a captcha.
    if (outcome.field === 'captcha') return keep(ctx, found, { username, asksCaptcha: true })
    return show(ctx, found, sent, [await fileRefusal(found, outcome, cases)])
  }

  /** Returns the account once the code was right; otherwise the response is complete. */
  async function submit(
    ctx: Context,
    found: WaitingInteraction,
    sent: SentSignInCode,
  ): Promise<SignedInAccount | undefined> {
    const { typed } = ctx.state
    if (typed['action'] === 'send') {
      await sendAgain(ctx, found, sent)
      return undefined
    }
    if ((typed['action'] ?? 'next') !== 'next') return ctx.throw(400)
    const parsed = form.safeParse(typed)
    const outcome = parsed.success
      ? await refusedInOutage(
          signInWithCode(parsed.data.smsCode, sent, visitorOf(ctx, false), requestOf(found), ports),
          ctx,
        )
      : refusalsOf(parsed.error.issues)
    if ('account' in outcome) return outcome
    show(ctx, found, sent, 'code' in outcome ? [outcome] : outcome)
    return undefined
  }

  return { show, submit }
}
