import { randomBytes } from 'node:crypto'
import type { Middleware } from 'koa'
import { locales } from '../../../config/sentences.ts'
import type { Context, WebState } from '../context.ts'
import { readCookie, setCookie, year } from './own-cookies.ts'
import { seeOther } from './see-other.ts'

/**
 * Reads language, text size and the browser's id from cookies. `?lang=en` and `?text=large` set the cookies and
 * redirect to the same page without the parameter; a posted request is answered at once instead. They come from the
 * switches in the header, `lang` also from a client's `ui_locales`.
 */
export const preferences =
  (https: boolean): Middleware<WebState> =>
  async (ctx, next) => {
    const { lang, text, locale, largeText } = readPreferences(ctx, https)
    if (lang) setCookie(ctx, 'lang', lang, { maxAge: year })
    if (text) setCookie(ctx, 'text', text, { maxAge: year })
    if (ctx.method === 'GET' && (ctx.query['lang'] || ctx.query['text'])) return goOn(ctx)
    ctx.state.locale = locale
    ctx.state.largeText = largeText
    const known = readCookie(ctx, 'browser')
    ctx.state.sentCookies = known !== undefined && isBrowserId(known)
    ctx.state.browser = ctx.state.sentCookies ? String(known) : newBrowserId(ctx)
    await next()
  }

/** Language and text size of a request: `lang` and `text` as the address names them, else those of the cookies. */
export function readPreferences(ctx: Context, https: boolean) {
  // Koa would derive this from the connection, but the proxy may speak http to us.
  ctx.cookies.secure = https
  const { lang, text } = chosen(ctx)
  return {
    ...{ lang, text },
    locale: lang ?? localeNamed(readCookie(ctx, 'lang')) ?? 'zh-CN',
    largeText: (text ?? readCookie(ctx, 'text')) === 'large',
  }
}

/** The language and the text size that the address names. */
function chosen({ querystring }: Context) {
  const query = new URLSearchParams(querystring)
  return {
    lang: localeNamed(query.get('lang')),
    text: ['large', 'normal'].find((size) => size === query.get('text')),
  }
}

const localeNamed = (name: string | null | undefined) => locales.find((locale) => locale === name)

/** Redirects to the same page without the parameters. */
function goOn(ctx: Context): void {
  const query = new URLSearchParams(ctx.querystring)
  query.delete('lang')
  query.delete('text')
  // A target that begins with two slashes or backslashes would be another host.
  const path = ctx.path.replace(/^[/\\]+/, '/')
  seeOther(ctx, query.size ? `${path}?${query}` : path)
}

const isBrowserId = (value: string) => /^[\w-]{22}$/.test(value)

function newBrowserId(ctx: Context): string {
  const id = randomBytes(16).toString('base64url')
  setCookie(ctx, 'browser', id, { maxAge: year })
  return id
}
