import type { Account } from '../../people/account.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { AccountCache } from './account-cache.ts'

/** Adds a cache to the accounts for look-ups by id. */
export function cachedAccounts(store: Accounts, cache: AccountCache): Accounts {
  const changing = <T>(id: string, change: () => Promise<T>) =>
    cache.changing(cache.ownerOf(id), change)
  return {
    ...store,
    findById: (id) => cache.find<Account>(cache.ownerOf(id), 'account', () => store.findById(id)),
    change: (account, ...change) => changing(account.id, () => store.change(account, ...change)),
    agree: (id, agreement) => changing(id, () => store.agree(id, agreement)),
    renewHash: (account, hash) => changing(account.id, () => store.renewHash(account, hash)),
    erase: (id, closingSince) => changing(id, () => store.erase(id, closingSince)),
  }
}
