import Router from '@koa/router'
import type { OpenRequests } from '../../ports/open-requests.ts'
import { returnAddressOf } from '../../ports/sso/client-links.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { Context, WebState } from '../../web/context.ts'
import { isForged } from '../../web/http/forgery-token.ts'
import { readForm } from '../../web/http/read-form.ts'
import { seeOther } from '../../web/http/see-other.ts'
import type { Render } from '../../web/page/render-page.ts'
import { clientLinkWithLogin } from '../clients/client-links.ts'
import { type ConsentPorts, consentPage } from '../consent/consent-page.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { countOpened } from '../provider/bounds/open-request-limit.ts'
import { type StepUpPagePorts, stepUpPage } from '../step-up/step-up-page.ts'
import { type AgreementPorts, agreementPage } from './agreement-page.ts'
import { findInteraction, type LostInteraction, type WaitingInteraction } from './interaction.ts'
import { type LoginPorts, loginPage } from './login-page.ts'
import { formSecretOf, type PromptPage, promptActions } from './prompt-page.ts'
import { selectAccountPage } from './select-account-page.ts'

export type InteractionPorts = LoginPorts &
  AgreementPorts &
  StepUpPagePorts &
  ConsentPorts & {
    readonly storage: Pick<OidcStorage, 'keepInteraction'>
    readonly openRequests: OpenRequests
  }

/** `/interaction/UID`: one page for each prompt of an authorization request. */
export function interactionRoutes(
  current: CurrentProvider,
  ports: InteractionPorts,
  render: Render,
) {
  const shared = promptActions(current, render)
  const { keep, restartPrompts } = shared
  const login = loginPage(shared, ports)
  const pages: Readonly<Record<string, PromptPage>> = {
    create: {
      // Registration opens once; after that the login page does, whether the person registered or not.
      show: (ctx, found) =>
        (found.interaction.result?.['create'] ?? found.interaction.lastSubmission?.['create'])
          ? login.show(ctx, found)
          : keep(ctx, found, { create: {} }, `/register?interaction=${found.interaction.uid}`),
      submit: login.submit,
    },
    select_account: selectAccountPage(shared, ports.accounts, login),
    login,
    agreement: agreementPage(shared, ports),
    step_up: stepUpPage(shared, current, ports),
    consent: consentPage(shared, current, ports),
  }
  const router = new Router<WebState>({ prefix: '/interaction' })

  router.get('/:uid', async (ctx) => {
    const found = await findInteraction(ctx, String(ctx.params['uid']), current())
    if ('why' in found) return showLostInteraction(ctx, found)
    // An opened request lives until its `exp`; an unopened one ends early (decision 0216).
    const { interaction } = found
    const { uid, exp, iat } = interaction
    const lifetime = exp - iat
    await Promise.all([
      ports.storage.keepInteraction(uid, lifetime),
      countOpened(ctx.ip, interaction, lifetime, ports.openRequests),
      answer(ctx, found, 'show'),
    ])
  })

  router.post('/:uid', readForm, async (ctx) => {
    const found = await findInteraction(ctx, String(ctx.params['uid']), current())
    if ('why' in found) return showLostInteraction(ctx, found)
    if (isForged(formSecretOf(ctx, found), ctx.state.typed['token'])) ctx.throw(403)
    return answer(ctx, found, 'submit')
  })

  async function answer(ctx: Context, found: WaitingInteraction, how: 'show' | 'submit') {
    const { result, returnTo, prompt } = found.interaction
    if (result?.login) return seeOther(ctx, returnTo)
    const page = pages[prompt.name]
    if (!page) throw new Error(`no page for the prompt ${prompt.name}`)
    const isPersonThere = found.interaction.session && found.signedInNow === 'same'
    if (page.needsPerson && !isPersonThere) return restartPrompts(ctx, found)
    return page[how](ctx, found)
  }

  function showLostInteraction(ctx: Context, { why, client }: LostInteraction) {
    const system = clientLinkWithLogin(client, current())
    const start = system?.login || system?.uri ? system : undefined
    render(ctx, 'sso/start-again', {
      title: `interaction.${why}.title`,
      why,
      start,
      startAt: start && returnAddressOf(start),
    })
    ctx.status = why === 'expired' ? 410 : 403
  }

  return router
}
