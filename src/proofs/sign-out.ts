import type { SignIns } from '../ports/sign-ins.ts'
import type { DoTask, NewTask } from '../ports/tasks.ts'

/** Seconds: by then whoever changed the account has ended its sign-ins, or never will. */
const grace = 2

/**
 * Goes with a change of an account that ends its other sign-ins, so that they end though the process dies in between.
 * @param now when it changes, ms since 1970
 */
export const signOutSurely = (accountId: string, now: number, except?: string): NewTask => ({
  kind: 'sign-out',
  accountId,
  before: now,
  ...(except && { except }),
  due: now + grace * 1000,
})

/** Mostly finds nothing left to end. */
export const signOutNow =
  (signIns: SignIns): DoTask<'sign-out'> =>
  async ({ accountId, except, before }) => {
    await signIns.endAll(accountId, except, before)
    return true
  }
