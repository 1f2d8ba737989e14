import { signOutTask } from '../../notices/sign-out-task.ts'
import type { Account, AccountChange } from '../../people/account.ts'
import { isFrozen } from '../../people/frozen-account.ts'
import type { Accounts, UnprovedAccounts } from '../../ports/accounts.ts'
import type { AuditEventKind } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Tries } from '../../ports/limits.ts'
import type { AccountSessions } from '../../ports/sso/account-sessions.ts'
import { triesForUsername } from '../../proofs/tries-counters.ts'

export type AccountStatePorts = {
  readonly accounts: Pick<Accounts, 'findById' | 'change'>
  readonly unprovedAccounts: Pick<UnprovedAccounts, 'findById'>
  readonly accountSessions: Pick<AccountSessions, 'endAll'>
  readonly clock: Clock
  readonly tries: Pick<Tries, 'clear'>
}

/** The actions of operators on an account, each with a button and an event. */
export const accountActions = ['unlock', 'end-sessions', 'freeze', 'unfreeze'] as const
export type AccountAction = (typeof accountActions)[number]

export const eventOfAction = {
  unlock: 'account-unlocked',
  'end-sessions': 'account-sign-ins-ended',
  freeze: 'account-frozen',
  unfreeze: 'account-unfrozen',
} as const satisfies Readonly<Record<AccountAction, AuditEventKind>>

/**
 * 解除登录等待, 结束全部登录, 冻结账户 and 解冻账户. Safe to repeat; what is done already stays as it is. False if there is no
 * such account. An imported registration that nobody has proved has no sessions and gives nothing to freeze.
 */
export async function changeAccountState(
  action: AccountAction,
  id: string,
  by: string,
  ports: AccountStatePorts,
): Promise<boolean> {
  const account = await ports.accounts.findById(id)
  if (action === 'unlock') {
    const named = account ?? (await ports.unprovedAccounts.findById(id))
    if (named) await ports.tries.clear(...triesForUsername(named.username))
    return named !== undefined
  }
  if (!account) return false
  switch (action) {
    case 'end-sessions':
      await ports.accountSessions.endAll(id)
      return true
    case 'freeze':
      return setFrozen(account, true, by, ports)
    case 'unfreeze':
      return setFrozen(account, false, by, ports)
  }
}

/**
 * Sessions and tokens end with the version of the account, and clients are told. 注销 that was asked for ends as well: its
 * owner could not cancel it by signing in.
 */
async function setFrozen(
  found: Account,
  frozen: boolean,
  by: string,
  { accounts, accountSessions, clock }: AccountStatePorts,
): Promise<boolean> {
  // Another change at the same time makes this one stale.
  for (
    let account: Account | undefined = found;
    account;
    account = await accounts.findById(found.id)
  ) {
    if (isFrozen(account) !== frozen) {
      const change: AccountChange = frozen
        ? { frozenSince: clock(), closingSince: null }
        : { frozenSince: null }
      const outcome = await accounts.change(account, change, by, [signOutTask(account, clock())])
      if (outcome === 'stale') continue
    }
    if (frozen) await accountSessions.endAll(account.id)
    return true
  }
  return false
}
