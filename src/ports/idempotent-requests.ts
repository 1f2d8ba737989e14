/** An act that its caller may ask for again because the answer was lost. */
export type Wanted = {
  /** Whose key it is. */
  readonly caller: string
  /** The caller's name for the act (draft-ietf-httpapi-idempotency-key-header). */
  readonly key: string
  /** What is to be done, in a canonical form. */
  readonly content: string
  /** An id that is good for one key of that caller. */
  readonly ticket: string
  /** Whether the ticket is young enough to be shown for the first time. */
  readonly fresh: boolean
}

/** An answer as it was given. */
export type ActAnswer = { readonly status: number; readonly body: unknown }

export type BegunAct =
  /** Nobody else does it now. `by` is the same each time. One of both has to follow. */
  | { readonly by: string; finish(answer: ActAnswer): Promise<void>; giveUp(): Promise<void> }
  | { readonly answered: ActAnswer }
  | 'under_way'
  /** The key was used for something else. */
  | 'other_content'
  /** The ticket was used with another key. */
  | 'used_ticket'
  /** The ticket is not fresh and was never seen. */
  | 'late_ticket'

/**
 * Acts that are done once although they are asked for many times. Promises:
 * - durable: what was answered is answered again in the same words for `policy.terminals.keep`, in every process;
 * - of any number of requests at once one does it; when its process dies another may after `policy.terminals.lease`;
 * - keys, contents and tickets are stored as keyed digests, answers sealed.
 */
export interface Acts {
  begin(wanted: Wanted): Promise<BegunAct>
}
