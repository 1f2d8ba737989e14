import * as z from 'zod'
import { typedPassword } from '../../people/fields/password.ts'
import { username } from '../../people/fields/username.ts'
import { frozenRefusal } from '../../people/frozen-account.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { Accounts, UnprovedAccounts } from '../../ports/accounts.ts'
import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { DeferWork } from '../../ports/deferred-work.ts'
import { triesOfLogin } from '../../proofs/tries-counters.ts'
import {
  type FailedPassword,
  failedPasswordRefusal,
  type PasswordProofPorts,
  verifyPassword,
} from '../../proofs/verify-password.ts'
import { displacedRefusal, isDisplaced } from '../real-name/displaced-refusal.ts'
import { completeSignIn, type SignedInAccount, type SignInRequest } from './complete-sign-in.ts'
import { type NewDevicePorts, notifyNewDevice } from './new-device-notice.ts'

export type SignInPorts = PasswordProofPorts &
  NewDevicePorts & {
    readonly accounts: Accounts
    readonly unprovedAccounts: UnprovedAccounts
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
): Promise<SignedInAccount | { readonly unproved: UnprovedAccount } | Refusal> {
  const { accounts, audit, unprovedAccounts } = ports
  const { address } = visitor
  // Both for every username, so that the time does not disclose which one exists.
  const [found, unproved] = await Promise.all([
    accounts.findByUsername(typed.username),
    unprovedAccounts.findByUsername(typed.username),
  ])
  const { id: accountId, passwordHash } = found ?? unproved ?? {}
  const counter = triesOfLogin(typed.username, found, visitor)
  const verdict = await verifyPassword(typed.password, passwordHash, counter, visitor, ports)
  if (typeof verdict === 'object' && 'code' in verdict) return verdict
  if (verdict === 'right' && !found && unproved)
    return enterUnproved(typed.password, unproved, { clientId: request.clientId, address }, ports)
  const entered =
    found && verdict === 'right' ? await completeSignIn(found, request, address, ports) : undefined
  if (entered === 'frozen') return frozenRefusal
  if (!entered) {
    const wrong = verdict === 'right' ? erasedMeanwhile : verdict
    await audit.record({
      ...{ what: 'sign-in-failed', clientId: request.clientId, address, detail: wrong.why },
      ...(accountId && { accountId }),
    })
    return failedPasswordRefusal(wrong, 'form', 'login')
  }
  const { account } = entered
  renewOutdatedHash(typed.password, account.passwordHash, ports, (hash) =>
    accounts.renewHash(account, hash),
  )
  if (!visitor.isRemembered(account.id)) await notifyNewDevice(account, visitor, request.by, ports)
  return entered
}

/** The person is not signed in yet: 实名认证 follows, unless somebody else has proved that the document is theirs. */
async function enterUnproved(
  password: string,
  unproved: UnprovedAccount,
  where: Pick<AuditEvent, 'clientId' | 'address'>,
  ports: SignInPorts,
): Promise<{ readonly unproved: UnprovedAccount } | Refusal> {
  const { id, passwordHash } = unproved
  renewOutdatedHash(password, passwordHash, ports, (hash) =>
    ports.unprovedAccounts.renewHash(id, hash),
  )
  if (!(await isDisplaced(unproved, ports.accounts))) return { unproved }
  await ports.audit.record({ what: 'sign-in-failed', ...where, accountId: id, detail: 'displaced' })
  return displacedRefusal
}

/** A hash of lower cost, or of another kind: the password can be hashed again only now, while it is known. */
function renewOutdatedHash(
  password: string,
  before: string,
  { defer, passwords }: Pick<SignInPorts, 'defer' | 'passwords'>,
  renew: (hash: string) => Promise<void>,
): void {
  if (!passwords.isOutdated(before)) return
  defer('renewed hash', async () => renew(await passwords.hash(password)))
}
