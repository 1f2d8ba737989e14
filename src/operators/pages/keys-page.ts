import * as z from 'zod'
import { field } from '../../people/fields/field.ts'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { ManagedKey, ManagedKeys } from '../../ports/operators/managed-keys.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { rolesOf } from '../access/console-access.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, type Outcome, refused } from '../access/console-router.ts'
import { reason } from '../access/reason.ts'
import { askReview } from '../reviews/review-matters.ts'
import { rotateKey } from './rotate-key.ts'

export type KeysPagePorts = {
  readonly managedKeys: ManagedKeys
  readonly reviews: Pick<Reviews, 'ask'>
}

const form = z.object({ kid: field('keys.kid.missing', (typed) => typed), reason })

/** 密钥: what signs and what encrypts, 立即轮换, and 撤销, which takes two persons. */
export function keysPage(
  router: ConsoleRouter,
  { managedKeys, reviews }: KeysPagePorts,
  show: Show,
) {
  async function page(
    { role }: Operator,
    more: { readonly rotated?: unknown; readonly refusals?: readonly Refusal[] } = {},
  ) {
    const [keys, dataKeys] = await Promise.all([managedKeys.list(), managedKeys.countDataKeys()])
    return show('console/keys', {
      title: 'keys.title',
      ...{ keys, dataKeys },
      mayChange: rolesOf('POST /keys/rotate').includes(role),
      ...more,
      rotated: keys.find(({ alg }) => alg === more.rotated)?.alg,
    })
  }

  router.on('GET /keys', async (ctx, operator) => ({
    did: 'nothing',
    answer: await page(operator, { rotated: ctx.query['rotated'] }),
  }))

  /** Both actions name a key and a reason. */
  async function changed(
    ctx: Context,
    operator: Operator,
    change: (
      key: ManagedKey,
      why: string,
      again: (refusal: Refusal) => Promise<Outcome>,
    ) => Promise<Outcome>,
  ): Promise<Outcome> {
    const again = async (refusals: readonly Refusal[]) =>
      refused(await page(operator, { refusals }))
    const typed = form.safeParse(ctx.state.typed)
    if (!typed.success) return again(refusalsOf(typed.error.issues))
    const key = (await managedKeys.list()).find(({ kid }) => kid === typed.data.kid)
    if (!key) return again([refuse('kid', 'keys.gone')])
    return change(key, typed.data.reason, (refusal) => again([refusal]))
  }

  router.on('POST /keys/rotate', (ctx, operator) =>
    changed(ctx, operator, async ({ alg }, why, again) => {
      const did = await rotateKey(alg, { reason: why, by: 'console' }, managedKeys)
      if (!did) return again(refuse('form', 'keys.rotatedBefore'))
      return {
        did,
        answer: goTo(`/keys?rotated=${encodeURIComponent(alg)}`),
      }
    }),
  )

  router.on('POST /keys/withdraw', (ctx, operator) =>
    changed(ctx, operator, async ({ alg, kid, state }, why, again) => {
      if (state === 'current') return again(refuse('kid', 'keys.inUse'))
      const review = { kind: 'key-withdraw', payload: { alg, kid }, reason: why } as const
      return askReview(review, operator, reviews, goTo('/reviews?done=asked'))
    }),
  )
}
