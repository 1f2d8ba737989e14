import { createHash } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { Context, WebState } from '../../web/context.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { routesOf } from './patches/provider-routes.ts'

type Document = { readonly type: string; readonly bytes: Buffer; readonly etag: string }

/** The paths of OpenID Connect Discovery 1.0, 4, and RFC 8414, 3. */
const discovery = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

/**
 * Discovery and JWKS, the same bytes for everybody, which oidc-provider makes once for each set of keys. They come before
 * middleware that sets cookies, since caches may store the answer.
 * @param cache the lifetime in caches, in seconds
 */
export function providerDocuments(current: CurrentProvider, cache: number): Middleware<WebState> {
  const made = new WeakMap<Provider, Map<string, Document>>()

  return async (ctx, next) => {
    const provider = current()
    const isDocument = discovery.includes(ctx.path) || ctx.path === provider.pathFor('jwks')
    if (!isDocument) return next()
    const known = made.get(provider) ?? new Map<string, Document>()
    made.set(provider, known)
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    const document = known.get(ctx.path)
    if (isRead && document) return send(ctx, document, cache)
    await routesOf(provider)(ctx, next)
    if (!isRead || ctx.status !== 200) return
    const first = documentOf(ctx)
    known.set(ctx.path, first)
    send(ctx, first, cache)
  }
}

function documentOf(ctx: Context): Document {
  const bytes = Buffer.from(JSON.stringify(ctx.body))
  const etag = createHash('sha256').update(bytes).digest('base64url')
  return { type: ctx.response.get('Content-Type'), bytes, etag }
}

/** Pages of other origins get the headers of oidc-provider, which `crossOrigin` restricts. */
function send(ctx: Context, { type, bytes, etag }: Document, cache: number): void {
  ctx.vary('Origin')
  ctx.set('Access-Control-Allow-Origin', ctx.get('Origin') || '*')
  ctx.set('Cache-Control', `public, max-age=${cache}`)
  ctx.status = 200
  ctx.etag = etag
  if (ctx.fresh) {
    ctx.status = 304
    return
  }
  ctx.type = type
  ctx.body = bytes
}
