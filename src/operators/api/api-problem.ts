import { say } from '../../../config/messages.ts'
import type { SchemaProblem } from '../../../config/schema-problem.ts'
import type { Locale } from '../../../config/sentences.ts'
import type { Refusal } from '../../people/refusal.ts'
import {
  commonProblems,
  type ProblemOf,
  type ProblemTypes,
  problemMembers,
} from '../../web/api/common-problems.ts'
import { messageParamsOf } from '../../web/page/message-params.ts'

/** Every type of problem of the operators' API. */
export const apiProblems = {
  ...commonProblems,
  'insufficient-scope': { status: 403, title: 'adminApi.scope.title' },
  'two-persons': { status: 403, title: 'adminApi.twoPersons.title' },
  'not-found': { status: 404, title: 'adminApi.notFound.title' },
  conflict: { status: 409, title: 'adminApi.conflict.title' },
  'key-reused': { status: 422, title: 'api.keyReused.title' },
} as const satisfies ProblemTypes

export type ApiProblemName = keyof typeof apiProblems

/** An error of a value. `field` is its name in the body, the query or the path. */
export type FieldError = Pick<SchemaProblem, 'field' | 'code'> & Partial<SchemaProblem>

export type ApiProblem = ProblemOf<ApiProblemName> & { readonly errors?: readonly FieldError[] }

/** The body of a problem (RFC 9457). No sentence contains a value of the request. */
export function apiProblemBody(problem: ApiProblem, locale: Locale, now: number) {
  const { errors } = problem
  return {
    ...problemMembers(problem, apiProblems, locale, now),
    ...(errors && {
      errors: errors.map((error) => ({
        field: error.field,
        message: say(locale, error.code, messageParamsOf(error, locale, now)),
      })),
    }),
  }
}

/** The refusals of an action that pages show beside their fields. */
export function problemOfRefusals(refusals: readonly Refusal[]): ApiProblem {
  const limit = refusals.find(({ status }) => status === 429)
  if (limit) {
    const { code, retryAfter, params } = limit
    return {
      ...{ name: 'over-limit', detail: code },
      ...(params && { params }),
      ...(retryAfter !== undefined && { retryAfter }),
    }
  }
  return {
    name: 'invalid-values',
    errors: refusals.map(({ field, code, params = {} }) => ({ field, code, params })),
  }
}
