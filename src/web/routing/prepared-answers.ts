import { randomUUID } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http'
import type { Logger } from 'pino'
import type { Instrumentation } from '../../ports/observability/instrumentation.ts'
import { logRequest } from '../http/request-log.ts'

export type PreparedAnswer = { readonly headers: OutgoingHttpHeaders; readonly body: Buffer }

/** The answer, which is the same for everybody, to a GET of this target without further conditions, if there is one. */
export type PreparedAnswers = (target: string) => PreparedAnswer | undefined

/** Headers that change an answer: another request goes through the app. */
const conditions = ['origin', 'if-none-match', 'if-modified-since', 'range'] as const

/**
 * Sends answers that are prepared before the app makes a context for the request, which takes longer than all the rest.
 * They are logged and measured as the others are.
 */
export const preparedOr =
  (
    answers: PreparedAnswers,
    { request: measure, traceId }: Pick<Instrumentation, 'request' | 'traceId'>,
    log: Logger,
    app: RequestListener,
  ): RequestListener =>
  (request, response) => {
    const { method = '', url: route = '' } = request
    const answer = isPlainRead(request) ? answers(route) : undefined
    if (!answer) return app(request, response)
    measure(async () => {
      const began = performance.now()
      const requestId = randomUUID()
      response.writeHead(200, { ...answer.headers, 'x-request-id': requestId })
      response.end(answer.body)
      const trace = traceId()
      const ids = { requestId, ...(trace && { traceId: trace }) }
      logRequest(log, { ...ids, method, path: route, status: 200 }, began)
      return { route, method, status: 200 }
    }).catch((err: unknown) => log.error({ err }, 'request failed'))
  }

const isPlainRead = ({ method, headers }: IncomingMessage) =>
  (method === 'GET' || method === 'HEAD') && conditions.every((name) => headers[name] === undefined)
