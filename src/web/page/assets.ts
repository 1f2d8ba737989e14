import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Middleware } from 'koa'
import { strengthScript } from './password-strength.ts'

const folder = new URL('../../../assets/', import.meta.url)
const types = {
  'style.css': 'text/css; charset=utf-8',
  'enhance.js': 'text/javascript; charset=utf-8',
  'strength.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'emblem.svg': 'image/svg+xml',
} as const
type Name = keyof typeof types

/** Opened by itself, a picture is a document: it still runs and loads nothing. */
const pictureAlone = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** The script is one request of many small files: `enhance/page.js`, which the others build on, then the others. */
function script(): Buffer {
  const parts = new URL('enhance/', folder)
  const others = readdirSync(parts).filter((name) => name.endsWith('.js') && name !== 'page.js')
  const texts = ['page.js', ...others.sort()].map((name) => withoutComments(new URL(name, parts)))
  return Buffer.concat(texts)
}

/** A file without the comments that have lines of their own: they are for us, and cost a phone two kilobytes. */
const withoutComments = (file: URL): Buffer =>
  Buffer.from(readFileSync(file, 'utf8').replace(ownLineComment, ''))

const ownLineComment = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)[ \t]*\n/gm

/**
 * The few files that pages need, from memory, as small as the browser can take them; their address changes with their
 * content, so browsers keep them. Pages themselves are not packed: what they hold would show in their length (BREACH).
 * @param emblem of the office, if it has one (SVG)
 */
export function assets(emblem: Buffer | undefined) {
  const bodies: readonly (readonly [Name, Buffer])[] = [
    ['style.css', withoutComments(new URL('style.css', folder))],
    ['enhance.js', script()],
    ['strength.js', strengthScript()],
    ['icon.svg', readFileSync(new URL('icon.svg', folder))],
    ...(emblem ? [['emblem.svg', emblem] as const] : []),
  ]
  const loaded = new Map(
    bodies.map(([name, body]) => {
      const version = createHash('sha256').update(body).digest('base64url').slice(0, 12)
      return [
        `/assets/${name}` as string,
        { ...encodingsOf(body), type: types[name], version },
      ] as const
    }),
  )
  const serve: Middleware = async (ctx, next) => {
    const file = loaded.get(ctx.path)
    if (!file || !['GET', 'HEAD'].includes(ctx.method)) return next()
    ctx.type = file.type
    if (file.type === types['icon.svg']) ctx.set('Content-Security-Policy', pictureAlone)
    ctx.etag = file.version
    ctx.set(
      'Cache-Control',
      ctx.query['v'] === file.version ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    ctx.vary('Accept-Encoding')
    const encoding = ctx.acceptsEncodings('br', 'gzip')
    if (encoding === 'br' || encoding === 'gzip') {
      ctx.set('Content-Encoding', encoding)
      ctx.body = await file[encoding]()
    } else ctx.body = file.identity
    if (ctx.fresh) ctx.status = 304
  }
  /** Undefined where there is no such file: an office without an emblem. */
  function address(name: Name): string | undefined {
    const version = loaded.get(`/assets/${name}`)?.version
    return version && `/assets/${name}?v=${version}`
  }
  return { serve, address }
}

/** Compresses a file at the first request that takes the encoding: at the start it would delay every process by 0.2 s. */
function encodingsOf(identity: Buffer) {
  const br = once(() => promisify(brotliCompress)(identity))
  return { identity, br, gzip: once(() => promisify(gzip)(identity)) }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
