import { signOutTask, versionAfterChange } from '../../notices/sign-out-task.ts'
import type { AccountChange } from '../../people/account.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { signedInOf } from '../../people/signed-in-account.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { AccountSessions } from '../../ports/sso/account-sessions.ts'
import type { NewTask } from '../../ports/tasks.ts'
import { invalidCounterCode } from '../../proofs/verify-counter-code.ts'
import type { Visit } from '../flow/flow-definition.ts'

export type AccountChangePorts = {
  readonly accounts: Accounts
  readonly accountSessions: AccountSessions
  readonly audit: Audit
}

/** A change of the account that has passed all checks. */
export type DecidedChange = {
  readonly change: AccountChange
  readonly notices: readonly NewTask[]
  /** Whether it ends all other sessions (specification, section 5: password, questions, phone). */
  readonly endsOthers: boolean
}

/** The result that the last page shows. */
export type ChangeResult = { readonly othersEnded: boolean }

/**
 * Changes the signed-in account atomically, then ends its other sessions. It is idempotent: a person whose connection
 * broke after the change gets to the last page, and nothing is verified, changed or sent twice.
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
    if (outcome === 'proof_used') return invalidCounterCode
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
