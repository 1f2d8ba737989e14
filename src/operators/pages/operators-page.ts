import * as z from 'zod'
import { choice, codePoints, field } from '../../people/fields/field.ts'
import { isActive, type Operator, roles } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { ReviewKind } from '../../people/review.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
import { askReview } from '../reviews/review-matters.ts'

export type OperatorsPagePorts = {
  readonly operators: Pick<Operators, 'list' | 'findById'>
  readonly reviews: Pick<Reviews, 'ask'>
}

const mostInName = 64
const name = field('operators.name.missing', (typed, reject) =>
  codePoints(typed) > mostInName ? reject('operators.name.long', { most: mostInName }) : typed,
)
const inviteForm = z.object({ name, role: choice(roles, 'operators.role.missing'), reason })
const changeForm = z.object({ reason })

/** 操作员: the list, 邀请, 停用 and 重置, each of which takes two persons. */
export function operatorsPage(
  router: ConsoleRouter,
  { operators, reviews }: OperatorsPagePorts,
  show: Show,
) {
  async function page(refusals: readonly Refusal[] = []) {
    const known = await operators.list()
    return show('console/operators', {
      title: 'operators.title',
      operators: known.map((operator) => ({ ...operator, state: stateOf(operator) })),
      canInvite: isInvitingPossible(known),
      ...{ roles, refusals },
    })
  }

  const changePage = (operator: Operator, refusals: readonly Refusal[] = []) =>
    show('console/operator', {
      title: 'operators.change.title',
      operator: { ...operator, state: stateOf(operator) },
      refusals,
    })

  const operatorAt = async (ctx: Context) =>
    (await operators.findById(String(ctx['params'].id))) ?? ctx.throw(404)

  router.on('GET /operators', async () => ({ did: 'nothing', answer: await page() }))
  router.on('GET /operators/:id', async (ctx) => ({
    did: 'nothing',
    answer: changePage(await operatorAt(ctx)),
  }))

  router.on('POST /operators/invite', async (ctx, operator) => {
    const form = inviteForm.safeParse(ctx.state.typed)
    if (!form.success) return refused(await page(refusalsOf(form.error.issues)))
    if (!isInvitingPossible(await operators.list()))
      return refused(await page([refuse('form', 'operators.tooFew')]))
    const { reason: why, ...payload } = form.data
    const review = { kind: 'operator-invite', payload, reason: why } as const
    return askReview(review, operator, reviews, goTo('/reviews?done=asked'))
  })

  const change = (route: 'POST /operators/:id/disable' | 'POST /operators/:id/reset') =>
    router.on(route, async (ctx, operator) => {
      const changed = await operatorAt(ctx)
      const form = changeForm.safeParse(ctx.state.typed)
      if (!form.success) return refused(changePage(changed, refusalsOf(form.error.issues)))
      const kind: ReviewKind = route.endsWith('disable') ? 'operator-disable' : 'operator-reset'
      const review = { kind, payload: { id: changed.id }, reason: form.data.reason }
      return askReview(review, operator, reviews, goTo('/reviews?done=asked'))
    })
  change('POST /operators/:id/disable')
  change('POST /operators/:id/reset')
}

/** One asks and another decides, so it takes two who can sign in. */
const isInvitingPossible = (known: readonly Operator[]): boolean =>
  known.filter((operator) => operator.role === 'security' && isActive(operator)).length >= 2

const stateOf = (operator: Operator) =>
  operator.isDisabled ? 'disabled' : isActive(operator) ? 'active' : 'reset'
