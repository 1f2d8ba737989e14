import type { Connection } from 'mongoose'
import type { Encryption, EncryptionContext } from '../crypto/encryption.ts'
import { type AccountRecord, accountRecords } from './account-record.ts'

/** An encrypted value as it is stored, and its context. */
type Sample = { readonly sealed: string; readonly context: EncryptionContext }

type SealedRecord = { readonly _id: string; readonly sealed: string }

/**
 * A few encrypted values of the database: all signing keys, and the first and the last record of clients and accounts
 * in the order of the disk, which takes as long with a million accounts as with ten.
 */
export async function encryptedSamples(connection: Connection): Promise<{
  readonly values: readonly Sample[]
  readonly accounts: readonly AccountRecord[]
}> {
  const signingKeys = await connection.collection<SealedRecord>('signing_keys').find().toArray()
  const clients = await firstAndLast<SealedRecord>(connection, 'clients')
  const accounts = await firstAndLast<AccountRecord>(connection, 'accounts')
  const sampleOf = (collection: string, record: string, field: string, sealed: string) => ({
    ...{ sealed, context: { collection, record, field } },
  })
  return {
    accounts,
    values: [
      ...signingKeys.map(({ _id, sealed }) => sampleOf('signing_keys', _id, 'jwk', sealed)),
      ...clients.map(({ _id, sealed }) => sampleOf('clients', _id, 'metadata', sealed)),
      ...accounts.flatMap(({ _id, sealed }) =>
        Object.entries(sealed).map(([field, value]) => sampleOf('accounts', _id, field, value)),
      ),
    ],
  }
}

async function firstAndLast<Stored extends { readonly _id: string }>(
  connection: Connection,
  name: string,
): Promise<readonly Stored[]> {
  const collection = connection.collection<Stored>(name)
  const ends = ([1, -1] as const).map((order) =>
    collection.find().sort({ $natural: order }).limit(1).toArray(),
  )
  return (await Promise.all(ends)).flat() as Stored[]
}

/** Whether the key of its version is the one that encrypted a value. */
export function decrypts(encryption: Encryption, { sealed, context }: Sample): boolean {
  try {
    encryption.decrypt(sealed, context)
    return true
  } catch {
    return false
  }
}

/** Whether the account is found by its username: undefined when the username can not be decrypted. */
export function isFound(encryption: Encryption, record: AccountRecord): boolean | undefined {
  const { _id, sealed, usernameDigest } = record
  const sample = {
    sealed: sealed['username'] ?? '',
    context: { collection: 'accounts', record: _id, field: 'username' },
  }
  if (!decrypts(encryption, sample)) return undefined
  const username = encryption.decrypt(sample.sealed, sample.context)
  return accountRecords(encryption).digest.username(username) === usernameDigest
}
