import type { Locale } from '../../../config/sentences.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RecordedAnswer } from '../../ports/idempotent-requests.ts'
import type { Context } from '../context.ts'
import type { ShowError } from '../http/error-responses.ts'
import {
  commonProblems,
  type ProblemOf,
  problemMembers,
  problemOfStatus,
} from './common-problems.ts'

export const apiPath = '/api/'

export const localeOf = (ctx: Context): Locale =>
  ctx.acceptsLanguages('zh-CN', 'zh', 'en') === 'en' ? 'en' : 'zh-CN'

/** Sends an answer as JSON that no cache stores; without a body if it has none. */
export function sendJson(ctx: Context, { status, body }: RecordedAnswer): void {
  ctx.status = status
  ctx.set('Cache-Control', 'no-store')
  if (body === undefined) return
  ctx.body = JSON.stringify(body)
  ctx.type = status < 400 ? 'application/json' : 'application/problem+json'
}

/** Sends a problem (RFC 9457) with `Content-Language` and `Retry-After`, and logs it. */
export function sendProblem(
  ctx: Context,
  { name, detail, retryAfter }: ProblemOf<string>,
  body: { readonly status: number },
): void {
  ctx.state.log.info({ endpoint: 'api', error: name, detail }, 'refused')
  sendJson(ctx, { status: body.status, body })
  ctx.set('Content-Language', localeOf(ctx))
  if (retryAfter !== undefined) ctx.set('Retry-After', String(Math.ceil(retryAfter)))
}

/** Answers failed requests below `/api/` with a problem for programs, all others with an error page. */
export const problemsOrPages =
  (pages: ShowError, clock: Clock): ShowError =>
  (ctx, status, error) => {
    if (!ctx.path.startsWith(apiPath)) return pages(ctx, status, error)
    const problem = problemOfStatus(status)
    sendProblem(ctx, problem, problemMembers(problem, commonProblems, localeOf(ctx), clock()))
  }
