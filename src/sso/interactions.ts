import Router from '@koa/router'
import type { InteractionResults } from 'oidc-provider'
import { acr } from '../../config/oidc.ts'
import type { Refusal } from '../people/refusal.ts'
import type { Captchas } from '../ports/captchas.ts'
import { captchaRequired, checkCaptcha } from '../proofs/captcha.ts'
import type { Context, WebState } from '../web/context.ts'
import { refusalsOf } from '../web/flow/definition.ts'
import { forgeryToken, isForged } from '../web/forgery.ts'
import { readForm } from '../web/form.ts'
import { type Render, showRefusals } from '../web/page.ts'
import { visitorOf } from '../web/visitor.ts'
import { systemOf } from './business-systems.ts'
import { agree, givenTo } from './consent.ts'
import type { CurrentProvider } from './current-provider.ts'
import { type Gone, type Waiting, waitingFor } from './interaction.ts'
import { knownBrowsers } from './known-browsers.ts'
import { type SignInPorts, signIn, signInForm } from './sign-in.ts'

export type InteractionPorts = SignInPorts & { readonly captchas: Captchas }

/** `/interaction/UID`: the pages that an authorization request waits for, 登录 and 授权. */
export function interactionRoutes(
  current: CurrentProvider,
  cookieKeys: readonly string[],
  ports: InteractionPorts,
  render: Render,
) {
  const { captchas, audit } = ports
  const browsers = knownBrowsers(cookieKeys)
  const router = new Router<WebState>({ prefix: '/interaction' })

  router.get('/:uid', async (ctx) => {
    const found = await waitingFor(ctx, String(ctx.params['uid']), current())
    if ('why' in found) return startAgain(ctx, found)
    const { interaction } = found
    if (interaction.result?.login) return goOn(ctx, interaction.returnTo)
    if (interaction.prompt.name === 'consent') return consentPage(ctx, found)
    if (interaction.prompt.name === 'create' && !interaction.result?.['create']) {
      // Once: whoever comes back from there, registered or not, finds the login page.
      interaction.result = { create: {} }
      await interaction.persist()
      return goOn(ctx, `/register?interaction=${interaction.uid}`)
    }
    const hint = interaction.params['login_hint']
    return loginPage(ctx, found, { username: typeof hint === 'string' ? hint.slice(0, 64) : '' })
  })

  router.post('/:uid', readForm, async (ctx) => {
    const found = await waitingFor(ctx, String(ctx.params['uid']), current())
    if ('why' in found) return startAgain(ctx, found)
    if (isForged(secretOf(ctx, found), ctx.state.typed['token'])) ctx.throw(403)
    const { interaction } = found
    if (interaction.result?.login) return goOn(ctx, interaction.returnTo)
    return interaction.prompt.name === 'consent' ? consent(ctx, found) : login(ctx, found)
  })

  async function login(ctx: Context, found: Waiting) {
    const { typed } = ctx.state
    const pressed = typed['action'] ?? 'next'
    if (pressed === 'captcha') return loginPage(ctx, found, typed)
    if (pressed === 'listen') return loginPage(ctx, found, typed, [], typed['captchaId'])
    if (pressed !== 'next') return ctx.throw(400)
    const form = signInForm.safeParse(typed)
    if (!form.success) {
      const empty = typed['captcha']?.trim() ? [] : [captchaRequired]
      const problems = [...refusalsOf(form.error.issues), ...empty]
      return loginPage(ctx, found, typed, problems, typed['captchaId'])
    }
    const wrong = await checkCaptcha(typed['captchaId'], typed['captcha'], captchas)
    if (wrong) return loginPage(ctx, found, typed, [wrong])
    const account = await signIn(
      form.data,
      visitorOf(ctx, true),
      found.client.clientId,
      (accountId) => browsers.knows(ctx, accountId),
      ports,
    )
    if ('code' in account) return loginPage(ctx, found, typed, [account])
    browsers.remember(ctx, account.id)
    // A session that ends with the browser: many sit at a shared computer.
    const signedIn = {
      accountId: account.id,
      // Only as long as the account stays as it was (`isLate`).
      version: account.version,
      acr: acr.password,
      amr: ['pwd'],
      remember: false,
    }
    return finish(ctx, { login: signedIn }, false)
  }

  async function consent(ctx: Context, { interaction, client }: Waiting) {
    const { accountId } = interaction.session ?? {}
    const { address } = visitorOf(ctx, false)
    const whose = { clientId: client.clientId, address, ...(accountId && { accountId }) }
    if (ctx.state.typed['action'] === 'refuse') {
      await audit.record({ what: 'consent-refused', ...whose })
      const refused = { error: 'access_denied', error_description: 'the person refused' }
      return finish(ctx, refused, false)
    }
    if (ctx.state.typed['action'] !== 'next') return ctx.throw(400)
    const grantId = await agree(interaction, current())
    await audit.record({ what: 'consent-given', ...whose })
    return finish(ctx, { consent: { grantId } }, true)
  }

  async function finish(ctx: Context, result: InteractionResults, merge: boolean) {
    const more = { mergeWithLastSubmission: merge }
    goOn(ctx, await current().interactionResult(ctx.req, ctx.res, result, more))
  }

  function goOn(ctx: Context, address: string) {
    ctx.status = 303
    ctx.redirect(address)
  }

  /** `captchaId`: the one that stands on the page already, read aloud when asked; without it a new one is drawn. */
  async function loginPage(
    ctx: Context,
    found: Waiting,
    typed: WebState['typed'],
    refusals: readonly Refusal[] = [],
    captchaId?: string,
  ) {
    const open = captchaId !== undefined && (await captchas.isOpen(captchaId))
    const captcha = {
      id: open ? captchaId : await captchas.issue(),
      listening: typed['action'] === 'listen',
    }
    if (refusals.length) showRefusals(ctx, refusals)
    page(ctx, found, 'sso/login', 'login.title', {
      typed: { username: typed['username']?.slice(0, 200) },
      notice: asksForSameAccount(found) ? 'login.sameAccount' : undefined,
      captcha,
      refusals,
    })
  }

  function consentPage(ctx: Context, found: Waiting) {
    const given = givenTo(found.interaction, found.client.scope)
    page(ctx, found, 'sso/consent', 'consent.title', { given })
  }

  function page(
    ctx: Context,
    found: Waiting,
    view: string,
    title: 'login.title' | 'consent.title',
    more: object,
  ) {
    const { uid } = found.interaction
    render(ctx, view, {
      ...more,
      title,
      stepper: { titles: [title], at: 0 },
      origin: systemOf(found.client),
      interaction: uid,
      formAction: `/interaction/${uid}`,
      token: forgeryToken(secretOf(ctx, found)),
    })
  }

  function startAgain(ctx: Context, { why, client }: Gone) {
    const system = systemOf(client)
    const start = system?.uri ? system : undefined
    render(ctx, 'sso/start-again', { title: `interaction.${why}.title`, why, start })
    ctx.status = why === 'foreign' ? 403 : 410
  }

  return router
}

/** The browser's own id is a cookie that no other site can read. */
const secretOf = (ctx: Context, { interaction }: Waiting) =>
  `${interaction.uid} ${ctx.state.browser}`

/** They signed in, but as somebody else than `id_token_hint` or the `sub` that was asked for. */
const asksForSameAccount = ({ interaction: { lastSubmission, prompt } }: Waiting) =>
  Boolean(lastSubmission?.login) &&
  prompt.reasons.some((reason) => ['id_token_hint', 'claims_id_token_sub_value'].includes(reason))
