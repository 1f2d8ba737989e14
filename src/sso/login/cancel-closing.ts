import type { Account } from '../../people/account.ts'
import type { Accounts } from '../../ports/accounts.ts'

/**
 * Signing in ends the cooling-off of 注销账户. Gives the account as it is then; undefined when it was erased meanwhile.
 * `by`: the act.
 */
export async function cancelClosing(
  account: Account,
  by: string,
  accounts: Accounts,
): Promise<Account | undefined> {
  let found: Account | undefined = account
  // Whoever signs in elsewhere at this very moment keeps it too.
  while (found?.closingSince) {
    await accounts.change(found, { closingSince: null }, by)
    found = await accounts.findById(account.id)
  }
  return found
}
