import { type Account, personalWords } from '../people/account.ts'
import { refuse } from '../people/refusal.ts'
import type { Proved } from './password-recovery-answers.ts'

export function provedBy(account: Account): Proved {
  const { id, version, username, phone } = account
  return { id, version, username, phone, personal: personalWords(account) }
}

/** Somebody changed the account meanwhile: what was proved before is void. */
export const stale = {
  reopen: 'username',
  refused: refuse('form', 'passwordRecovery.stale'),
} as const
