import * as z from 'zod'
import { notice } from '../notices/notice.ts'
import { signOutSurely } from '../notices/sign-out-task.ts'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordsAgree,
} from '../people/fields/password.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tries } from '../ports/limits.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { SignIns } from '../ports/sso/sign-ins.ts'
import { strangersTries } from '../proofs/login-tries.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import type { Named, PasswordRecovery, Proved } from './password-recovery-answers.ts'
import { stale } from './recovery-proof.ts'

export type PasswordPorts = {
  readonly accounts: Accounts
  readonly audit: Audit
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
  readonly signIns: SignIns
  readonly tries: Tries
}

/** 重置密码. */
export const passwordStep: Step<PasswordRecovery, PasswordPorts, Named> = {
  title: 'passwordRecovery.password.title',
  keeps: [],
  dependsOn: ['username', 'method', 'phone', 'questions'],
  page: ({ answers }) => ({ ...answers.username }),
  actions: {
    next: action(
      ({ answers }, { passwordRules }) => form(passwordRules, proofIn(answers).personal),
      ({ password }, visit, ports) => reset(password, visit, ports),
    ),
  },
}

const form = (rules: PasswordRules, personal: readonly string[]) =>
  z.object({ password: newPassword(rules, personal), passwordAgain }).check(passwordsAgree)

/** By the way that was chosen, and by no other. */
function proofIn({ method, phone, questions }: Partial<PasswordRecovery>): Proved {
  const proof = method?.way === 'phone' ? phone : questions
  if (!proof) throw new Error('重置密码 opened before the person proved who they are')
  return proof
}

/** All that follows the change is safe to repeat: a process that died in between leaves it to the same press again. */
async function reset(
  password: string,
  visit: Visit<PasswordRecovery>,
  ports: PasswordPorts,
): Promise<Outcome<PasswordRecovery, Named>> {
  const { address } = visit.visitor
  const proof = proofIn(visit.answers)
  const since = await setPassword(password, proof, visit, ports)
  if (since === 'stale') return stale
  await ports.signIns.endAll(proof.id, { since })
  await ports.tries.clear(...strangersTries(proof.username))
  await ports.audit.record({ what: 'password-reset', accountId: proof.id, address })
  return { passed: { username: visit.answers.username?.username ?? proof.username } }
}

/**
 * Repeated after a crash, maybe with another password than the first time: the one typed last is the one that holds,
 * and the phone has been told already. Gives the version that the account has with it.
 */
async function setPassword(
  password: string,
  { id, version: proved, phone }: Proved,
  { subject, visitor: { locale }, now }: Visit<PasswordRecovery>,
  { accounts, passwords }: PasswordPorts,
): Promise<number | 'stale'> {
  const account = await accounts.findById(id)
  const repeated = account?.changedBy?.startsWith(`${subject} `) ? account : undefined
  if (repeated && (await passwords.matches(password, repeated.passwordHash)))
    return repeated.version
  const version = repeated?.version ?? proved
  const passwordHash = await passwords.hash(password)
  const act = `${subject} ${version}`
  const tasks = repeated
    ? []
    : [notice('password-reset', phone, locale), signOutSurely({ id, version }, now)]
  const outcome = await accounts.change({ id, version }, { passwordHash }, act, tasks)
  return outcome === 'changed' ? version + 1 : outcome
}
