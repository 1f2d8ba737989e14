import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { Outage } from '../../ports/outage.ts'
import type { Context } from '../../web/context.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { captchaOnPage } from '../../web/page/captcha-on-page.ts'
import type { Render } from '../../web/page/render-page.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import { type SuspendedClientPorts, suspendedClient } from '../clients/suspended-client.ts'
import { devicePages } from '../devices/device-pages.ts'
import type { UserCodePorts } from '../devices/user-codes.ts'
import { localeOf } from '../login/interaction-address.ts'
import { clientNamesOf, unreachedIn, unreachedParam } from '../sessions/unreached-clients.ts'
import { captchaPageOf, OpenRequestNeedsCaptcha } from './bounds/open-request-limit.ts'
import { TooManyRequests } from './bounds/too-many-requests.ts'
import { formFieldsOf } from './form-fields.ts'
import { formToken } from './patches/session-changes.ts'
import type { ProviderPages } from './provider-ports.ts'

/**
 * The pages in the provider's own routes: errors and logout.
 * @param showsRegistered whether an error page lists the registered redirect URIs beside the received one, for
 * developers
 */
export function providerPages(
  render: Render,
  ports: UserCodePorts & SuspendedClientPorts,
  showsRegistered: boolean,
): ProviderPages {
  /** The provider's routes run on the context of our app (`providerRoutes`). */
  const page = (ctx: KoaContextWithOIDC, ...[view, locals]: PageOf) =>
    render(ctx as unknown as Context, view, { repeated: repeatedFields(ctx), ...locals })

  const renderError: ProviderPages['renderError'] = async (ctx, out, error) => {
    // The session ended while the page was open, so that the logout is done.
    if (ctx.oidc.route === 'end_session_confirm' && !ctx.oidc.session?.accountId) {
      return seeOther(ctx, ctx.oidc.urlFor('end_session_success'))
    }
    if (error instanceof OpenRequestNeedsCaptcha) return askCaptcha(ctx, error)
    const suspended = error instanceof errors.InvalidClient && (await suspendedClient(ctx, ports))
    const why = suspended ? 'sso.suspended' : errorKey(error, ctx as unknown as Context)
    const start = clientLinkOf(ctx.oidc.client)
    const code = [out.error, out.error_description].filter(Boolean).join(': ')
    // The language of the request is not known here yet.
    const spoken = localeOf(ctx.oidc.params?.['ui_locales'] ?? ctx.query['ui_locales'])
    if (spoken) ctx.state['locale'] = spoken
    page(ctx, 'sso/error', {
      ...{ title: `${why}.title`, why, code, start, origin: start, system: suspended },
      ...redirectUris(ctx, showsRegistered),
    })
  }

  /** The page sends the same request again, with the answer of a captcha. */
  async function askCaptcha(ctx: KoaContextWithOIDC, { refusals }: OpenRequestNeedsCaptcha) {
    const typed = formFieldsOf(ctx)
    const sent = Object.entries({ ...(ctx.method === 'GET' && ctx.query), ...typed })
    ctx.status = 429
    const wait = refusals[0]?.retryAfter
    if (wait) ctx.set('Retry-After', String(wait))
    page(ctx, 'sso/request-captcha', {
      title: 'sso.captcha.title',
      action: ctx.oidc.urlFor('authorization'),
      typed: {},
      parameters: sent.filter(([name]) => !captchaFields.has(name)),
      captcha: await captchaOnPage(typed, typed['captchaId'], captchaPageOf(ctx), ports),
      origin: clientLinkOf(ctx.oidc.client),
      refusals,
    })
  }

  return {
    renderError,
    ...devicePages(render, ports, renderError),
    logoutSource(ctx) {
      const action = ctx.oidc.urlFor('end_session_confirm')
      page(ctx, 'sso/logout', {
        title: 'logout.title',
        action,
        xsrf: formToken(ctx),
        decided: isLogoutConfirmed(ctx.oidc),
      })
    },
    async postLogoutSuccessSource(ctx) {
      // A person who declined the logout sees this page too.
      const { accountId } = await ctx.oidc.provider.Session.get(ctx)
      const title = accountId ? 'loggedOut.kept.title' : 'loggedOut.title'
      const systems = await clientNamesOf(unreachedIn(ctx.query[unreachedParam]), ctx.oidc.provider)
      page(ctx, 'sso/logged-out', { title, systems, start: clientLinkOf(ctx.oidc.client) })
    },
  }
}

/**
 * Whether the client that sends the person has already signed them out: it knows the `sid` of this session, which no
 * other site does. Other requests are confirmed on a page (OpenID Connect RP-Initiated Logout 1.0, 2; decision 0125).
 */
function isLogoutConfirmed({ session, client, entities }: KoaContextWithOIDC['oidc']): boolean {
  const sid = entities['IdTokenHint']?.payload['sid']
  const known = session?.authorizations?.[client?.clientId ?? '']
  return sid !== undefined && sid === known?.sid
}

/** The received redirect URI, and in the sandbox the registered ones. */
function redirectUris({ oidc, query }: KoaContextWithOIDC, showsRegistered: boolean) {
  const { redirect_uri: received = query['redirect_uri'] } = oidc.params ?? {}
  if (typeof received !== 'string') return {}
  const registered = showsRegistered ? (oidc.client?.redirectUris ?? []) : []
  return { received: received.slice(0, 2000), registered }
}

/**
 * The fields of a request that was posted: a switch of the language has to post them again, since the address alone
 * does not contain the request (OpenID Connect Core 1.0, 3.1.2.1; RP-Initiated Logout 1.0, 2).
 */
const repeatedFields = (ctx: KoaContextWithOIDC) =>
  ctx.method === 'POST' && ['authorization', 'end_session'].includes(ctx.oidc.route)
    ? Object.entries(formFieldsOf(ctx)).filter(([name]) => !captchaFields.has(name))
    : undefined

/** Fields of the page beside the parameters of the request. */
const captchaFields = new Set(['captcha', 'captcha2', 'captchaWork', 'captchaId', 'action'])

type PageOf = [view: Parameters<Render>[1], locals: Parameters<Render>[2]]

function errorKey(error: Error, { state }: Context) {
  if (error instanceof errors.SessionNotFound)
    return state.sentCookies ? 'interaction.expired' : 'interaction.cookies'
  if (error instanceof Outage) return 'error.outage'
  if (error instanceof TooManyRequests) return 'sso.tooMany'
  if (error instanceof errors.InvalidClient) return 'sso.client'
  if (error instanceof errors.InvalidRedirectUri) return 'sso.redirect'
  return error instanceof errors.OIDCProviderError ? 'sso.request' : 'sso.fault'
}
