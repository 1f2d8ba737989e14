import type { Account } from '../../people/account.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { HeldOfAccounts } from './account-cache.ts'

/** Accounts of which those that are asked for by id are held until they change. */
export function accountsHeld(store: Accounts, held: HeldOfAccounts): Accounts {
  const changing = <T>(id: string, change: () => Promise<T>) =>
    held.changing(held.ownerOf(id), change)
  return {
    ...store,
    findById: (id) => held.find<Account>(held.ownerOf(id), 'account', () => store.findById(id)),
    change: (account, ...change) => changing(account.id, () => store.change(account, ...change)),
    agree: (id, agreement) => changing(id, () => store.agree(id, agreement)),
    renewHash: (account, hash) => changing(account.id, () => store.renewHash(account, hash)),
    erase: (id, closingSince) => changing(id, () => store.erase(id, closingSince)),
  }
}
