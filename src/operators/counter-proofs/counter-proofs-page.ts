import type { PhoneRegion } from '../../../config/phone-regions.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { Context } from '../../web/context.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import { phonePage } from '../../web/steps/card-step.ts'
import { documentPage } from '../../web/steps/document-options.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo, refused } from '../access/console-router.ts'
import type { Deed } from '../access/record-deeds.ts'
import { askReview } from '../reviews/review-matters.ts'
import { materials, readCounterProof } from './counter-proof-form.ts'

export type CounterProofsPagePorts = {
  readonly accounts: Pick<Accounts, 'findByDocument'>
  readonly cases: Pick<Cases, 'find'>
  readonly clock: Clock
  readonly phoneRegions: readonly PhoneRegion[]
  readonly reviews: Pick<Reviews, 'ask'>
}

/** 人工核验 (guide, question 七, 4): asks a security operator for a 核验码. */
export function counterProofsPage(
  router: ConsoleRouter,
  { accounts, cases, clock, phoneRegions, reviews }: CounterProofsPagePorts,
  show: Show,
) {
  function page(ctx: Context, more: { readonly refusals?: readonly Refusal[]; typed?: object }) {
    const visit = { visitor: visitorOf(ctx, false) }
    return show('console/counter-proofs', {
      title: 'counterProofs.title',
      ...documentPage(visit),
      ...phonePage(visit, { phoneRegions }),
      materials,
      ...more,
    })
  }

  router.on('GET /counter-proofs', (ctx) => {
    const { case: number } = ctx.query
    const caseNumber = typeof number === 'string' ? number.slice(0, 20) : ''
    return { did: 'nothing', answer: page(ctx, { typed: { caseNumber } }) }
  })

  router.on('POST /counter-proofs', async (ctx, operator) => {
    const read = await readCounterProof(ctx.state.typed, phoneRegions, clock(), cases)
    if (!('holder' in read)) return refused(page(ctx, { refusals: read }))
    const { reason, ...payload } = read
    const account = await accounts.findByDocument(payload.holder.document)
    const asked = await askReview(
      { kind: 'counter-proof', payload, reason },
      operator,
      reviews,
      goTo('/reviews?done=asked'),
    )
    const deed: Deed = {
      ...{ what: 'counter-proof-asked', target: payload.caseNumber, reason },
      ...(account && { accountId: account.id }),
    }
    return { ...asked, did: [asked.did, deed].flat().filter((one) => one !== 'nothing') }
  })
}
