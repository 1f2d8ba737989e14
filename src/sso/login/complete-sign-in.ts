import type { Account } from '../../people/account.ts'
import { isFrozen } from '../../people/frozen-account.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Audit } from '../../ports/audit.ts'
import { cancelClosing } from './cancel-closing.ts'

/** `isClosingCancelled`: the account was being closed, and this sign-in cancelled that. */
export type SignedInAccount = { readonly account: Account; readonly isClosingCancelled: boolean }

/** The client of a sign-in, and the request that it belongs to. */
export type SignInRequest = { readonly clientId: string; readonly by: string }

/**
 * Completes a sign-in after its proof: cancels a closing, and records the event.
 * @param detail the proof, unless it was the password alone
 * @returns undefined if the account was erased meanwhile
 */
export async function completeSignIn(
  found: Account,
  { clientId, by }: SignInRequest,
  address: string,
  { accounts, audit }: { readonly accounts: Accounts; readonly audit: Audit },
  detail?: 'sms',
): Promise<SignedInAccount | 'frozen' | undefined> {
  const account = await cancelClosing(found, `sign-in ${by}`, accounts)
  if (!account) return undefined
  const whose = { clientId, address, accountId: account.id }
  if (isFrozen(account)) {
    await audit.record({ what: 'sign-in-failed', ...whose, detail: 'frozen' })
    return 'frozen'
  }
  await audit.record({ what: 'signed-in', ...whose, ...(detail && { detail }) })
  const isClosingCancelled = found.closingSince !== undefined
  if (isClosingCancelled) await audit.record({ what: 'closing-ended', ...whose })
  return { account, isClosingCancelled }
}
