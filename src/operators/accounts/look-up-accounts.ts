import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Account } from '../../people/account.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Limits } from '../../ports/limits.ts'
import type { Alerts } from '../../ports/operators/alerts.ts'
import type { Deed } from '../access/record-deeds.ts'
import { type AccountFactsPorts, accountFacts } from './account-facts.ts'
import { type FindAccountsPorts, findAccounts } from './find-accounts.ts'
import { type FindUnprovedPorts, findUnprovedAccounts } from './find-unproved-accounts.ts'
import type { Lookup } from './lookup-form.ts'
import { unprovedFacts } from './unproved-facts.ts'

export type LookUpPorts = AccountFactsPorts &
  FindAccountsPorts &
  FindUnprovedPorts & {
    readonly alerts: Pick<Alerts, 'raise'>
    readonly limits: Pick<Limits, 'take'>
    readonly policy: Pick<Policy, 'operators'>
  }

/**
 * A look-up by the console or the API, which counts against the hourly limit of the operator or client.
 * @param operator the id of the operator, or of the client
 */
export async function lookUpAccounts(
  lookup: Lookup,
  operator: string,
  ports: LookUpPorts,
): Promise<Refusal | { readonly results: readonly AccountFacts[]; readonly did: readonly Deed[] }> {
  const usedUp = await countLookup(operator, ports)
  if (usedUp) return usedUp
  const [accounts, unproved] = await Promise.all([
    findAccounts(lookup.wanted, ports),
    findUnprovedAccounts(lookup.wanted, ports),
  ])
  const facts = await Promise.all(accounts.map((account) => accountFacts(account, ports)))
  const results = [...facts, ...unproved.map(unprovedFacts)]
  return { results, did: deedsOf(lookup, [...accounts, ...unproved]) }
}

type AccountFacts = Awaited<ReturnType<typeof accountFacts>> | ReturnType<typeof unprovedFacts>

/** Counts a look-up; the first one over the limit in an hour is a 提醒 to the security operators. */
async function countLookup(
  operator: string,
  { alerts, limits, policy }: Pick<LookUpPorts, 'alerts' | 'limits' | 'policy'>,
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
  accounts: readonly Pick<Account, 'id'>[],
): readonly Deed[] {
  const deed = { what: 'account-looked-up', detail: wanted.by, reason, reasonKind } as const
  return accounts.length ? accounts.map(({ id }) => ({ ...deed, accountId: id })) : [deed]
}
