import { type MessageCode, say } from '../../config/messages.ts'
import type { Locale } from '../../config/sentences.ts'
import type { Message, MessageParams, Refusal } from '../people/refusal.ts'
import { messageParamsOf } from '../web/page/message-params.ts'

/** Every type of problem; the name is the last part of the type's URN. */
export const problems = {
  request: { status: 400, title: 'terminal.request.title' },
  'invalid-token': { status: 401, title: 'terminal.token.title' },
  'insufficient-scope': { status: 403, title: 'terminal.scope.title' },
  'invalid-statement': { status: 403, title: 'terminal.statement.title' },
  'account-frozen': { status: 403, title: 'terminal.frozen.title' },
  'no-account': { status: 404, title: 'terminal.noAccount.title' },
  unknown: { status: 404, title: 'terminal.unknown.title' },
  method: { status: 405, title: 'terminal.method.title' },
  'key-reused': { status: 409, title: 'terminal.keyReused.title' },
  'too-large': { status: 413, title: 'terminal.request.title' },
  'media-type': { status: 415, title: 'terminal.request.title' },
  'invalid-values': { status: 422, title: 'terminal.values.title' },
  'bank-refused': { status: 422, title: 'terminal.bank.title' },
  'over-limit': { status: 429, title: 'terminal.limit.title' },
  fault: { status: 500, title: 'terminal.fault.title' },
  outage: { status: 503, title: 'terminal.outage.title' },
} as const satisfies Record<string, { readonly status: number; readonly title: MessageCode }>

export type ProblemName = keyof typeof problems

/** A problem before it is written in a language. */
export type Problem = {
  readonly name: ProblemName
  readonly detail?: MessageCode
  readonly params?: MessageParams
  /** ms since 1970, for `{until}` of the detail. */
  readonly until?: number
  /** Errors of the body, each with a JSON pointer (RFC 6901). */
  readonly errors?: readonly ValueError[]
  /** Seconds. */
  readonly retryAfter?: number
}

export type ValueError = Pick<Message, 'code' | 'params' | 'until'> & { readonly pointer: string }

/** The body of a problem response (RFC 9457). */
export function problemBody(problem: Problem, locale: Locale, now: number) {
  const { name, detail, errors } = problem
  const { status, title } = problems[name]
  const params = messageParamsOf({ code: title, ...problem }, locale, now)
  const { caseNumber } = params
  return {
    type: `urn:uup:problem:${name}`,
    title: say(locale, title),
    status,
    ...(detail && { detail: say(locale, detail, params) }),
    ...(errors && {
      errors: errors.map((error) => ({
        pointer: error.pointer,
        detail: say(locale, error.code, messageParamsOf(error, locale, now)),
      })),
    }),
    // Support looks up the case by this number (guide, question 七).
    ...(caseNumber && { caseNumber }),
  }
}

/** Turns a refusal of a proof, which a page would show, into a problem. */
export function problemOfRefusal({ field, status, retryAfter, ...refusal }: Refusal): Problem {
  const { code, params, until } = refusal
  const said = { ...(params && { params }), ...(until !== undefined && { until }) }
  const pointer = pointerOfField[field]
  const name =
    status === 429
      ? 'over-limit'
      : status === 503
        ? 'outage'
        : pointer
          ? 'invalid-values'
          : 'bank-refused'
  return {
    name,
    detail: code,
    ...said,
    ...(pointer && { errors: [{ pointer, code, ...said }] }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** JSON pointers of the fields that a bank's answer can refer to. */
const pointerOfField: Readonly<Record<string, string>> = {
  account: '/card/account',
  bank: '/card/bank',
}
