import type { Organisation, Unit } from '../people/account.ts'
import { mostClaims } from '../people/unproved-account.ts'
import type { Accounts, UnprovedAccounts } from '../ports/accounts.ts'
import type { NewHandler } from './handler-replacement.ts'

export type ProveUnprovedUnitPorts = {
  readonly accounts: Pick<Accounts, 'create' | 'findById'>
  readonly unprovedAccounts: Pick<UnprovedAccounts, 'findByDocument'>
}

/**
 * Makes an account of the imported registration of a unit whose legal representative has proved themself, with a new
 * password (decision 0281). Undefined if there is none.
 */
export async function proveUnprovedUnit(
  { document, ...handler }: NewHandler,
  unit: Unit,
  { by, now }: { readonly by: string; readonly now: number },
  { accounts, unprovedAccounts }: ProveUnprovedUnitPorts,
): Promise<Organisation | undefined> {
  const found = await unprovedAccounts.findByDocument(
    { type: 'uscc', number: unit.code },
    mostClaims,
  )
  const [oldest] = found.toSorted((one, other) => one.registeredAt - other.registeredAt)
  if (!oldest) return undefined
  const { id, username, registeredAt } = oldest
  const confirmed = { ...handler, document, id, username, registeredAt, confirmedAt: now }
  await accounts.create({ ...confirmed, kind: 'organisation', unit }, by)
  const created = await accounts.findById(id)
  return created?.kind === 'organisation' && created.changedBy === by ? created : undefined
}
