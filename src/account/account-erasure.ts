import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Clock } from '../ports/clock.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { TaskHandler } from '../ports/tasks.ts'

type ErasurePorts = {
  readonly accounts: Accounts
  readonly accountSessions: AccountSessions
  readonly audit: Audit
  readonly clock: Clock
  readonly policy: Pick<Policy, 'closing'>
}

/**
 * Ends 注销账户. The account is erased first: afterwards no sign-in can cancel the closing, and username and document
 * can be registered again. If the process dies after that, the repeated task finds no account and erases the rest.
 */
export const eraseAccount =
  ({ accounts, accountSessions, audit, clock, policy }: ErasurePorts): TaskHandler<'erase'> =>
  async ({ accountId }) => {
    const account = await accounts.findById(accountId)
    if (account) {
      const { closingSince = Number.POSITIVE_INFINITY } = account
      // A sign-in cancelled this closing. A newer closing has its own task.
      if (closingSince + policy.closing.coolingOff * 1000 > clock()) return true
      if (!(await accounts.erase(accountId, closingSince))) return false
    }
    await accountSessions.endAll(accountId)
    await accountSessions.forget(accountId)
    await audit.record({ what: 'account-erased', accountId, address: 'platform' })
    await audit.forget(accountId)
    return true
  }
