import * as z from 'zod'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { decides } from '../../people/review.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, type Outcome, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
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
      shown: await reviews.takeShown(operator.id),
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
    const decided =
      typed.data.action === 'approve'
        ? await approve(ctx, id, operator, typed.data.reason)
        : await refuseReview(id, operator, typed.data.reason)
    return decided ?? refused(await again([refuse('form', 'reviews.gone')]))
  })

  async function approve(
    ctx: Context,
    id: string,
    operator: Operator,
    why: string,
  ): Promise<Outcome | undefined> {
    const approval = await reviews.beginApproval(id, operator, why)
    if (!approval) return undefined
    const { kind } = approval.review
    try {
      const matter = matters[kind]
      if (!matter) throw new Error(`nobody executes reviews of the kind ${kind}`)
      const { deed, ...shown } = await matter.execute(approval.review, operator)
      await approval.finish(shown)
      if (deed) {
        const { address } = visitorOf(ctx, false)
        await audit.record({ reason: why, ...deed, operator: operator.id, address })
      }
    } catch (error) {
      await approval.giveUp()
      throw error
    }
    return {
      did: { what: 'review-approved', target: id, reason: why, detail: kind },
      answer: goTo('/reviews?done=approved'),
    }
  }

  async function refuseReview(
    id: string,
    operator: Operator,
    why: string,
  ): Promise<Outcome | undefined> {
    if (!(await reviews.refuse(id, operator, why))) return undefined
    return {
      did: { what: 'review-refused', target: id, reason: why },
      answer: goTo('/reviews?done=refused'),
    }
  }
}
