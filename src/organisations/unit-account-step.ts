import * as z from 'zod'
import { typedPassword } from '../people/fields/password.ts'
import { username } from '../people/fields/username.ts'
import { frozenRefusal, isFrozen } from '../people/frozen-account.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import { triesOfLogin } from '../proofs/tries-counters.ts'
import {
  failedPasswordRefusal,
  type PasswordProofPorts,
  verifyPassword,
} from '../proofs/verify-password.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/flow-definition.ts'
import type { HandlerChange, UnitAccountProof } from './handler-change-answers.ts'

export type UnitAccountPorts = PasswordProofPorts & {
  readonly accounts: Accounts
  readonly audit: Audit
}

const unitLoginForm = z.object({ username, password: typedPassword })

/**
 * 验证单位账户: a person who knows the unit's password may replace its handler. An attempt counts as a login and is
 * refused like one.
 */
export const unitAccountStep: Step<HandlerChange, UnitAccountPorts, UnitAccountProof> = {
  title: 'handlerChange.account.title',
  keeps: ['username'],
  captcha: 'each try',
  actions: { next: action(() => unitLoginForm, proveUnitAccount) },
}

async function proveUnitAccount(
  typed: z.output<typeof unitLoginForm>,
  { visitor }: Visit<HandlerChange>,
  ports: UnitAccountPorts,
): Promise<Outcome<HandlerChange, UnitAccountProof>> {
  const account = await ports.accounts.findByUsername(typed.username)
  const counter = triesOfLogin(typed.username, account, visitor)
  const verdict = await verifyPassword(
    typed.password,
    account?.passwordHash,
    counter,
    visitor,
    ports,
  )
  if (verdict === 'right') {
    if (!account) throw new Error('a password matched without an account')
    const { id, version, kind } = account
    if (isFrozen(account)) return { refused: frozenRefusal }
    return kind === 'organisation'
      ? { passed: { id, version, username: account.username, code: account.unit.code } }
      : { refused: refuse('username', 'handlerChange.individual') }
  }
  if ('code' in verdict) return { refused: verdict }
  const subject = { address: visitor.address, ...(account && { accountId: account.id }) }
  await ports.audit.record({ what: 'password-refused', ...subject, detail: verdict.why })
  return { refused: failedPasswordRefusal(verdict, 'form', 'login') }
}
