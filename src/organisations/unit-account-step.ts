import * as z from 'zod'
import { typedPassword } from '../people/fields/password.ts'
import { username } from '../people/fields/username.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import { strangersTries } from '../proofs/login-tries.ts'
import { notRight, type PasswordProofPorts, provePassword } from '../proofs/password.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import type { HandlerChange, Held } from './handler-change-answers.ts'

export type AccountPorts = PasswordProofPorts & {
  readonly accounts: Accounts
  readonly audit: Audit
}

const form = z.object({ username, password: typedPassword })

/** 验证单位账户: whoever knows the unit's password may name another handler. Counted and told as a login is. */
export const accountStep: Step<HandlerChange, AccountPorts, Held> = {
  title: 'handlerChange.account.title',
  keeps: ['username'],
  captcha: 'each try',
  actions: { next: action(() => form, prove) },
}

async function prove(
  typed: z.output<typeof form>,
  { visitor }: Visit<HandlerChange>,
  ports: AccountPorts,
): Promise<Outcome<HandlerChange, Held>> {
  const account = await ports.accounts.findByUsername(typed.username)
  const counter = strangersTries(typed.username)
  const verdict = await provePassword(
    typed.password,
    account?.passwordHash,
    counter,
    visitor,
    ports,
  )
  if (verdict === 'right') {
    if (!account) throw new Error('a password of nobody was right')
    const { id, version, kind } = account
    return kind === 'organisation'
      ? { passed: { id, version, username: account.username, code: account.unit.code } }
      : { refused: refuse('username', 'handlerChange.individual') }
  }
  if ('code' in verdict) return { refused: verdict }
  const whose = { address: visitor.address, ...(account && { accountId: account.id }) }
  await ports.audit.record({ what: 'password-refused', ...whose, detail: verdict.why })
  return { refused: notRight(verdict, 'form', 'login') }
}
