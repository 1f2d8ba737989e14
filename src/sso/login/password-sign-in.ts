import * as z from 'zod'
import type { Account } from '../../people/account.ts'
import { typedPassword } from '../../people/fields/password.ts'
import { username } from '../../people/fields/username.ts'
import { frozenRefusal } from '../../people/frozen-account.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import type { DeferWork } from '../../ports/deferred-work.ts'
import { triesOfLogin } from '../../proofs/tries-counters.ts'
import {
  type FailedPassword,
  failedPasswordRefusal,
  type PasswordProofPorts,
  verifyPassword,
} from '../../proofs/verify-password.ts'
import { completeSignIn, type SignedInAccount, type SignInRequest } from './complete-sign-in.ts'
import { type NewDevicePorts, notifyNewDevice } from './new-device-notice.ts'

export type SignInPorts = PasswordProofPorts &
  NewDevicePorts & {
    readonly accounts: Accounts
    readonly audit: Audit
    readonly defer: DeferWork
  }

export const signInForm = z.object({ username, password: typedPassword })
export type SignInForm = z.infer<typeof signInForm>

const erasedMeanwhile: FailedPassword = { why: 'password', wait: 0 }

/**
 * Checks a password, after form and captcha. Waiting times come before the check and are the same for unknown
 * usernames. A remembered device has its own count of wrong passwords; all others share the count of the typed
 * username, and a sign-in by one of them notifies the phone.
 */
export async function signInWithPassword(
  typed: SignInForm,
  visitor: Visitor,
  request: SignInRequest,
  ports: SignInPorts,
): Promise<SignedInAccount | Refusal> {
  const { accounts, audit } = ports
  const { address } = visitor
  const found = await accounts.findByUsername(typed.username)
  const counter = triesOfLogin(typed.username, found, visitor)
  const verdict = await verifyPassword(typed.password, found?.passwordHash, counter, visitor, ports)
  if (typeof verdict === 'object' && 'code' in verdict) return verdict
  const entered =
    found && verdict === 'right' ? await completeSignIn(found, request, address, ports) : undefined
  if (entered === 'frozen') return frozenRefusal
  if (!entered) {
    const wrong = verdict === 'right' ? erasedMeanwhile : verdict
    await audit.record({
      ...{ what: 'sign-in-failed', clientId: request.clientId, address, detail: wrong.why },
      ...(found && { accountId: found.id }),
    })
    return failedPasswordRefusal(wrong, 'form', 'login')
  }
  const { account } = entered
  if (ports.passwords.isOutdated(account.passwordHash))
    ports.defer('renewed hash', () => renewHash(typed.password, account, ports))
  if (!visitor.isRemembered(account.id)) await notifyNewDevice(account, visitor, request.by, ports)
  return entered
}

/** The cost of hashing was raised; the password can be hashed again only now, while it is known. */
async function renewHash(
  password: string,
  account: Account,
  { accounts, passwords }: Pick<SignInPorts, 'accounts' | 'passwords'>,
): Promise<void> {
  await accounts.renewHash(account, await passwords.hash(password))
}
