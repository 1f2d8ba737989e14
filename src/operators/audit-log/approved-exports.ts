import type { Operator } from '../../people/operator.ts'
import type { Review } from '../../people/review.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { ExportPayload } from './export-matter.ts'

const day = 24 * 60 * 60 * 1000
const mostReviews = 200

/** Whether this operator may download what the review was about: for a day after the decision. */
export const isDownloadable = (
  { kind, state, asker, decision }: Review,
  { id }: Pick<Operator, 'id'>,
  now: number,
): boolean =>
  kind === 'audit-export' && state === 'approved' && asker === id && now < (decision?.at ?? 0) + day

/** The exports that another auditor approved for this operator. */
export const approvedExports = async (
  reviews: Pick<Reviews, 'latest'>,
  operator: Pick<Operator, 'id'>,
  now: number,
) =>
  (await reviews.latest(mostReviews))
    .filter((review) => isDownloadable(review, operator, now))
    .map(({ id, askedAt, payload }) => ({ id, askedAt, ...(payload as ExportPayload) }))
