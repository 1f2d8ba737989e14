import type { Account } from '../../people/account.ts'
import { sameDocument } from '../../people/fields/id-document.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Wanted } from './lookup-form.ts'

/** The most accounts of one look-up; a family may share a phone. */
export const mostFound = 20

export type FindAccountsPorts = {
  readonly accounts: Pick<
    Accounts,
    'findById' | 'findByUsername' | 'findByDocument' | 'findByDocumentNumber' | 'findByPhone'
  >
  readonly cases: Pick<Cases, 'find'>
}

/** The accounts that match exactly. */
export async function findAccounts(
  wanted: Wanted,
  { accounts, cases }: FindAccountsPorts,
): Promise<readonly Account[]> {
  const one = async (found: Promise<Account | undefined>) => {
    const account = await found
    return account ? [account] : []
  }
  switch (wanted.by) {
    case 'username':
      return one(accounts.findByUsername(wanted.value))
    case 'account':
      return one(accounts.findById(wanted.value))
    case 'phone':
      return accounts.findByPhone(wanted.value, mostFound)
    case 'document':
      return wanted.idType === 'uscc'
        ? one(accounts.findByDocument({ type: 'uscc', number: wanted.value }))
        : accounts.findByDocumentNumber(wanted.idType, wanted.value, mostFound)
    case 'case': {
      const document = (await cases.find(wanted.value))?.document
      if (!document) return []
      const found = await accounts.findByDocumentNumber(document.type, document.number, mostFound)
      return found.filter((account) => sameDocument(account.document, document))
    }
  }
}
