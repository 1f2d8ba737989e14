import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Middleware } from 'koa'

const folder = new URL('../../assets/', import.meta.url)
const files = {
  'style.css': 'text/css; charset=utf-8',
  'enhance.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const

/** The script is one request of many small files: `enhance/page.js`, which the others build on, then the others. */
function script(): Buffer {
  const parts = new URL('enhance/', folder)
  const others = readdirSync(parts).filter((name) => name.endsWith('.js') && name !== 'page.js')
  const texts = ['page.js', ...others.sort()].map((name) => readFileSync(new URL(name, parts)))
  return Buffer.concat(texts)
}

/**
 * The few files that pages need, from memory, as small as the browser can take them; their address changes with their
 * content, so browsers keep them. Pages themselves are not packed: what they hold would show in their length (BREACH).
 */
export function assets() {
  const loaded = new Map(
    Object.entries(files).map(([name, type]) => {
      const body = name === 'enhance.js' ? script() : readFileSync(new URL(name, folder))
      const version = createHash('sha256').update(body).digest('base64url').slice(0, 12)
      const packed = { br: brotliCompressSync(body), gzip: gzipSync(body), identity: body }
      return [`/assets/${name}` as string, { packed, type, version }] as const
    }),
  )
  const serve: Middleware = async (ctx, next) => {
    const file = loaded.get(ctx.path)
    if (!file || !['GET', 'HEAD'].includes(ctx.method)) return next()
    ctx.type = file.type
    ctx.etag = file.version
    ctx.set(
      'Cache-Control',
      ctx.query['v'] === file.version ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    ctx.vary('Accept-Encoding')
    const encoding = ctx.acceptsEncodings('br', 'gzip') || 'identity'
    if (encoding !== 'identity') ctx.set('Content-Encoding', encoding)
    ctx.body = file.packed[encoding as keyof typeof file.packed]
    if (ctx.fresh) ctx.status = 304
  }
  const address = (name: keyof typeof files) =>
    `/assets/${name}?v=${loaded.get(`/assets/${name}`)?.version}`
  return { serve, address }
}
