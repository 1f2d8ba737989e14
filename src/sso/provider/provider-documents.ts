import { createHash } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { Context, WebState } from '../../web/context.ts'
import type { PreparedAnswer, PreparedAnswers } from '../../web/routing/prepared-answers.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { routesOf } from './patches/provider-routes.ts'

type Document = { readonly type: string; readonly bytes: Buffer; readonly etag: string }
type Documents = {
  readonly paths: ReadonlySet<string>
  readonly byPath: Map<string, Document>
  /** The complete answers to requests that name nothing but the path. */
  readonly answers: Map<string, PreparedAnswer>
}

/** The paths of OpenID Connect Discovery 1.0, 4, and RFC 8414, 3. */
const discovery = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

/**
 * Discovery and JWKS, the same bytes for everybody, which oidc-provider makes once for each set of keys. They come before
 * middleware that sets cookies, since caches may store the answer.
 * @param cache the lifetime in caches, in seconds
 */
export function providerDocuments(current: CurrentProvider, cache: number) {
  const made = new WeakMap<Provider, Documents>()

  function documentsOf(provider: Provider): Documents {
    const known = made.get(provider)
    if (known) return known
    const paths = new Set([...discovery, provider.pathFor('jwks')])
    const documents = { paths, byPath: new Map(), answers: new Map() }
    made.set(provider, documents)
    return documents
  }

  const routes: Middleware<WebState> = async (ctx, next) => {
    const provider = current()
    const { answers, byPath, paths } = documentsOf(provider)
    if (!paths.has(ctx.path)) return next()
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    const known = isRead ? byPath.get(ctx.path) : undefined
    if (!known) await routesOf(provider)(ctx, next)
    if (!isRead || (!known && ctx.status !== 200)) return
    const document = known ?? documentOf(ctx)
    byPath.set(ctx.path, document)
    send(ctx, document, cache)
    const { bytes: body } = document
    if (isOrdinary(ctx)) answers.set(ctx.path, { headers: { ...ctx.response.headers }, body })
  }

  const prepared: PreparedAnswers = (path) => made.get(current())?.answers.get(path)
  return { routes, prepared }
}

/** Whether another request without `Origin` and `If-None-Match` gets the same answer. */
const isOrdinary = (ctx: Context) => ctx.status === 200 && !ctx.get('Origin')

function documentOf(ctx: Context): Document {
  const bytes = Buffer.from(JSON.stringify(ctx.body))
  const etag = createHash('sha256').update(bytes).digest('base64url')
  return { type: ctx.response.get('Content-Type'), bytes, etag }
}

/** Pages of other origins get the headers of oidc-provider, which `crossOrigin` restricts. */
function send(ctx: Context, { type, bytes, etag }: Document, cache: number): void {
  ctx.vary('Origin')
  const origin = ctx.get('Origin')
  if (origin) ctx.set('Access-Control-Allow-Origin', origin)
  else ctx.remove('Access-Control-Allow-Origin')
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
