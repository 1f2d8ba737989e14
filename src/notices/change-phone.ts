import type { Locale } from '../../config/sentences.ts'
import { type Account, type AccountChange, canBeNamed, countryAdded } from '../people/account.ts'
import { isFrozen } from '../people/frozen-account.ts'
import type { ChangedProof } from '../people/identity-proof.ts'
import type { Accounts } from '../ports/accounts.ts'
import { phoneNotices } from './phone-notices.ts'
import { signOutTask } from './sign-out-task.ts'

/**
 * Stores a proof with a new phone in an account, with the tasks that send the notices and end its sessions. If
 * another request changed the account meanwhile, it is read and decided on once more, since the bank check is still
 * valid. `by` identifies the request. Returns the account as it was before; `other_name` if the check may be another
 * person's.
 */
export async function changePhoneOfAccount(
  { document, ...proof }: ChangedProof,
  find: () => Promise<Account | undefined>,
  {
    by,
    locale,
    now,
    ...more
  }: {
    readonly by: string
    readonly locale: Locale
    readonly now: number
  } & Pick<AccountChange, 'recovery'>,
  accounts: Accounts,
): Promise<Account | 'no_account' | 'other_name' | 'frozen' | 'stale' | 'proof_used'> {
  for (let tries = 0; tries < 2; tries += 1) {
    const account = await find()
    if (!account) return 'no_account'
    if (proof.card && !canBeNamed(account, proof.name)) return 'other_name'
    if (isFrozen(account)) return 'frozen'
    const tasks = [...phoneNotices(account, proof.phone, locale), signOutTask(account, now)]
    const change = { proof, ...countryAdded(account, document), ...more }
    const outcome = await accounts.change(account, change, by, tasks)
    if (outcome === 'changed') return account
    if (outcome === 'proof_used') return outcome
  }
  return 'stale'
}
