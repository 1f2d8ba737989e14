import { signOutTask, versionAfterChange } from '../../notices/sign-out-task.ts'
import type { AccountChange } from '../../people/account.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { signedInOf } from '../../people/signed-in-account.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { AccountSessions } from '../../ports/sso/account-sessions.ts'
import type { NewTask } from '../../ports/tasks.ts'
import type { Visit } from '../flow/flow-definition.ts'

export type AccountChangePorts = {
  readonly accounts: Accounts
  readonly accountSessions: AccountSessions
  readonly audit: Audit
}

/** What a person decided, once it is proved. */
export type DecidedChange = {
  readonly change: AccountChange
  readonly notices: readonly NewTask[]
  /** Whether it ends all other sign-ins (specification, section 5: password, questions, phone). */
  readonly endsOthers: boolean
}

/** How a page ends: what its last one says of other sign-ins. */
export type ChangeResult = { readonly othersEnded: boolean }

/**
 * Changes the account that is signed in, all or nothing, then ends its other sign-ins. Safe to repeat: who was cut off
 * between the change and the last page gets there, and nothing is proved, changed or told twice.
 */
export async function changeAccount(
  visit: Visit<unknown>,
  what: Extract<AuditEvent['what'], `${string}-changed`>,
  decide: () => Promise<DecidedChange | Refusal>,
  { accounts, accountSessions, audit }: AccountChangePorts,
): Promise<ChangeResult | Refusal> {
  const { account, signIn } = signedInOf(visit)
  let endsOthers = true
  if (account.changedBy !== visit.subject) {
    const decided = await decide()
    if ('code' in decided) return decided
    const { change, notices } = decided
    const others = decided.endsOthers ? [signOutTask(account, visit.now, signIn)] : []
    const outcome = await accounts.change(account, change, visit.subject, [...notices, ...others])
    if (outcome === 'stale') return refuse('form', 'account.stale')
    endsOthers = decided.endsOthers
  }
  if (endsOthers)
    await accountSessions.endAll(account.id, {
      except: signIn,
      since: versionAfterChange(account, visit.subject),
    })
  await audit.record({ what, accountId: account.id, address: visit.visitor.address })
  return { othersEnded: endsOthers }
}
