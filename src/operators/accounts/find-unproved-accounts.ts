import { sameDocument } from '../../people/fields/id-document.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { UnprovedAccounts } from '../../ports/accounts.ts'
import type { Cases } from '../../ports/cases.ts'
import { mostFound } from './find-accounts.ts'
import type { Wanted } from './lookup-form.ts'

export type FindUnprovedPorts = {
  readonly unprovedAccounts: Omit<UnprovedAccounts, 'renewHash'>
  readonly cases: Pick<Cases, 'find'>
}

/** The imported registrations that match exactly and that nobody has proved. */
export async function findUnprovedAccounts(
  wanted: Wanted,
  { unprovedAccounts, cases }: FindUnprovedPorts,
): Promise<readonly UnprovedAccount[]> {
  switch (wanted.by) {
    case 'username':
      return listOf(await unprovedAccounts.findByUsername(wanted.value))
    case 'account':
      return listOf(await unprovedAccounts.findById(wanted.value))
    case 'phone':
      return unprovedAccounts.findByPhone(wanted.value, mostFound)
    case 'document':
      return unprovedAccounts.findByDocument(
        { type: wanted.idType, number: wanted.value } as UnprovedAccount['document'],
        mostFound,
      )
    case 'case': {
      const document = (await cases.find(wanted.value))?.document
      if (!document) return []
      const found = await unprovedAccounts.findByDocument(document, mostFound)
      return found.filter((each) => sameDocument(each.document, document))
    }
  }
}

const listOf = (found: UnprovedAccount | undefined) => (found ? [found] : [])
