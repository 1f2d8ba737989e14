import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Middleware } from 'koa'

const folder = new URL('../../assets/', import.meta.url)
const files = {
  'style.css': 'text/css; charset=utf-8',
  'enhance.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const

/** The few files that pages need, from memory; their address changes with their content, so browsers keep them. */
export function assets() {
  const loaded = new Map(
    Object.entries(files).map(([name, type]) => {
      const body = readFileSync(new URL(name, folder))
      const version = createHash('sha256').update(body).digest('base64url').slice(0, 12)
      return [`/assets/${name}` as string, { body, type, version }] as const
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
    ctx.body = file.body
    if (ctx.fresh) ctx.status = 304
  }
  const address = (name: keyof typeof files) =>
    `/assets/${name}?v=${loaded.get(`/assets/${name}`)?.version}`
  return { serve, address }
}
