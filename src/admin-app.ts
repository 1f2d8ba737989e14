import Koa from 'koa'
import type { platformParts } from './compose/platform-parts.ts'
import { allowedNetworks } from './operators/access/allowed-networks.ts'
import type { WebState } from './web/context.ts'
import { healthRoutes } from './web/health/health-routes.ts'
import { deadline } from './web/http/deadline.ts'
import { errorHandling, errorPages, methodNotAllowed } from './web/http/error-responses.ts'
import { requestLog } from './web/http/request-log.ts'
import { securityHeaders } from './web/http/security-headers.ts'
import { uncachedRedirects } from './web/http/uncached-redirects.ts'

type Given = Parameters<typeof platformParts>[0]

/**
 * The application of the operators' listener: console, API, metrics. Middleware and routes stand in the order in which a
 * request passes them. Each comment is the reason for a place.
 */
export function adminApp(
  { env, log }: Pick<Given, 'env' | 'log'>,
  { ports, render, judge }: Awaited<ReturnType<typeof platformParts>>,
): Koa<WebState> {
  const { policy } = ports
  const https = env.ADMIN_ORIGIN.startsWith('https:')
  const koa = new Koa<WebState>({ proxy: env.TRUST_PROXY > 0, maxIpsCount: env.TRUST_PROXY })
  koa
    // Before the networks: monitoring may stand elsewhere.
    .use(healthRoutes({ judge }).routes())
    .use(requestLog)
    .use(errorHandling(log, errorPages(render)))
    // Before everything that reads the request.
    .use(allowedNetworks(env.ADMIN_NETWORKS))
    .use(deadline(policy.request.deadline))
    .use(methodNotAllowed())
    .use(securityHeaders(https))
    .use(uncachedRedirects)
  return koa
}
