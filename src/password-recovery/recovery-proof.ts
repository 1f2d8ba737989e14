import { type Account, personalWords } from '../people/account.ts'
import { refuse } from '../people/refusal.ts'
import type { RecoveryProof } from './password-recovery-answers.ts'

export function recoveryProofOf(account: Account): RecoveryProof {
  const { id, version, username, phone } = account
  return { id, version, username, phone, personal: personalWords(account) }
}

/** The refusal of a proof that is older than the last change of the account (decision 0090). */
export const staleProof = {
  reopen: 'username',
  refused: refuse('form', 'passwordRecovery.stale'),
} as const
