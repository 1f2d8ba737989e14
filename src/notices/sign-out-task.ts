import type { Account } from '../people/account.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { NewTask, TaskHandler } from '../ports/tasks.ts'

type Versioned = Pick<Account, 'id' | 'version'>

/** Seconds after which the request that changed the account has ended the sessions itself, unless its process died. */
const grace = 2

/**
 * The task that ends the other sessions of a changed account even if the process dies after the change.
 * @param account the account before the change
 * @param now the time of the change in ms since 1970
 */
export const signOutTask = ({ id, version }: Versioned, now: number, except?: string): NewTask => ({
  kind: 'sign-out',
  accountId: id,
  since: version + 1,
  ...(except && { except }),
  due: now + grace * 1000,
})

/** The version that the request `by` gives the account. `account` was read before or after that change. */
export const versionAfterChange = (
  { version, changedBy }: Pick<Account, 'version' | 'changedBy'>,
  by: string,
): number => (changedBy === by ? version : version + 1)

/** Ends the sessions that the request left, which is none as a rule. */
export const runSignOutTask =
  (accountSessions: AccountSessions): TaskHandler<'sign-out'> =>
  async ({ accountId, except, since }) => {
    await accountSessions.endAll(accountId, { except, since })
    return true
  }
