import type { Operator } from '../../people/operator.ts'
import type { Review } from '../../people/review.ts'

export type NewReview = Pick<Review, 'kind' | 'asker' | 'reason' | 'payload'>

/** What the two persons see once after an approval, e.g. a link and its activation code. */
export type ShownOnce = { readonly toAsker?: string; readonly toDecider?: string }

export type Decider = Pick<Operator, 'id' | 'sponsors'>

/**
 * What takes two persons. Promises:
 * - reason and payload are encrypted;
 * - one operator decides, even for concurrent requests: never the asker, nor an operator whom the asker invited, directly or
 *   through others; and not after `policy.operators.review`;
 * - an approval whose process died before `finish` can be decided again after a minute.
 */
export interface Reviews {
  /** Returns the id. */
  ask(review: NewReview): Promise<string>
  find(id: string): Promise<Review | undefined>
  /** The latest first. */
  latest(most: number): Promise<readonly Review[]>
  /** Leases a waiting review; undefined if this operator cannot decide it any more. */
  beginApproval(
    id: string,
    decider: Decider,
    reason: string,
  ): Promise<
    | { readonly review: Review; finish(shown: ShownOnce): Promise<void>; giveUp(): Promise<void> }
    | undefined
  >
  /** False if this operator cannot decide it any more. */
  refuse(id: string, decider: Decider, reason: string): Promise<boolean>
  /** Removes and returns what this operator may see once. */
  takeShown(
    operatorId: string,
  ): Promise<readonly { readonly review: Review; readonly text: string }[]>
}
