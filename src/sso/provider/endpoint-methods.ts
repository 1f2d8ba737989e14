import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { WebState } from '../../web/context.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'

/** The methods of oidc-provider's routes by name; a route that is switched off has no path. */
const methodsOf = {
  authorization: ['GET', 'HEAD', 'POST'],
  token: ['POST', 'OPTIONS'],
  userinfo: ['GET', 'HEAD', 'POST', 'OPTIONS'],
  jwks: ['GET', 'HEAD', 'OPTIONS'],
  registration: ['POST'],
  revocation: ['POST', 'OPTIONS'],
  introspection: ['POST', 'OPTIONS'],
  pushed_authorization_request: ['POST', 'OPTIONS'],
  device_authorization: ['POST', 'OPTIONS'],
  code_verification: ['GET', 'HEAD', 'POST'],
  end_session: ['GET', 'HEAD', 'POST'],
  end_session_confirm: ['POST'],
  end_session_success: ['GET', 'HEAD'],
} as const

const documents = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

/**
 * Answers a request with a method that the endpoint does not support with 405 and `Allow` (RFC 9110, 15.5.6), where
 * oidc-provider would not answer at all. Paths are compared without case, as oidc-provider does.
 */
export const endpointMethods =
  (current: CurrentProvider): Middleware<WebState> =>
  async (ctx, next) => {
    const path = canonical(ctx.path)
    const allowed = allowedAt(current(), path)
    if (!allowed || allowed.includes(ctx.method)) return next()
    ctx.state.log.info({ endpoint: path, error: 'method', detail: ctx.method }, 'refused')
    ctx.status = 405
    ctx.set('Allow', allowed.join(', '))
    if (ctx.accepts('json', 'html') === 'json')
      ctx.body = {
        error: 'invalid_request',
        error_description: `this endpoint takes ${allowed.join(', ')}`,
      }
  }

/** Endpoints that people open in a browser. */
const forPeople = [
  'authorization',
  'code_verification',
  'end_session',
  'end_session_confirm',
  'end_session_success',
]

/** Whether a client's software calls this path, and no browser opens it. */
export function machineEndpointAt(provider: Provider, path: string): boolean {
  const paths = machinePaths.get(provider) ?? machinePathsOf(provider)
  machinePaths.set(provider, paths)
  return paths.has(canonical(path))
}

const machinePaths = new WeakMap<Provider, ReadonlySet<string>>()

const machinePathsOf = (provider: Provider): ReadonlySet<string> => {
  const names = Object.keys(methodsOf).filter((name) => !forPeople.includes(name))
  return new Set(names.flatMap((name) => pathOf(provider, name) ?? []))
}

const canonical = (path: string): string => path.replace(/(.)\/$/, '$1').toLowerCase()

function allowedAt(provider: Provider, path: string): readonly string[] | undefined {
  if (documents.includes(path)) return methodsOf.jwks
  const found = Object.entries(methodsOf).find(([name]) => pathOf(provider, name) === path)
  return found?.[1]
}

function pathOf(provider: Provider, name: string): string | undefined {
  try {
    return provider.pathFor(name).toLowerCase()
  } catch {
    return undefined
  }
}
