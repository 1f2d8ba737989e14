import { say } from '../../../config/messages.ts'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import type { Operator } from '../../people/operator.ts'
import type { PageLocals } from '../../web/page/render-page.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, refused } from '../access/console-router.ts'
import { accountActions } from './change-account-state.ts'
import { type LookUpPorts, lookUpAccounts } from './look-up-accounts.ts'
import { lookupIdTypes, lookupWays, readLookup, reasonKinds } from './lookup-form.ts'

export type LookupPagePorts = LookUpPorts & { readonly phoneRegions: readonly PhoneRegion[] }

/** 用户查询. The search is a POST, so that nothing personal stands in an address. */
export function lookupPage(router: ConsoleRouter, ports: LookupPagePorts, show: Show) {
  const { clock, phoneRegions, policy } = ports

  const page = (operator: Operator, more: Partial<PageLocals> = {}) =>
    show('console/lookup', {
      title: 'lookup.title',
      most: policy.operators.lookups.count,
      ways: optionsOf(lookupWays, 'lookup.by'),
      idTypes: optionsOf(lookupIdTypes, 'idType'),
      reasonKinds: optionsOf(reasonKinds, 'reasonKind'),
      maySeeFreezing: operator.role === 'security',
      refusals: [],
      ...more,
    })

  router.on('GET /lookup', (ctx, operator) => {
    const done = accountActions.find((action) => action === ctx.query['done'])
    return { did: 'nothing', answer: page(operator, { ...(done && { done }) }) }
  })

  router.on('POST /lookup', async (ctx, operator) => {
    const lookup = readLookup(ctx.state.typed, phoneRegions, clock())
    if (!('wanted' in lookup)) return refused(page(operator, { refusals: lookup }))
    const found = await lookUpAccounts(lookup, operator.id, ports)
    if ('code' in found) return refused(page(operator, { refusals: [found] }))
    const { results, did } = found
    const answer = page(operator, {
      ...{ results, reasonKind: lookup.reasonKind },
      // The next look-up begins with an empty form.
      typed: {},
    })
    return { did, answer }
  })
}

const optionsOf = <Value extends string, Prefix extends 'lookup.by' | 'idType' | 'reasonKind'>(
  values: readonly Value[],
  prefix: Prefix,
) => values.map((value) => ({ value, text: say('zh-CN', `${prefix}.${value}` as never) }))
