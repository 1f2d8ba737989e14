import * as z from 'zod'
import type { Account } from '../../people/account.ts'
import { typedPassword } from '../../people/fields/password.ts'
import { username } from '../../people/fields/username.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { DeferWork } from '../../ports/deferred-work.ts'
import { triesForUsername, triesOfRememberedDevice } from '../../proofs/login-try-counters.ts'
import {
  type FailedPassword,
  failedPasswordRefusal,
  type PasswordProofPorts,
  verifyPassword,
} from '../../proofs/verify-password.ts'
import { cancelClosing } from './cancel-closing.ts'
import { type NewDevicePorts, notifyNewDevice } from './new-device-notice.ts'

export type SignInPorts = PasswordProofPorts &
  NewDevicePorts & {
    readonly accounts: Accounts
    readonly audit: Audit
    readonly defer: DeferWork
  }

/** `isClosingCancelled`: the account was being closed, and this sign-in cancelled that. */
export type PasswordSignIn = { readonly account: Account; readonly isClosingCancelled: boolean }

export const signInForm = z.object({ username, password: typedPassword })
export type SignInForm = z.infer<typeof signInForm>

const erasedMeanwhile: FailedPassword = { why: 'password', wait: 0 }

/**
 * Checks a password, after form and captcha. Waiting times come before the check and are the same for unknown
 * usernames. A remembered device has its own count of wrong passwords; all others share the count of the typed
 * username, and a sign-in by one of them notifies the phone.
 * @param by the request that signs in
 */
export async function signInWithPassword(
  typed: SignInForm,
  visitor: Visitor,
  { clientId, by }: { readonly clientId: string; readonly by: string },
  isKnown: (accountId: string) => boolean,
  ports: SignInPorts,
): Promise<PasswordSignIn | Refusal> {
  const { accounts, audit } = ports
  const { address } = visitor
  const found = await accounts.findByUsername(typed.username)
  const known = found !== undefined && isKnown(found.id)
  const counter =
    found && known
      ? triesOfRememberedDevice(visitor.browser, found)
      : triesForUsername(typed.username)
  const verdict = await verifyPassword(typed.password, found?.passwordHash, counter, visitor, ports)
  if (typeof verdict === 'object' && 'code' in verdict) return verdict
  const whose = { clientId, address, ...(found && { accountId: found.id }) }
  const account =
    found && verdict === 'right' ? await cancelClosing(found, `sign-in ${by}`, accounts) : undefined
  if (!account) {
    const wrong = verdict === 'right' ? erasedMeanwhile : verdict
    await audit.record({ what: 'sign-in-failed', ...whose, detail: wrong.why })
    return failedPasswordRefusal(wrong, 'form', 'login')
  }
  if (ports.passwords.isOutdated(account.passwordHash))
    ports.defer('renewed hash', () => renewHash(typed.password, account, ports))
  const kept = found?.closingSince !== undefined
  if (!known) await notifyNewDevice(account, visitor, by, ports)
  await audit.record({ what: 'signed-in', ...whose })
  if (kept) await audit.record({ what: 'closing-ended', ...whose })
  return { account, isClosingCancelled: kept }
}

/** The cost of hashing was raised; the password can be hashed again only now, while it is known. */
async function renewHash(
  password: string,
  account: Account,
  { accounts, passwords }: Pick<SignInPorts, 'accounts' | 'passwords'>,
): Promise<void> {
  await accounts.renewHash(account, await passwords.hash(password))
}
