import type { Account } from '../../people/account.ts'
import { isFrozen } from '../../people/frozen-account.ts'
import type { Accounts } from '../../ports/accounts.ts'

/**
 * A sign-in cancels 注销账户 during its cooling-off period.
 * @param by the request that cancels it
 * @returns the account after that; undefined if it was erased meanwhile
 */
export async function cancelClosing(
  account: Account,
  by: string,
  accounts: Accounts,
): Promise<Account | undefined> {
  let found: Account | undefined = account
  // A concurrent sign-in cancels the closing too.
  while (found?.closingSince && !isFrozen(found)) {
    await accounts.change(found, { closingSince: null }, by)
    found = await accounts.findById(account.id)
  }
  return found
}
