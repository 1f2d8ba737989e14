/** A request that its caller may repeat because the response was lost (draft-ietf-httpapi-idempotency-key-header). */
export type IdempotentRequest = {
  /** The caller whose keys are told apart from those of others. */
  readonly caller: string
  /** The `Idempotency-Key`. */
  readonly key: string
  /** The request's parameters in canonical form. */
  readonly content: string
  /** The `jti` of the caller's statement, if the interface asks for one: it belongs to one key of that caller. */
  readonly jti?: string
  /** Whether the statement is recent enough to be accepted for the first time; default: true. */
  readonly fresh?: boolean
  /** Seconds for which the answer is repeated; default: `policy.terminals.keep`. */
  readonly keep?: number
}

/** The response that a repeated request receives again. */
export type RecordedAnswer = { readonly status: number; readonly body: unknown }

/**
 * Resolves to what the first attempt of a request planned, a value of JSON. It is stored before the attempt goes on, so that
 * an attempt after a crash carries out the same plan.
 */
export type Once = <Plan>(plan: () => Promise<Plan>) => Promise<Plan>

/** For a request that is not repeated. */
export const notRepeated: Once = (plan) => plan()

/** An attempt to execute a request, which ends with `finish` or `giveUp`. `by` is the same at each attempt. */
export type BegunRequest = {
  readonly by: string
  readonly once: Once
  finish(answer: RecordedAnswer): Promise<void>
  giveUp(): Promise<void>
}

export type BeginOutcome =
  | BegunRequest
  | { readonly answered: RecordedAnswer }
  | 'under_way'
  /** The key was used with other content. */
  | 'other_content'
  /** The `jti` was used with another key. */
  | 'used_jti'
  /** The statement is not fresh and its `jti` is unknown. */
  | 'late_jti'

/**
 * Executes each request once, however often it is repeated. Promises:
 * - the answers are durable: every process repeats the recorded answer for `keep`;
 * - of concurrent requests one is executed; when its process dies, another one may be after `policy.terminals.lease`;
 * - a request has one plan; `once` rejects in an attempt that another one has taken over;
 * - keys, contents and `jti`s are stored as blind indexes, plans and answers are encrypted.
 */
export interface IdempotentRequests {
  begin(request: IdempotentRequest): Promise<BeginOutcome>
}
