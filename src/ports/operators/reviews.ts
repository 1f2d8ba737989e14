import type { Operator } from '../../people/operator.ts'
import type { Review } from '../../people/review.ts'

export type NewReview = Pick<Review, 'kind' | 'asker' | 'reason' | 'payload'>

/** The texts that the two persons see once after an approval, e.g. a link and its activation code. */
export type ShownOnce = { readonly toAsker?: string; readonly toDecider?: string }

export type Decider = Pick<Operator, 'id' | 'sponsors'>

/** A decision of one operator, which nobody else can make meanwhile. */
export type BegunDecision = {
  readonly review: Review
  approve(shown: ShownOnce): Promise<void>
  refuse(): Promise<void>
  /** Lets somebody decide again. */
  giveUp(): Promise<void>
}

/**
 * Matters that take two persons. Promises:
 * - reason and payload are encrypted;
 * - one operator decides, even for concurrent requests: never the asker, nor an operator whom the asker invited, directly or
 *   through others; and not after `policy.operators.review`;
 * - a decision whose process died before `approve` or `refuse` can be made again after a minute.
 */
export interface Reviews {
  /** Returns the id. */
  ask(review: NewReview): Promise<string>
  find(id: string): Promise<Review | undefined>
  /** The latest first. */
  latest(most: number): Promise<readonly Review[]>
  /** Leases a waiting review; undefined if this operator cannot decide it any more. */
  begin(id: string, decider: Decider, reason: string): Promise<BegunDecision | undefined>
  /** Removes and returns what this operator may see once. */
  takeShown(
    operatorId: string,
  ): Promise<readonly { readonly review: Review; readonly text: string }[]>
}
