import type { RequestListener } from 'node:http'
import Koa from 'koa'
import { accountRoutes } from './account/account-routes.ts'
import { adminApp } from './admin-app.ts'
import { platformParts } from './compose/platform-parts.ts'
import { eventErrorsOr } from './events/stream-refusal.ts'
import { streamRoutes } from './events/stream-routes.ts'
import { guideRoutes } from './home/guide-routes.ts'
import { homeRoutes } from './home/home-routes.ts'
import { legalTextRoutes } from './home/legal-text-routes.ts'
import { wellKnownRoutes } from './home/well-known-routes.ts'
import { handlerChangeFlow } from './organisations/handler-change-flow.ts'
import { legalRepresentativeFlow } from './organisations/legal-representative-flow.ts'
import { passwordRecoveryFlow } from './password-recovery/password-recovery-flow.ts'
import { phoneChangeFlow } from './phone-change/phone-change-flow.ts'
import { organisationRegistrationFlow } from './registration/organisation-registration-flow.ts'
import { registrationFlow } from './registration/registration-flow.ts'
import { crossOrigin } from './sso/clients/cross-origin.ts'
import { accountLogin } from './sso/login/account-login.ts'
import { interactionRoutes } from './sso/login/interaction-routes.ts'
import { oauthErrorsOr } from './sso/provider/endpoint-errors.ts'
import { endpointMethods } from './sso/provider/endpoint-methods.ts'
import { machineRoutes, providerRoutes } from './sso/provider/mount.ts'
import { cookieKeygrip } from './sso/provider/provider-cookies.ts'
import { providerDocuments } from './sso/provider/provider-documents.ts'
import { realNameFlow } from './sso/real-name/real-name-flow.ts'
import { unitRealNameFlow } from './sso/real-name/unit-real-name-flow.ts'
import { logoutPage } from './sso/sessions/logout-page.ts'
import { endStaleSessions } from './sso/sessions/stale-sessions.ts'
import { stepUpRoutes } from './sso/step-up/step-up-routes.ts'
import { terminalRoutes } from './terminals/terminal-routes.ts'
import { usernameRecoveryFlow } from './username-recovery/username-recovery-flow.ts'
import { admitRequests } from './web/admission/admit-requests.ts'
import { busyPage } from './web/admission/busy-page.ts'
import { sessionCookie } from './web/admission/session-cookie.ts'
import { problemsOrPages } from './web/api/api-answer.ts'
import type { WebState } from './web/context.ts'
import { flowRoutes } from './web/flow/flow-routes.ts'
import { healthRoutes } from './web/health/health-routes.ts'
import { requestMeasurement } from './web/health/request-measurement.ts'
import { publicRouteName } from './web/health/route-names.ts'
import { deadline } from './web/http/deadline.ts'
import { errorHandling, errorPages, methodNotAllowed } from './web/http/error-responses.ts'
import { issuerHost } from './web/http/issuer-host.ts'
import { limitsOfServedRequests } from './web/http/limits-of-served-requests.ts'
import { preferences } from './web/http/preferences.ts'
import { rememberedDevices } from './web/http/remembered-devices.ts'
import { requestLog } from './web/http/request-log.ts'
import { scriptRedirects } from './web/http/script-redirects.ts'
import { sameOriginForms, securityHeaders } from './web/http/security-headers.ts'
import { uncachedRedirects } from './web/http/uncached-redirects.ts'
import { captchaRoutes } from './web/page/captcha-routes.ts'
import { pageRenderer, siteOf } from './web/page/render-page.ts'
import { preparedOr } from './web/routing/prepared-answers.ts'
import { routeTable } from './web/routing/route-table.ts'

export type Platform = Pick<
  Awaited<ReturnType<typeof platformParts>>,
  'close' | 'finish' | 'judge' | 'settled'
> & {
  readonly app: App
  /** The application of the operators' listener (ADMIN_PORT). */
  readonly admin: Koa<WebState>
}

type App = Pick<Koa<WebState>, 'middleware'> & { callback(): RequestListener }

/** Composes the platform on its input. */
export async function platform(given: Parameters<typeof platformParts>[0]): Promise<Platform> {
  const composed = await platformParts(given)
  const { close, finish, judge, settled } = composed
  const apps = { app: app(given, composed), admin: adminApp(given, composed) }
  return { ...apps, close, finish, judge, settled }
}

/** Adds middleware and routes in the order in which a request passes them. Each comment is the reason for a place. */
function app(
  { env, log }: Pick<Parameters<typeof platformParts>[0], 'env' | 'log'>,
  composed: Awaited<ReturnType<typeof platformParts>>,
): App {
  const { ports, current, files, render, legalTexts, judge, instrumentation } = composed
  const { accounts, audit, banks, captchas, clients, clock, limits, policy, storage } = ports
  const https = env.ISSUER.startsWith('https:')
  const wellKnown = { issuer: env.ISSUER, securityContact: env.SECURITY_CONTACT, clock }
  const login = accountLogin(current, env.COOKIE_KEYS, policy, clock)
  const problems = problemsOrPages(errorPages(render), clock)
  const documents = providerDocuments(current, policy.keys.cache)
  const showError = eventErrorsOr(oauthErrorsOr(current, problems))
  const admitted = admitRequests(composed.admission, {
    hasSession: sessionCookie(current().cookieName('session'), cookieKeygrip(env.COOKIE_KEYS)),
    page: busyPage(pageRenderer(siteOf(env), files, clock), https),
    problem: showError,
    countRefused: composed.countRefused,
    retryAfter: policy.admission.retryAfter,
  })
  const koa = new Koa<WebState>({ proxy: env.TRUST_PROXY > 0, maxIpsCount: env.TRUST_PROXY })
  koa
    // Outside of everything, so that it sees the status that is sent.
    .use(requestMeasurement(instrumentation, publicRouteName))
    // Before the request log: a load balancer asks every few seconds.
    .use(routeTable([healthRoutes({ judge })]))
    .use(requestLog)
    .use(limitsOfServedRequests(limits))
    // Outside of everything that may fail, and inside the request log, whose request ID the error page shows.
    .use(errorHandling(log, showError))
    .use(deadline(policy.request.deadline))
    .use(securityHeaders(https))
    // Before everything that only pages need: other origins may call these endpoints for programs, which parse their own bodies.
    .use(crossOrigin(clients))
    // Before any work, and inside the deadline: a place is taken until the work ends, also if it is late.
    .use(admitted)
    .use(documents.routes)
    .use(machineRoutes(current))
    .use(methodNotAllowed())
    // Outside of `scriptRedirects`, which turns a redirect into a header of its own.
    .use(uncachedRedirects)
    .use(scriptRedirects)
    // Before `preferences`: files and documents for programs set no cookie.
    .use(files.serve)
    .use(routeTable([wellKnownRoutes(wellKnown), terminalRoutes(ports), streamRoutes(ports)]))
    // Outside of the provider's own routes, which show pages too.
    .use(preferences(https))
    .use(rememberedDevices(env.COOKIE_KEYS))
    .use(logoutPage(storage, audit, render))
    .use(endStaleSessions(accounts, storage))
    .use(providerRoutes(current, render))
    .use(endpointMethods(current))
    // After the endpoints for programs: pages exist only at the issuer's host and accept forms of our origin only.
    .use(issuerHost(env.ISSUER))
    .use(sameOriginForms(new URL(env.ISSUER).origin))
    .use(
      routeTable([
        captchaRoutes(captchas),
        homeRoutes(render),
        guideRoutes(banks, render),
        legalTextRoutes(legalTexts, render),
        interactionRoutes(current, ports, render),
        // Before `/register`, which would read `organisation` as a flow ID.
        flowRoutes(organisationRegistrationFlow, ports, render),
        flowRoutes(registrationFlow, ports, render),
        flowRoutes(handlerChangeFlow, ports, render),
        flowRoutes(legalRepresentativeFlow, ports, render),
        flowRoutes(usernameRecoveryFlow, ports, render),
        flowRoutes(phoneChangeFlow, ports, render),
        flowRoutes(passwordRecoveryFlow, ports, render),
        flowRoutes(unitRealNameFlow, ports, render),
        flowRoutes(realNameFlow, ports, render),
        stepUpRoutes(login, ports, render),
        accountRoutes(login, ports, render),
      ]),
    )
  const { middleware } = koa
  const callback = () => preparedOr(documents.prepared, instrumentation, log, koa.callback())
  return { middleware, callback }
}
