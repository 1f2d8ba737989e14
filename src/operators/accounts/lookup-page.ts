import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { say } from '../../../config/messages.ts'
import type { PhoneRegion } from '../../../config/phone-regions.ts'
import type { Account } from '../../people/account.ts'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Limits } from '../../ports/limits.ts'
import type { Alerts } from '../../ports/operators/alerts.ts'
import type { PageLocals } from '../../web/page/render-page.ts'
import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, type Deed, refused } from '../access/console-router.ts'
import { type AccountFactsPorts, accountFacts } from './account-facts.ts'
import { accountActions } from './change-account-state.ts'
import { type FindAccountsPorts, findAccounts } from './find-accounts.ts'
import { type Lookup, lookupIdTypes, lookupWays, readLookup, reasonKinds } from './lookup-form.ts'

export type LookupPagePorts = AccountFactsPorts &
  FindAccountsPorts & {
    readonly alerts: Pick<Alerts, 'raise'>
    readonly limits: Pick<Limits, 'take'>
    readonly phoneRegions: readonly PhoneRegion[]
    readonly policy: Pick<Policy, 'operators'>
  }

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
    const usedUp = await countLookup(operator.id, ports)
    if (usedUp) return refused(page(operator, { refusals: [usedUp] }))
    const accounts = await findAccounts(lookup.wanted, ports)
    const results = await Promise.all(accounts.map((account) => accountFacts(account, ports)))
    const answer = page(operator, {
      ...{ results, reasonKind: lookup.reasonKind },
      // The next look-up begins with an empty form.
      typed: {},
    })
    return { did: deedsOf(lookup, accounts), answer }
  })
}

/** Counts a look-up; the first one over the limit in an hour is a 提醒 to the security operators. */
async function countLookup(
  operator: string,
  { alerts, limits, policy }: Pick<LookupPagePorts, 'alerts' | 'limits' | 'policy'>,
): Promise<Refusal | undefined> {
  const { count, window } = policy.operators.lookups
  const taken = await limits.take([{ name: 'operator.lookup', subject: operator, count, window }])
  if (taken.ok) return undefined
  const { retryAfter } = taken
  const alert = { name: 'operator.lookup-alert', subject: operator, count: 1, window }
  if ((await limits.take([alert])).ok) await alerts.raise({ kind: 'lookups-used-up', operator })
  return refuse('form', 'lookup.limit', { status: 429, retryAfter })
}

/** One event for each account that was found, or one for none. */
function deedsOf(
  { wanted, reason, reasonKind }: Lookup,
  accounts: readonly Account[],
): readonly Deed[] {
  const deed = { what: 'account-looked-up', detail: wanted.by, reason, reasonKind } as const
  return accounts.length ? accounts.map(({ id }) => ({ ...deed, accountId: id })) : [deed]
}

const optionsOf = <Value extends string, Prefix extends 'lookup.by' | 'idType' | 'reasonKind'>(
  values: readonly Value[],
  prefix: Prefix,
) => values.map((value) => ({ value, text: say('zh-CN', `${prefix}.${value}` as never) }))
