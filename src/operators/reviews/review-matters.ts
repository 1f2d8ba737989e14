import type { MessageCode } from '../../../config/messages.ts'
import type { Operator } from '../../people/operator.ts'
import { asks, type Review, type ReviewKind } from '../../people/review.ts'
import type { Reviews, ShownOnce } from '../../ports/operators/reviews.ts'
import type { Answer } from '../access/console-frame.ts'
import type { Outcome } from '../access/console-router.ts'
import type { Deed } from '../access/record-deeds.ts'

/** A line that describes to both persons what is asked for; personal values are masked. */
export type ReviewLine = { readonly label: MessageCode; readonly value: string }

/** A kind of review: how it is described, and what an approval does. */
export type ReviewMatter = {
  describe(payload: unknown): Promise<readonly ReviewLine[]> | readonly ReviewLine[]
  /**
   * Carries it out. It is idempotent by the review's id, since it is repeated if the process dies. `deed` is the audit event
   * of what was done, besides that of the approval.
   */
  execute(review: Review, decider: Operator): Promise<ShownOnce & { readonly deed?: Deed }>
  /** The new secret in a text that is shown once, with the id of its client. */
  secretIn?(text: string): { readonly id: string; readonly secret: string } | undefined
}

export type ReviewMatters = { readonly [Kind in ReviewKind]?: ReviewMatter }

/** Asks for a review. The audit event is stored before the answer goes out. */
export async function askReview(
  { kind, payload, reason }: Pick<Review, 'kind' | 'payload' | 'reason'>,
  { id: asker, role }: Operator,
  reviews: Pick<Reviews, 'ask'>,
  answer: Answer,
): Promise<Outcome> {
  if (!asks(role, kind)) throw new Error(`${role} does not ask for ${kind}`)
  const target = await reviews.ask({ kind, payload, reason, asker })
  return { did: { what: 'review-asked', target, reason, detail: kind }, answer }
}
