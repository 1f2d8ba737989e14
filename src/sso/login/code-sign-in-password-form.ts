import { compact } from '../../people/fields/typed-text.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Clock } from '../../ports/clock.ts'
import { type CaptchaPorts, captchaRequired, checkCaptcha } from '../../proofs/check-captcha.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { refusedInOutage } from '../../web/http/refused-in-outage.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { captchaOnPage } from '../../web/page/captcha-on-page.ts'
import { type CodeSignInPorts, requestSignInCode } from './code-sign-in.ts'
import { type CodeSignInState, type KeepState, requestOf } from './code-sign-in-state.ts'
import type { WaitingInteraction } from './interaction.ts'
import { loginCaptcha } from './login-captcha.ts'
import { signInForm } from './password-sign-in.ts'
import type { PromptActions } from './prompt-page.ts'

export type PasswordFormPorts = CaptchaPorts & { readonly cases: Cases; readonly clock: Clock }

/** The first page of a sign-in by password and code: 用户名, 密码 and 验证码. It always leads to the second one. */
export function passwordForm(
  { page, fileRefusal }: PromptActions,
  keep: KeepState,
  ports: CodeSignInPorts & PasswordFormPorts,
) {
  const { cases, clock } = ports

  async function show(
    ctx: Context,
    found: WaitingInteraction,
    { username, asksCaptcha }: CodeSignInState,
    refusals: readonly Refusal[] = [],
    captchaId?: string,
  ) {
    const typed = ctx.state.typed ?? {}
    const shown = loginCaptcha(ctx, found, 'code-sign-in')
    // The page knows the username before it is typed here.
    const captcha = await captchaOnPage(typed, captchaId, { ...shown, name: username }, ports)
    page(ctx, found, 'sso/code-sign-in/password', 'login.byCode.title', {
      ...{ captcha, refusals },
      notice: asksCaptcha && 'login.byCode.captchaFirst',
      typed: { username: username.slice(0, 200) },
    })
  }

  async function submit(ctx: Context, found: WaitingInteraction) {
    const { typed } = ctx.state
    const { action = 'next', captcha = '', captchaId, username = '' } = typed
    const again = (refusals: readonly Refusal[] = [], id?: string) =>
      show(ctx, found, { username }, refusals, id)
    if (action === 'captcha') return again()
    if (action === 'listen') return again([], captchaId)
    if (action !== 'next') return ctx.throw(400)
    const form = signInForm.safeParse(typed)
    if (!form.success) {
      const empty = compact(captcha) ? [] : [captchaRequired]
      return again([...refusalsOf(form.error.issues), ...empty], captchaId)
    }
    const page = loginCaptcha(ctx, found, 'code-sign-in')
    const checked = await checkCaptcha(captchaId, typed, page, ports)
    if ('code' in checked) return again([checked], captchaId)
    const visitor = visitorOf(ctx, checked.level)
    const work = requestSignInCode(form.data, visitor, requestOf(found), ports)
    const sent = await refusedInOutage(work, ctx)
    if ('code' in sent) return again([await fileRefusal(found, sent, cases)])
    return keep(ctx, found, { username: sent.username, sent: { ...sent, at: clock() } })
  }

  return { show, submit }
}
