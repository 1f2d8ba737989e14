import type { Middleware } from 'koa'
import helmet from 'koa-helmet'

/**
 * Sets the security headers of pages, which are the same for all of them and are therefore made once. `form-action` is
 * absent because Chromium applies it to the redirect to the client after the login form. The referrer policy is
 * `same-origin` because with `no-referrer`, Chromium sends `Origin: null` with forms.
 */
export function securityHeaders(https: boolean): Middleware {
  const headersOf = helmetOf(https)
  let headers: Readonly<Record<string, string>> | undefined
  return async (ctx, next) => {
    if (headers) ctx.set(headers)
    else {
      const before = Object.keys(ctx.response.headers)
      await headersOf(ctx, async () => {})
      const added = Object.entries(ctx.response.headers).filter(([name]) => !before.includes(name))
      headers = Object.fromEntries(added.map(([name, value]) => [name, String(value)]))
    }
    await next()
  }
}

const helmetOf = (https: boolean): Middleware =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        mediaSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(https && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: https ? { maxAge: 31536000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })

/** Rejects forms from other origins before they are parsed (OWASP: verify the origin with standard headers). */
export const sameOriginForms =
  (origin: string): Middleware =>
  async (ctx, next) => {
    const from = ctx.get('Origin')
    if (ctx.method === 'POST' && from && from !== origin) ctx.throw(403)
    await next()
  }
