import * as z from 'zod'
import type { Policy } from '../../config/policy.ts'
import type { Account } from '../people/account.ts'
import { typedPassword } from '../people/password.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import { username } from '../people/username.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Limits, Tries } from '../ports/limits.ts'
import type { Passwords } from '../ports/passwords.ts'
import { takeFor } from '../proofs/limits.ts'
import { knownBrowsersTries, strangersTries } from '../proofs/login-tries.ts'
import type { Visitor } from '../proofs/visitor.ts'

export type SignInPorts = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly tries: Tries
  readonly limits: Limits
  readonly audit: Audit
  readonly policy: Pick<Policy, 'login'>
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
  { accounts, passwords, tries, limits, audit, policy: { login } }: SignInPorts,
): Promise<Account | Refusal> {
  const { address } = visitor
  const taken = await takeFor(visitor, 'login', login.perAddress, [], limits)
  if (!('ok' in taken)) return taken
  const account = await accounts.findByUsername(typed.username)
  const counter =
    account && isKnown(account.id)
      ? knownBrowsersTries(visitor.browser, account)
      : strangersTries(typed.username)
  const whose = { clientId, address, ...(account && { accountId: account.id }) }
  const wait = await tries.begin(...counter, login)
  if (wait) {
    await audit.record({ what: 'sign-in-failed', ...whose, detail: 'wait' })
    return comeBack(wait)
  }
  const right = await passwords.matches(typed.password, account?.passwordHash)
  if (!account || !right) {
    await audit.record({ what: 'sign-in-failed', ...whose, detail: 'password' })
    return refuse('form', 'login.wrong')
  }
  await tries.clear(...counter)
  await audit.record({ what: 'signed-in', ...whose })
  return account
}

function comeBack(seconds: number): Refusal {
  const more = { status: 429, retryAfter: seconds } as const
  if (seconds < 120) return refuse('form', 'login.seconds', { ...more, params: { seconds } })
  const minutes = Math.ceil(seconds / 60)
  return refuse('form', 'login.minutes', { ...more, params: { minutes } })
}
