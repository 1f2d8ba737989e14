import { type Refusal, refuse } from '../../people/refusal.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { Accounts } from '../../ports/accounts.ts'

/** The end of every sign-in of an unproved account whose document another account has, which somebody proved. */
export const displacedRefusal: Refusal = refuse('form', 'realName.displaced', { status: 403 })

export const isDisplaced = (
  { document }: Pick<UnprovedAccount, 'document'>,
  accounts: Pick<Accounts, 'documentTaken'>,
): Promise<boolean> => accounts.documentTaken(document)
