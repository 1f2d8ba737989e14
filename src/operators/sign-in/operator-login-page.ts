import { compact } from '../../people/fields/typed-text.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { CaptchaPage } from '../../proofs/captcha-risk.ts'
import { captchaRequired, checkCaptcha } from '../../proofs/check-captcha.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { captchaOnPage } from '../../web/page/captcha-on-page.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { checkOperatorPassword, operatorSignInForm } from './operator-password.ts'
import type { OperatorSignInPorts, PendingSignIn } from './operator-sign-in-ports.ts'
import { passkeyForm } from './passkey-form.ts'
import { newChallenge, type pendingState } from './pending-sign-in.ts'

/** 操作员登录: username, password and captcha. */
export function operatorLoginPage(
  router: ConsoleRouter,
  pending: ReturnType<typeof pendingState<PendingSignIn>>,
  ports: OperatorSignInPorts,
  show: Show,
) {
  async function page(ctx: Context, refusals: readonly Refusal[] = [], more: object = {}) {
    const typed = ctx.state.typed ?? {}
    const kept = typed['action'] === 'captcha' ? undefined : typed['captchaId']
    const captcha = await captchaOnPage(typed, kept, captchaPageOf(ctx), ports)
    show('console/login', {
      title: 'operatorLogin.title',
      formAction: '/login',
      typed: { username: typed['username']?.slice(0, 64), to: wantedPage(ctx) },
      notice: notices.find((which) => which === ctx.query['notice']),
      ...{ captcha, refusals, ...more },
    })(ctx)
  }

  router.open('GET /login', (ctx) => page(ctx))

  router.open('POST /login', async (ctx) => {
    const { typed } = ctx.state
    const pressed = typed['action'] ?? 'next'
    if (pressed !== 'next') return page(ctx)
    const form = operatorSignInForm.safeParse(typed)
    if (!form.success) {
      const empty = compact(typed['captcha'] ?? '') ? [] : [captchaRequired]
      return page(ctx, [...refusalsOf(form.error.issues), ...empty])
    }
    const passed = await checkCaptcha(typed['captchaId'], typed, captchaPageOf(ctx), ports)
    if ('code' in passed) return page(ctx, [passed])
    const { username } = form.data
    const checked = await checkOperatorPassword(form.data, visitorOf(ctx, false).address, ports)
    if (checked.verdict === 'wrong') return page(ctx, [refuse('form', 'operatorLogin.wrong')])
    const state: PendingSignIn = {
      username,
      ...(checked.operator && {
        operatorId: checked.operator.id,
        resets: checked.operator.resets,
      }),
      rests: checked.verdict === 'rests',
      challenge: newChallenge(),
      to: wantedPage(ctx),
    }
    await pending.begin(ctx, state)
    if (checked.verdict === 'right') return seeOther(ctx, '/login/factor')
    // A passkey cannot be guessed, so it is never rested. The form is the same for every name.
    const rested = refuse('form', 'operatorLogin.rested', { status: 429, retryAfter: checked.wait })
    return page(ctx, [rested], { passkey: await passkeyForm(state, ports) })
  })
}

/** The page as its captcha knows it. */
const captchaPageOf = (ctx: Context): CaptchaPage => ({
  purpose: `operator-login/${ctx.state.browser}`,
  address: visitorOf(ctx, false).address,
  flow: ctx.state.browser,
  name: ctx.state.typed?.['username'],
})

const notices = ['ended', 'expired'] as const

/** The page that was asked for before the sign-in: a path of the console. */
const wantedPage = (ctx: Context): string => {
  const wanted = ctx.state.typed?.['to'] ?? ctx.query['to']
  return typeof wanted === 'string' && /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}
