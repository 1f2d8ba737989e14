import * as z from 'zod'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { decides } from '../../people/review.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { BegunDecision, Reviews } from '../../ports/operators/reviews.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
import type { Deed } from '../access/record-deeds.ts'
import { reviewsOnPage } from './review-list.ts'
import type { ReviewMatters } from './review-matters.ts'

export type ReviewsPagePorts = {
  readonly audit: Pick<Audit, 'record'>
  readonly clock: Clock
  readonly operators: Pick<Operators, 'list'>
  readonly reviews: Reviews
}

const onPage = 200
const form = z.object({ reason, action: z.enum(['approve', 'refuse']) })

/** 待复核: what waits for this operator, and what this operator asked for. */
export function reviewsPage(
  router: ConsoleRouter,
  { audit, clock, operators, reviews }: ReviewsPagePorts,
  matters: ReviewMatters,
  show: Show,
) {
  async function page(
    operator: Operator,
    more: {
      readonly done?: string | undefined
      readonly at?: string
      readonly refusals?: readonly Refusal[]
    },
  ) {
    const latest = await reviews.latest(onPage)
    return show('console/reviews', {
      title: 'reviews.title',
      ...(await reviewsOnPage(latest, operator, clock(), matters, operators)),
      shown: (await reviews.takeShown(operator.id)).map(({ review, text }) => ({
        ...{ review, text },
        secret: matters[review.kind]?.secretIn?.(text),
      })),
      ...more,
    })
  }

  router.on('GET /reviews', async (ctx, operator) => {
    const done = ['asked', 'approved', 'refused'].find((one) => one === ctx.query['done'])
    return { did: 'nothing', answer: await page(operator, { done }) }
  })

  router.on('POST /reviews/:id', async (ctx, operator) => {
    const id = String(ctx['params'].id)
    const review = (await reviews.find(id)) ?? ctx.throw(404)
    if (!decides(operator.role, review.kind)) return ctx.throw(403)
    const typed = form.safeParse(ctx.state.typed)
    const again = (refusals: readonly Refusal[]) => page(operator, { at: id, refusals })
    if (!typed.success) return refused(await again(refusalsOf(typed.error.issues)))
    const { action, reason: why } = typed.data
    const decision = await reviews.begin(id, operator, why)
    if (!decision) return refused(await again([refuse('form', 'reviews.gone')]))
    const { address } = visitorOf(ctx, false)
    const record = (deed: Deed) =>
      audit.record({ reason: why, ...deed, operator: operator.id, address })
    await (action === 'approve' ? approve : refuseReview)(decision, operator, record)
    return {
      // Stored already, before anything was done.
      did: 'nothing',
      answer: goTo(`/reviews?done=${action === 'approve' ? 'approved' : 'refused'}`),
    }
  })

  /**
   * The events come before the review is decided: if this process dies in between, somebody decides again, and no decision
   * is without an event.
   */
  async function approve(
    { review, ...decision }: BegunDecision,
    operator: Operator,
    record: (deed: Deed) => Promise<void>,
  ): Promise<void> {
    try {
      const matter = matters[review.kind]
      if (!matter) throw new Error(`nobody executes reviews of the kind ${review.kind}`)
      await record({ what: 'review-approved', target: review.id, detail: review.kind })
      const { deed, ...shown } = await matter.execute(review, operator)
      if (deed) await record(deed)
      await decision.approve(shown)
    } catch (error) {
      await decision.giveUp()
      throw error
    }
  }

  async function refuseReview(
    { review, ...decision }: BegunDecision,
    _operator: Operator,
    record: (deed: Deed) => Promise<void>,
  ): Promise<void> {
    await record({ what: 'review-refused', target: review.id })
    await decision.refuse()
  }
}
