import { acr, amr, type Level } from '../../../config/acr.ts'
import type { Account } from '../../people/account.ts'
import { compact } from '../../people/fields/typed-text.ts'
import { frozenRefusal } from '../../people/frozen-account.ts'
import type { Refusal } from '../../people/refusal.ts'
import { captchaRequired, checkCaptcha } from '../../proofs/check-captcha.ts'
import type { Context, WebState } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { refusedInOutage } from '../../web/http/refused-in-outage.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { captchaOnPage } from '../../web/page/captcha-on-page.ts'
import { type RealNameSignInPorts, realNameSignIn } from '../real-name/real-name-sign-in.ts'
import { type CodeSignInPagePorts, codeSignInPage } from './code-sign-in-page.ts'
import { requestOf } from './code-sign-in-state.ts'
import { completeSignIn, type SignedInAccount } from './complete-sign-in.ts'
import type { WaitingInteraction } from './interaction.ts'
import { loginCaptcha } from './login-captcha.ts'
import { signInForm, signInWithPassword } from './password-sign-in.ts'
import type { PromptActions, PromptPage } from './prompt-page.ts'

export type LoginPorts = CodeSignInPagePorts & RealNameSignInPorts

/** 登录: for the prompt `login`, and for prompts that end in a login. */
export function loginPage(shared: PromptActions, ports: LoginPorts): PromptPage {
  const { page, finish, fileRefusal } = shared
  const byCode = codeSignInPage(shared, ports)
  const realName = realNameSignIn(shared, ports)

  /**
   * Shows the page.
   * @param captchaId keeps the captcha of the page, for reading it aloud; without it a new one is drawn
   */
  async function show(
    ctx: Context,
    found: WaitingInteraction,
    typed: WebState['typed'],
    refusals: readonly Refusal[] = [],
    captchaId?: string,
  ) {
    const captcha = await captchaOnPage(typed, captchaId, loginCaptcha(ctx, found), ports)
    page(ctx, found, 'sso/login', 'login.title', {
      typed: { username: typed['username']?.slice(0, 200) },
      notice: wrongAccountSignedIn(found) ? 'login.sameAccount' : undefined,
      captcha,
      refusals,
    })
  }

  async function submit(ctx: Context, found: WaitingInteraction) {
    const { typed } = ctx.state
    const pressed = typed['action'] ?? 'next'
    if (byCode.isChosen(found)) {
      const entered = await byCode.submit(ctx, found)
      return entered && enter(ctx, found, entered, 'sms')
    }
    if (pressed === 'byCode') return byCode.choose(ctx, found, typed['username'] ?? '')
    if (pressed === 'captcha') return show(ctx, found, typed)
    if (pressed === 'listen') return show(ctx, found, typed, [], typed['captchaId'])
    if (pressed === 'cancel') return cancel(ctx, found)
    if (pressed !== 'next') return ctx.throw(400)
    const form = signInForm.safeParse(typed)
    if (!form.success) {
      const empty = compact(typed['captcha'] ?? '') ? [] : [captchaRequired]
      const problems = [...refusalsOf(form.error.issues), ...empty]
      return show(ctx, found, typed, problems, typed['captchaId'])
    }
    const checked = await checkCaptcha(typed['captchaId'], typed, loginCaptcha(ctx, found), ports)
    if ('code' in checked) return show(ctx, found, typed, [checked], typed['captchaId'])
    const visitor = visitorOf(ctx, checked.level)
    const signIn = signInWithPassword(form.data, visitor, requestOf(found), ports)
    const entered = await refusedInOutage(signIn, ctx)
    if ('code' in entered)
      return show(ctx, found, typed, [await fileRefusal(found, entered, ports.cases)])
    if ('unproved' in entered) return realName.begin(ctx, found, entered.unproved)
    return enter(ctx, found, entered, 'password')
  }

  async function enter(
    ctx: Context,
    found: WaitingInteraction,
    { account, isClosingCancelled }: SignedInAccount,
    level: Level,
  ) {
    ctx.state.device.remember(account.id)
    const { name } = found.interaction.prompt
    // A sign-in also selects an account.
    const chosen = name === 'select_account' ? { [name]: {} } : {}
    await finish(ctx, found, { ...chosen, login: loginResult(account, level) })
    if (isClosingCancelled) showClosingCancelled(ctx, found)
  }

  /** The end of a login that 实名认证 interrupted. */
  async function enterProved(
    ctx: Context,
    found: WaitingInteraction,
    { account, level }: NonNullable<Awaited<ReturnType<typeof realName.finished>>>,
  ) {
    const { address } = visitorOf(ctx, false)
    const entered = await completeSignIn(account, requestOf(found), address, ports)
    if (!entered) return show(ctx, found, {})
    if (entered === 'frozen') return show(ctx, found, {}, [frozenRefusal])
    return enter(ctx, found, entered, level)
  }

  /** Sends `access_denied` to the client, which offers its own way on. */
  async function cancel(ctx: Context, found: WaitingInteraction) {
    const { clientId } = found.client
    const { address } = visitorOf(ctx, false)
    await ports.audit.record({ what: 'sign-in-cancelled', clientId, address })
    const cancelled = { error: 'access_denied', error_description: 'the person cancelled' }
    await finish(ctx, found, cancelled)
  }

  /** Shows that the account will not be closed before the person continues. */
  function showClosingCancelled(ctx: Context, found: WaitingInteraction) {
    const goOn = ctx.response.get('Location')
    ctx.remove('Location')
    page(ctx, found, 'sso/kept', 'account.kept.title', { goOn })
    ctx.status = 200
  }

  return {
    async show(ctx, found) {
      if (byCode.isChosen(found)) return byCode.show(ctx, found)
      const proved = await realName.finished(found)
      if (proved) return enterProved(ctx, found, proved)
      const hint = found.interaction.params['login_hint']
      return show(ctx, found, { username: typeof hint === 'string' ? hint.slice(0, 64) : '' })
    },
    submit,
  }
}

/** The result of a login. The session ends with the browser, since many people use a shared computer. */
export const loginResult = ({ id, version }: Account, level: Level) => ({
  accountId: id,
  // The session is valid only for this version of the account (`isStaleSignIn`).
  version,
  acr: acr[level],
  amr: [...amr[level]],
  remember: false,
})

/** Whether the person signed in with another account than `id_token_hint` or the requested `sub` names. */
const wrongAccountSignedIn = ({ interaction: { lastSubmission, prompt } }: WaitingInteraction) =>
  Boolean(lastSubmission?.login) &&
  prompt.reasons.some((reason) => ['id_token_hint', 'claims_id_token_sub_value'].includes(reason))
