import { randomUUID } from 'node:crypto'
import type { Locale } from '../../../config/sentences.ts'
import type { Context } from '../context.ts'
import { errorPages } from '../http/error-responses.ts'
import { readPreferences } from '../http/preferences.ts'
import type { Render } from '../page/render-page.ts'

/** These stand in a prepared page for the parts that differ between two requests. */
const query = `query-${randomUUID()}`
const requestId = `id-${randomUUID()}`

/**
 * The page of a refused request, which costs two replacements: it is rendered once in each language and size.
 * @param render renders pages without 公告, which may change
 */
export function busyPage(render: Render, https: boolean): (ctx: Context) => void {
  const prepared = new Map<string, string>()

  function prepare(locale: Locale, largeText: boolean): string {
    const ctx = { state: { locale, largeText, requestId }, querystring: query, set: () => {} }
    errorPages(render)(ctx as unknown as Context, 503)
    return String((ctx as { body?: unknown }).body)
  }

  return (ctx) => {
    const { locale, largeText } = readPreferences(ctx, https)
    const key = `${locale} ${largeText}`
    const page = prepared.get(key) ?? prepare(locale, largeText)
    prepared.set(key, page)
    ctx.type = 'html'
    ctx.set('Cache-Control', 'no-store')
    ctx.body = page
      .replaceAll(`${query}=&amp;`, addressed(ctx))
      .replaceAll(requestId, ctx.state.requestId)
  }
}

/** The query of the address as the switches of the header repeat it, in HTML. */
function addressed({ querystring }: Context): string {
  const kept = new URLSearchParams(querystring)
  for (const name of ['lang', 'text', 'ui_locales']) kept.delete(name)
  // `URLSearchParams` encodes all characters that HTML would need escaped, but `&`.
  return kept.size ? `${kept}&amp;`.replaceAll(/&(?!amp;)/g, '&amp;') : ''
}
