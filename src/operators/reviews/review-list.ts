import { say } from '../../../config/messages.ts'
import type { Operator } from '../../people/operator.ts'
import { decides, type Review } from '../../people/review.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { ReviewMatters } from './review-matters.ts'

/** Whether this operator could decide a review now. */
const mayDecide = ({ id, role, sponsors }: Operator, review: Review, now: number): boolean =>
  review.state === 'waiting' &&
  now < review.expiresAt &&
  decides(role, review.kind) &&
  ![id, ...sponsors].includes(review.asker)

/** The reviews on 待复核: those that wait for this operator, and those that this operator asked for. */
export async function reviewsOnPage(
  reviews: readonly Review[],
  operator: Operator,
  now: number,
  matters: ReviewMatters,
  operators: Pick<Operators, 'list'>,
) {
  const known = await operators.list()
  const nameOf = (id: string) => known.find((one) => one.id === id)?.name ?? id
  const onPage = async (review: Review) => ({
    ...review,
    title: `review.${review.kind}`,
    lines: (await matters[review.kind]?.describe(review.payload)) ?? [],
    askerName: nameOf(review.asker),
    stateText: say('zh-CN', `review.state.${stateOf(review, now)}`),
    decider: review.decision && nameOf(review.decision.by),
  })
  return {
    waiting: await Promise.all(
      reviews.filter((review) => mayDecide(operator, review, now)).map(onPage),
    ),
    asked: await Promise.all(reviews.filter(({ asker }) => asker === operator.id).map(onPage)),
  }
}

const stateOf = ({ state, expiresAt }: Review, now: number) =>
  state === 'waiting' && now >= expiresAt ? 'void' : state
