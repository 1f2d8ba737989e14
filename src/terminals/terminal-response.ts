import type { Locale } from '../../config/sentences.ts'
import type { Clock } from '../ports/clock.ts'
import type { RecordedAnswer } from '../ports/idempotent-requests.ts'
import type { Context } from '../web/context.ts'
import type { ShowError } from '../web/http/error-responses.ts'
import { type Problem, problemBody, problems } from './problem.ts'

export const apiPath = '/api/'

export const localeOf = (ctx: Context): Locale =>
  ctx.acceptsLanguages('zh-CN', 'zh', 'en') === 'en' ? 'en' : 'zh-CN'

/** Sends an answer as JSON that no cache stores. */
export function sendJson(ctx: Context, { status, body }: RecordedAnswer): void {
  ctx.status = status
  ctx.body = JSON.stringify(body)
  ctx.type = status < 400 ? 'application/json' : 'application/problem+json'
  ctx.set('Cache-Control', 'no-store')
}

/** Sends a problem (RFC 9457) with `Content-Language` and `Retry-After`, and logs it. */
export function sendProblem(ctx: Context, problem: Problem, now: number): void {
  const { name, detail, retryAfter } = problem
  ctx.state.log.info({ endpoint: 'terminal', error: name, detail }, 'refused')
  const locale = localeOf(ctx)
  sendJson(ctx, { status: problems[name].status, body: problemBody(problem, locale, now) })
  ctx.set('Content-Language', locale)
  if (retryAfter !== undefined) ctx.set('Retry-After', String(Math.ceil(retryAfter)))
}

/** Answers failed requests below `/api/` with a problem for programs, all others with an error page. */
export const problemsOrPages =
  (pages: ShowError, clock: Clock): ShowError =>
  (ctx, status, error) => {
    if (!ctx.path.startsWith(apiPath)) return pages(ctx, status, error)
    sendProblem(ctx, byStatus.get(status) ?? { name: status < 500 ? 'request' : 'fault' }, clock())
  }

const byStatus = new Map<number, Problem>([
  [400, { name: 'request', detail: 'terminal.request.json' }],
  [404, { name: 'unknown' }],
  [405, { name: 'method' }],
  [413, { name: 'too-large', detail: 'terminal.request.size' }],
  [415, { name: 'media-type', detail: 'terminal.request.type' }],
  [503, { name: 'outage', detail: 'terminal.outage.detail', retryAfter: 5 }],
])
