import type { Locale } from '../../config/sentences.ts'
import { type Account, type ChangedCardProof, canBeNamed } from '../people/account.ts'
import type { Accounts } from '../ports/accounts.ts'
import { phoneNotices } from './phone-notices.ts'
import { signOutTask } from './sign-out-task.ts'

/**
 * Puts a fresh proof with another phone into an account, the notices and the end of its sign-ins with it. Changed by
 * something else meanwhile, the account is found and decided on once more: the proof is as good as before. `by` names
 * the idempotent request. Returns the account as it was; `other_name` when the proof may be another person's.
 */
export async function changePhoneOfAccount(
  { document: _, ...proof }: ChangedCardProof,
  find: () => Promise<Account | undefined>,
  { by, locale, now }: { readonly by: string; readonly locale: Locale; readonly now: number },
  accounts: Accounts,
): Promise<Account | 'no_account' | 'other_name' | 'stale'> {
  for (let tries = 0; tries < 2; tries += 1) {
    const account = await find()
    if (!account) return 'no_account'
    if (!canBeNamed(account, proof.name)) return 'other_name'
    const tasks = [...phoneNotices(account.phone, proof.phone, locale), signOutTask(account, now)]
    const outcome = await accounts.change(account, { proof }, by, tasks)
    if (outcome === 'changed') return account
  }
  return 'stale'
}
