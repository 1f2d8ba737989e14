import { say } from '../../config/messages.ts'
import type { Locale } from '../../config/sentences.ts'
import type { Message, Refusal } from '../people/refusal.ts'
import {
  commonProblems,
  type ProblemOf,
  type ProblemTypes,
  problemMembers,
} from '../web/api/common-problems.ts'
import { messageParamsOf } from '../web/page/message-params.ts'

/** Every type of problem; the name is the last part of the type's URN. */
export const problems = {
  ...commonProblems,
  'insufficient-scope': { status: 403, title: 'terminal.scope.title' },
  'invalid-statement': { status: 403, title: 'terminal.statement.title' },
  'account-frozen': { status: 403, title: 'terminal.frozen.title' },
  'no-account': { status: 404, title: 'terminal.noAccount.title' },
  'key-reused': { status: 409, title: 'api.keyReused.title' },
  'bank-refused': { status: 422, title: 'terminal.bank.title' },
} as const satisfies ProblemTypes

/** `errors`: of the body, each with a JSON pointer (RFC 6901). */
export type Problem = ProblemOf<keyof typeof problems> & { readonly errors?: readonly ValueError[] }

export type ValueError = Pick<Message, 'code' | 'params' | 'until'> & { readonly pointer: string }

/** The body of a problem response (RFC 9457). */
export function problemBody(problem: Problem, locale: Locale, now: number) {
  const { errors, params = {} } = problem
  const { caseNumber } = params
  return {
    ...problemMembers(problem, problems, locale, now),
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
