import type { Account } from '../people/account.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { NewTask, TaskHandler } from '../ports/tasks.ts'

type Versioned = Pick<Account, 'id' | 'version'>

/** Seconds: by then whoever changed the account has ended its sign-ins, or never will. */
const grace = 2

/**
 * Goes with a change of an account that ends its other sign-ins, so that they end though the process dies in between.
 * @param account as it is before the change
 * @param now when it changes, ms since 1970
 */
export const signOutTask = ({ id, version }: Versioned, now: number, except?: string): NewTask => ({
  kind: 'sign-out',
  accountId: id,
  since: version + 1,
  ...(except && { except }),
  due: now + grace * 1000,
})

/** The version that an account has since the act `by` changed it; `account` as it was found, before that or after. */
export const versionAfterChange = (
  { version, changedBy }: Pick<Account, 'version' | 'changedBy'>,
  by: string,
): number => (changedBy === by ? version : version + 1)

/** Mostly finds nothing left to end. */
export const runSignOutTask =
  (accountSessions: AccountSessions): TaskHandler<'sign-out'> =>
  async ({ accountId, except, since }) => {
    await accountSessions.endAll(accountId, { except, since })
    return true
  }
