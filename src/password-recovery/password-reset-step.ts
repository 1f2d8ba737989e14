import * as z from 'zod'
import { signOutTask } from '../notices/sign-out-task.ts'
import { smsNotice } from '../notices/sms-notice.ts'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordsAgree,
} from '../people/fields/password.ts'
import { frozenRefusal, isFrozen } from '../people/frozen-account.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tries } from '../ports/limits.ts'
import { type Passwords, requesterOf } from '../ports/passwords.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import { triesForUsername } from '../proofs/tries-counters.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/flow-definition.ts'
import type { PasswordRecovery, RecoveryProof, TypedUsername } from './password-recovery-answers.ts'
import { staleProof } from './recovery-proof.ts'

export type PasswordResetPorts = {
  readonly accounts: Accounts
  readonly audit: Audit
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
  readonly accountSessions: AccountSessions
  readonly tries: Tries
}

/** 重置密码: sets the password, ends every session of the account, and clears its failed logins. */
export const passwordResetStep: Step<PasswordRecovery, PasswordResetPorts, TypedUsername> = {
  title: 'passwordRecovery.password.title',
  keeps: [],
  dependsOn: ['username', 'method', 'phone', 'questions'],
  page: ({ answers }) => ({ ...answers.username }),
  actions: {
    next: action(
      ({ answers }, { passwordRules }) =>
        passwordForm(passwordRules, chosenProof(answers).personal),
      ({ password }, visit, ports) => resetPassword(password, visit, ports),
    ),
  },
}

const passwordForm = (rules: PasswordRules, personal: readonly string[]) =>
  z.object({ password: newPassword(rules, personal), passwordAgain }).check(passwordsAgree)

/** The proof by the chosen method; an older proof by the other method does not count. */
function chosenProof({ method, phone, questions }: Partial<PasswordRecovery>): RecoveryProof {
  const proof = method?.way === 'phone' ? phone : questions
  if (!proof) throw new Error('重置密码 opened before the person proved who they are')
  return proof
}

/** Every call after the change is safe to repeat: after a crash the person presses the button again. */
async function resetPassword(
  password: string,
  visit: Visit<PasswordRecovery>,
  ports: PasswordResetPorts,
): Promise<Outcome<PasswordRecovery, TypedUsername>> {
  const { address } = visit.visitor
  const proof = chosenProof(visit.answers)
  const since = await setPassword(password, proof, visit, ports)
  if (since === 'frozen') return { refused: frozenRefusal }
  if (since === 'stale') return staleProof
  await ports.accountSessions.endAll(proof.id, { since })
  await ports.tries.clear(...triesForUsername(proof.username))
  await ports.audit.record({ what: 'password-reset', accountId: proof.id, address })
  return { passed: { username: visit.answers.username?.username ?? proof.username } }
}

/**
 * Returns the account's version with the new password. A request that is repeated after a crash may carry another
 * password: the last one typed is stored, without a second notice.
 */
async function setPassword(
  password: string,
  { id, version: provenVersion, phone }: RecoveryProof,
  { subject, visitor, now }: Visit<PasswordRecovery>,
  { accounts, passwords }: PasswordResetPorts,
): Promise<number | 'frozen' | 'stale'> {
  const by = requesterOf(visitor)
  const account = await accounts.findById(id)
  if (account && isFrozen(account)) return 'frozen'
  const repeated = account?.changedBy?.startsWith(`${subject} `) ? account : undefined
  if (repeated && (await passwords.matches(password, repeated.passwordHash, by)))
    return repeated.version
  const version = repeated?.version ?? provenVersion
  const passwordHash = await passwords.hash(password, by)
  const changedBy = `${subject} ${version}`
  const tasks = repeated
    ? []
    : [smsNotice('password-reset', phone, visitor.locale, id), signOutTask({ id, version }, now)]
  const change = { passwordHash, recovery: true } as const
  const outcome = await accounts.change({ id, version }, change, changedBy, tasks)
  return outcome === 'changed' ? version + 1 : 'stale'
}
