import { documentOfAccount } from '../../../people/account.ts'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import { accountRecords } from '../account-record.ts'
import type { AccountRecord } from '../account-schema.ts'

/** The encrypted fields and lookup indexes of an account under the present keys. */
export function renewedAccount(record: AccountRecord, encryption: DurableEncryption) {
  const { indexes, toAccount } = accountRecords(encryption)
  const account = toAccount(record)
  const contextOf = (field: string) => ({ collection: 'accounts', record: record._id, field })
  const fields = Object.entries(record.sealed).map(
    ([field, value]) => [field, encryption.decrypt(value, contextOf(field))] as const,
  )
  const { cardDigest: stored, ...others } = Object.fromEntries(fields)
  // Records of an earlier version have the digest of the card only as their index.
  const cardDigest = account.card && (stored ?? String(record.cardDigest))
  return {
    sealed: Object.fromEntries(
      Object.entries({ ...others, ...(cardDigest && { cardDigest }) }).map(([field, value]) => [
        field,
        encryption.encrypt(value, contextOf(field)),
      ]),
    ),
    usernameDigest: indexes.username(account.username),
    documentDigest: indexes.document(documentOfAccount(account)),
    phoneDigest: indexes.phone(account.phone),
    cardDigest: cardDigest ? indexes.card(cardDigest) : [],
  }
}
