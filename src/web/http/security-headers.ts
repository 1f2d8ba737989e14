import type { Middleware } from 'koa'
import helmet from 'koa-helmet'

/**
 * Security headers of the pages. No `form-action`: Chromium applies it to the redirect to the relying party after
 * the login form. `same-origin` for the referrer: with `no-referrer` Chromium sends `Origin: null` with forms.
 */
export const securityHeaders = (https: boolean): Middleware =>
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

/** A form that another origin sent is refused before it is read (OWASP: verify the origin with standard headers). */
export const sameOriginForms =
  (origin: string): Middleware =>
  async (ctx, next) => {
    const from = ctx.get('Origin')
    if (ctx.method === 'POST' && from && from !== origin) ctx.throw(403)
    await next()
  }
