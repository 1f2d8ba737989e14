import type { Refusal } from '../people/refusal.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import type { Audit } from '../ports/audit.ts'
import { triesOfRememberedDevice } from '../proofs/tries-counters.ts'
import {
  failedPasswordRefusal,
  type PasswordProofPorts,
  verifyPassword,
} from '../proofs/verify-password.ts'
import type { Visit } from '../web/flow/flow-definition.ts'

export type PresentPasswordPorts = PasswordProofPorts & { readonly audit: Audit }

/**
 * Proves 原密码. An attempt counts as a login from a remembered device, because this browser signed in before. Returns
 * `undefined` when the password matches.
 */
export async function provePresentPassword(
  typed: string,
  visit: Pick<Visit<unknown>, 'signedIn' | 'visitor'>,
  ports: PresentPasswordPorts,
): Promise<Refusal | undefined> {
  const { account } = signedInOf(visit)
  const { visitor } = visit
  const counter = triesOfRememberedDevice(visitor.browser, account)
  const verdict = await verifyPassword(typed, account.passwordHash, counter, visitor, ports)
  if (verdict === 'right') return undefined
  if ('code' in verdict) return verdict
  const subject = { accountId: account.id, address: visitor.address }
  await ports.audit.record({ what: 'password-refused', ...subject, detail: verdict.why })
  return failedPasswordRefusal(verdict, 'presentPassword', 'presentPassword')
}
