import Koa from 'koa'
import type { platformParts } from './compose/platform-parts.ts'
import { readBrandLogo } from './compose/settings/brand-logo.ts'
import { allowedNetworks } from './operators/access/allowed-networks.ts'
import { consoleErrors } from './operators/access/console-errors.ts'
import { consoleFrame } from './operators/access/console-frame.ts'
import { consoleVisit } from './operators/access/console-visit.ts'
import { apiRoutes } from './operators/api/api-routes.ts'
import { consoleRoutes } from './operators/console-routes.ts'
import { problemsOrPages } from './web/api/api-answer.ts'
import type { WebState } from './web/context.ts'
import { healthRoutes } from './web/health/health-routes.ts'
import { metricsRoute } from './web/health/metrics-route.ts'
import { requestMeasurement } from './web/health/request-measurement.ts'
import { operatorsRouteName } from './web/health/route-names.ts'
import { deadline } from './web/http/deadline.ts'
import { errorHandling, methodNotAllowed } from './web/http/error-responses.ts'
import { issuerHost } from './web/http/issuer-host.ts'
import { limitsOfServedRequests } from './web/http/limits-of-served-requests.ts'
import { requestLog } from './web/http/request-log.ts'
import { sameOriginForms, securityHeaders } from './web/http/security-headers.ts'
import { uncachedRedirects } from './web/http/uncached-redirects.ts'
import { assets } from './web/page/assets.ts'
import { captchaRoutes } from './web/page/captcha-routes.ts'
import { pageRenderer, siteOf } from './web/page/render-page.ts'

type Given = Parameters<typeof platformParts>[0]

/**
 * The application of the operators' listener: console, API, metrics. Middleware and routes stand in the order in which a
 * request passes them. Each comment is the reason for a place.
 */
export function adminApp(
  { env, log }: Pick<Given, 'env' | 'log'>,
  { ports, judge, scrape, instrumentation }: Awaited<ReturnType<typeof platformParts>>,
): Koa<WebState> {
  const { captchas, clock, limits, policy } = ports
  const https = env.ADMIN_ORIGIN.startsWith('https:')
  const site = siteOf(env)
  const files = assets(readBrandLogo(env.BRAND_LOGO), 'console')
  const show = consoleFrame(pageRenderer(site, files, clock))
  const console = {
    ...{ ...ports, judge },
    adminOrigin: env.ADMIN_ORIGIN,
    passkeyParty: { origin: env.ADMIN_ORIGIN, name: site.brandName },
    secret: env.COOKIE_KEYS.join(),
  }
  const koa = new Koa<WebState>({ proxy: env.TRUST_PROXY > 0, maxIpsCount: env.TRUST_PROXY })
  koa
    // Outside of everything, so that it sees the status that is sent.
    .use(requestMeasurement(instrumentation, operatorsRouteName))
    // Before the networks: monitoring may stand elsewhere.
    .use(healthRoutes({ judge }).routes())
    .use(requestLog)
    .use(errorHandling(log, problemsOrPages(consoleErrors(show), clock)))
    // Before everything that reads the request.
    .use(allowedNetworks(env.ADMIN_NETWORKS))
    .use(limitsOfServedRequests(limits))
    .use(deadline(policy.request.deadline))
    .use(methodNotAllowed())
    .use(securityHeaders(https))
    .use(uncachedRedirects)
    // Before `consoleVisit`: files set no cookie.
    .use(files.serve)
    // Before everything for pages: programs have no cookies and send no forms.
    .use(apiRoutes(console))
    // Before `issuerHost`: Prometheus scrapes an address inside the network.
    .use(metricsRoute(scrape, env.METRICS_TOKEN).routes())
    // Pages exist only at ADMIN_ORIGIN and accept forms of that origin only.
    .use(issuerHost(env.ADMIN_ORIGIN))
    .use(sameOriginForms(env.ADMIN_ORIGIN))
    .use(consoleVisit(https))
    .use(captchaRoutes(captchas).routes())
    .use(consoleRoutes(console, show))
  return koa
}
