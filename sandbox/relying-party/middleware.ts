import type { Middleware } from 'koa'
import { locales } from '../../config/sentences.ts'
import type { PageContext, PageState } from './pages.ts'

const year = 365 * 24 * 60 * 60 * 1000

/** `form-action` is not restricted, since Chromium applies it to the redirect to the platform as well. */
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

/** Stores the language of `/?lang=en` in a cookie. The default is Chinese. */
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

/** Redirects pages to the host of `baseUrl`, since the callback comes there and needs the session cookie of that host. */
export const ownHost =
  (baseUrl: string): Middleware =>
  async (ctx, next) => {
    const isPage = ctx.method === 'GET' && ctx.path !== '/health'
    if (!isPage || ctx.host === new URL(baseUrl).host) return next()
    ctx.status = 307
    ctx.redirect(baseUrl + ctx.url)
  }

/** Whether a form comes from another origin. SameSite=Lax does not stop other ports of localhost, which are the same site. */
export function foreignOrigin(ctx: PageContext, baseUrl: string): boolean {
  const origin = ctx.get('Origin')
  return origin !== '' && origin !== new URL(baseUrl).origin
}
