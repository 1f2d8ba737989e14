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
  'console.css': 'text/css; charset=utf-8',
  'passkey.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'emblem.svg': 'image/svg+xml',
} as const
type Name = keyof typeof types

/** The policy of an SVG that is opened as a document: no scripts, no requests. */
const pictureAlone = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** Concatenates the files of the script, so that a page needs one request. The others depend on `enhance/page.js`. */
function script(): Buffer {
  const parts = new URL('enhance/', folder)
  const others = readdirSync(parts).filter((name) => name.endsWith('.js') && name !== 'page.js')
  const texts = ['page.js', ...others.sort()].map((name) => withoutComments(new URL(name, parts)))
  return Buffer.concat(texts)
}

/** Reads a file without the comments on lines of their own, which would add two kilobytes to each download. */
const withoutComments = (file: URL): Buffer =>
  Buffer.from(readFileSync(file, 'utf8').replace(ownLineComment, ''))

const file = (name: Name): Buffer => withoutComments(new URL(name, folder))

/** The files that only the citizens' pages or only the console need. */
const files = {
  public: (): readonly (readonly [Name, Buffer])[] => [
    ['enhance.js', script()],
    ['strength.js', strengthScript()],
  ],
  console: (): readonly (readonly [Name, Buffer])[] => [
    ['console.css', file('console.css')],
    ['passkey.js', file('passkey.js')],
  ],
}

const ownLineComment = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)[ \t]*\n/gm

/**
 * Serves the static files of pages from memory, compressed. Their addresses change with their content, so browsers may
 * cache them for a year. Pages are not compressed, since their length would disclose their content (BREACH).
 * @param emblem the office's SVG, if it has one
 */
export function assets(emblem: Buffer | undefined, side: keyof typeof files = 'public') {
  const bodies: readonly (readonly [Name, Buffer])[] = [
    ['style.css', file('style.css')],
    ...files[side](),
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
  /** The address of a file; undefined for the emblem of an office that has none. */
  function address(name: Name): string | undefined {
    const version = loaded.get(`/assets/${name}`)?.version
    return version && `/assets/${name}?v=${version}`
  }
  return { serve, address }
}

/** Compresses a file at the first request that accepts the encoding. At start, it would delay each process by 0.2 s. */
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
