import type { Environment } from '../../../config/environment/settings.ts'
import { type MessageCode, say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import type { MessageParams, Refusal } from '../../people/refusal.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Announcements } from '../../ports/operators/announcements.ts'
import type { Context } from '../context.ts'
import type { assets } from './assets.ts'
import { loadViews } from './compiled-views.ts'
import { contactLinks } from './contact-links.ts'
import { summaryOf, withMessageParams } from './refusal-summary.ts'

/** The name and the contacts of the office that runs the platform. */
export type Site = {
  readonly brandName: string
  readonly sponsor: string
  readonly phone: string
  readonly email: string
  readonly siteNumber: string | undefined
  readonly icpNumber: string | undefined
}

export const siteOf = (env: Environment): Site => ({
  brandName: env.BRAND_NAME ?? env.SPONSOR,
  sponsor: env.SPONSOR,
  phone: env.CONTACT_PHONE,
  email: env.CONTACT_EMAIL,
  siteNumber: env.SITE_NUMBER,
  icpNumber: env.ICP_NUMBER,
})

export type PageLocals = {
  readonly title: MessageCode
  readonly refusals?: readonly Refusal[]
  readonly [name: string]: unknown
}

/** Responds with a page. `view` is its path below views/ without the ending. */
export type Render = (ctx: Context, view: string, locals: PageLocals) => void

/** @param announcements 公告 on top of each page; the console has none */
export function pageRenderer(
  site: Site,
  { address }: ReturnType<typeof assets>,
  clock: Clock,
  announcements?: Pick<Announcements, 'shown'>,
): Render {
  const linked = contactLinks(site.phone)
  const views = loadViews()
  return (ctx, view, locals) => {
    const { locale, largeText, requestId } = ctx.state
    const now = clock()
    const given = locals.refusals ?? []
    const refusals = given.map((refusal) => withMessageParams(refusal, locale, now))
    const keepsTyped = locals['keepsTyped'] === true
    const withParam = (name: string, value: string) => {
      const query = new URLSearchParams(ctx.querystring)
      query.set(name, value)
      // The person's choice has precedence over the client's `ui_locales`.
      if (name === 'lang') query.delete('ui_locales')
      return `?${query}`
    }
    ctx.type = 'html'
    ctx.set('Cache-Control', 'no-store')
    const template = views.get(view)
    if (!template) throw new Error(`there is no view ${view}`)
    ctx.body = template({
      ...locals,
      announcements: announcements?.shown() ?? [],
      refusals,
      summary: summaryOf(refusals, { keepsTyped, locale, now }),
      refusalAt: (field: string) => refusals.find((refusal) => refusal.field === field),
      t: (code: MessageCode, params?: MessageParams) => say(locale, code, params),
      /** Converts a sentence to HTML with links for its phone numbers and e-mail addresses. */
      linked,
      dateTime: (at: number) => dateTime(locale, at),
      locale,
      largeText,
      requestId,
      site,
      asset: address,
      withParam,
    })
  }
}

/** Sets the status of a page with refusals. An outage or a limit has precedence over a wrong field. */
export function setRefusalStatus(ctx: Context, refusals: readonly Refusal[]): void {
  ctx.status = Math.max(...refusals.map(({ status }) => status ?? 422))
  const wait = Math.max(0, ...refusals.map(({ retryAfter }) => retryAfter ?? 0))
  if (wait) ctx.set('Retry-After', String(wait))
}

/** Formats a time in China's time zone. */
const dateTime = (locale: Locale, at: number): string =>
  new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Asia/Shanghai',
  }).format(at)
