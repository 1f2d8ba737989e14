import type { Middleware } from 'koa'
import { locales } from '../../config/sentences.ts'
import type { PageContext, PageState } from './pages.ts'

const year = 365 * 24 * 60 * 60 * 1000

/** `form-action` stays open: Chromium holds it against the redirect to the platform that follows a form. */
export const headers: Middleware = async (ctx, next) => {
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  await next()
}

/** `/?lang=en` is remembered and leads to the first page; without it, Chinese. */
export const language =
  (cookie: string): Middleware<PageState> =>
  async (ctx, next) => {
    const chosen = locales.find((locale) => locale === ctx.query['lang'])
    if (chosen) {
      ctx.cookies.set(cookie, chosen, { maxAge: year, sameSite: 'lax' })
      ctx.status = 303
      return ctx.redirect('/')
    }
    ctx.state.locale = locales.find((locale) => locale === ctx.cookies.get(cookie)) ?? 'zh-CN'
    await next()
  }

/** The callback comes to `baseUrl`, so the session's cookie must be that host's, not 127.0.0.1's. */
export const ownHost =
  (baseUrl: string): Middleware =>
  async (ctx, next) => {
    const isPage = ctx.method === 'GET' && ctx.path !== '/health'
    if (!isPage || ctx.host === new URL(baseUrl).host) return next()
    ctx.status = 307
    ctx.redirect(baseUrl + ctx.url)
  }

/** SameSite=Lax keeps other sites out; this keeps out the other ports of localhost, which are the same site. */
export function foreignOrigin(ctx: PageContext, baseUrl: string): boolean {
  const origin = ctx.get('Origin')
  return origin !== '' && origin !== new URL(baseUrl).origin
}
