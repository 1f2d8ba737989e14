import type { ShowError } from '../web/http/error-responses.ts'

/** The paths of the event interface. */
export const eventsPath = '/ssf/'

/**
 * The reasons of refusals: the error codes of RFC 8935 (7.1), and two for statuses of the Shared Signals Framework that
 * these codes do not cover.
 */
type Reason =
  | 'invalid_request'
  | 'authentication_failed'
  | 'access_denied'
  | 'not_found'
  | 'conflict'
  | 'too_many_requests'
  | 'temporarily_unavailable'
  | 'server_error'

/** A request of a receiver that is refused. */
export class StreamRefusal extends Error {
  override readonly name = 'StreamRefusal'
  readonly expose = true
  readonly status: number
  readonly retryAfter: number | undefined
  constructor(status: number, message: string, retryAfter?: number) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

const reasons: Readonly<Record<number, Reason>> = {
  401: 'authentication_failed',
  403: 'access_denied',
  404: 'not_found',
  409: 'conflict',
  429: 'too_many_requests',
  500: 'server_error',
  503: 'temporarily_unavailable',
}

/** Answers failed requests of receivers in JSON (RFC 8935, 2.4), all others with `show`. */
export const eventErrorsOr =
  (show: ShowError): ShowError =>
  (ctx, status, error) => {
    if (!ctx.path.startsWith(eventsPath)) return show(ctx, status, error)
    const isKnown = error instanceof StreamRefusal
    const err = reasons[status] ?? 'invalid_request'
    ctx.state.log.info({ endpoint: 'events', error: err }, 'refused')
    ctx.status = status
    ctx.set('Cache-Control', 'no-store')
    ctx.body = { err, description: isKnown ? error.message : (descriptions[status] ?? '') }
  }

const descriptions: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON.',
  404: 'There is no such endpoint.',
  405: 'The endpoint has no such method.',
  413: 'The body is too large.',
  415: 'The body must be application/json.',
}
