import * as z from 'zod'
import type { Account } from '../people/account.ts'
import { typedPassword } from '../people/password.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import { username } from '../people/username.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import { knownBrowsersTries, strangersTries } from '../proofs/login-tries.ts'
import { comeBack, type PasswordProofPorts, provePassword } from '../proofs/password.ts'
import type { Visitor } from '../proofs/visitor.ts'

export type SignInPorts = PasswordProofPorts & {
  readonly accounts: Accounts
  readonly audit: Audit
}

export const signInForm = z.object({ username, password: typedPassword })
export type SignInForm = z.infer<typeof signInForm>

/**
 * Looks at a password, after form and captcha. Waits come before it, and whoever has no account waits alike. A browser
 * that `isKnown` to the account counts for itself, every other one for the typed name.
 */
export async function signIn(
  typed: SignInForm,
  visitor: Visitor,
  clientId: string,
  isKnown: (accountId: string) => boolean,
  ports: SignInPorts,
): Promise<Account | Refusal> {
  const { accounts, audit } = ports
  const { address } = visitor
  const account = await accounts.findByUsername(typed.username)
  const counter =
    account && isKnown(account.id)
      ? knownBrowsersTries(visitor.browser, account)
      : strangersTries(typed.username)
  const verdict = await provePassword(
    typed.password,
    account?.passwordHash,
    counter,
    visitor,
    ports,
  )
  if (typeof verdict === 'object' && 'code' in verdict) return verdict
  const whose = { clientId, address, ...(account && { accountId: account.id }) }
  if (typeof verdict === 'object') {
    await audit.record({ what: 'sign-in-failed', ...whose, detail: 'wait' })
    return comeBack(verdict.wait, 'form', 'login')
  }
  if (!account || verdict === 'wrong') {
    await audit.record({ what: 'sign-in-failed', ...whose, detail: 'password' })
    return refuse('form', 'login.wrong')
  }
  await audit.record({ what: 'signed-in', ...whose })
  return account
}
