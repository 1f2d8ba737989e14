import { type Account, personalWords } from '../people/account.ts'
import { refuse } from '../people/refusal.ts'

/** Whose password may be set: the account as it stood when the person proved who they are. */
export type Proved = Pick<Account, 'id' | 'version' | 'username' | 'phone'> & {
  /** What the new password must not be built from. */
  readonly personal: readonly string[]
}

export function provedBy(account: Account): Proved {
  const { id, version, username, phone } = account
  return { id, version, username, phone, personal: personalWords(account) }
}

/** Somebody changed the account meanwhile: what was proved before is void. */
export const stale = {
  reopen: 'username',
  refused: refuse('form', 'passwordRecovery.stale'),
} as const
