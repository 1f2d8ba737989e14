import type * as z from 'zod'
import type { Once, RecordedAnswer } from '../../ports/idempotent-requests.ts'
import type { Deed } from '../access/record-deeds.ts'
import type { ApiRoute } from './api-access.ts'
import type { ApiProblem, ApiProblemName } from './api-problem.ts'

/** A request whose token, scope, query and body were checked. */
export type ApiRequest<Query, Body> = {
  readonly clientId: string
  /** The same for each repetition with the same `Idempotency-Key`. */
  readonly by: string
  /** Gives the plan of the first request with this `Idempotency-Key`. */
  readonly once: Once
  readonly query: Query
  readonly body: Body
  /** A parameter of the path. */
  readonly param: (name: string) => string
}

/** The result of a call. `did` is stored before the answer goes out. */
export type ApiOutcome =
  | { readonly did: Deed | readonly Deed[] | 'nothing'; readonly answer: RecordedAnswer }
  | ApiProblem

/** The documented answer of a call that succeeds. */
export type ApiAnswer = {
  readonly status: 200 | 201 | 204
  readonly description: string
  readonly schema?: z.ZodType
}

/** A call as data: its schemas validate requests and make the OpenAPI document. */
export type ApiCall<Query = unknown, Body = unknown> = {
  readonly route: ApiRoute
  readonly summary: string
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  /** Absent: the call never succeeds. */
  readonly answer?: ApiAnswer
  /** The problems of this call beside those that every call has. */
  readonly problems: readonly ApiProblemName[]
  run(request: ApiRequest<Query, Body>): Promise<ApiOutcome>
}

/** Infers the types of a call from its schemas. */
export const apiCall = <Query, Body>(call: ApiCall<Query, Body>): ApiCall => call as ApiCall

export const done = { status: 204, description: 'Done, now or before.' } as const

/** The answer without a body. */
export const noContent: RecordedAnswer = { status: 204, body: undefined }
