import type { Refusal } from '../people/refusal.ts'
import { ownerOf } from '../people/signed-in.ts'
import type { Audit } from '../ports/audit.ts'
import { triesOfRememberedDevice } from '../proofs/login-try-counters.ts'
import {
  failedPasswordRefusal,
  type PasswordProofPorts,
  verifyPassword,
} from '../proofs/verify-password.ts'
import type { Visit } from '../web/flow/flow-definition.ts'

export type PresentPasswordPorts = PasswordProofPorts & { readonly audit: Audit }

/** 原密码, counted like a login of this browser: it signed in before. `undefined` when it is right. */
export async function provePresentPassword(
  typed: string,
  visit: Pick<Visit<unknown>, 'signedIn' | 'visitor'>,
  ports: PresentPasswordPorts,
): Promise<Refusal | undefined> {
  const { account } = ownerOf(visit)
  const { visitor } = visit
  const counter = triesOfRememberedDevice(visitor.browser, account)
  const verdict = await verifyPassword(typed, account.passwordHash, counter, visitor, ports)
  if (verdict === 'right') return undefined
  if ('code' in verdict) return verdict
  const whose = { accountId: account.id, address: visitor.address }
  await ports.audit.record({ what: 'password-refused', ...whose, detail: verdict.why })
  return failedPasswordRefusal(verdict, 'presentPassword', 'presentPassword')
}
