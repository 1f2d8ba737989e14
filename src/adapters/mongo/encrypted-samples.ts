import type { Connection } from 'mongoose'
import type { Encryption, EncryptionContext } from '../crypto/encryption.ts'
import { accountRecords } from './account-record.ts'
import type { AccountRecord } from './account-schema.ts'

/** A stored encrypted value and its context. */
type Sample = { readonly encrypted: string; readonly context: EncryptionContext }

type EncryptedRecord = { readonly _id: string; readonly sealed: string }

/**
 * Reads a few encrypted values: all signing keys, and the first and last record of clients and accounts in the order of
 * the disk. The time does not depend on the number of accounts.
 */
export async function encryptedSamples(connection: Connection): Promise<{
  readonly values: readonly Sample[]
  readonly accounts: readonly AccountRecord[]
}> {
  const signingKeys = await connection.collection<EncryptedRecord>('signing_keys').find().toArray()
  const clients = await firstAndLast<EncryptedRecord>(connection, 'clients')
  const accounts = await firstAndLast<AccountRecord>(connection, 'accounts')
  const sampleOf = (collection: string, record: string, field: string, encrypted: string) => ({
    encrypted,
    context: { collection, record, field },
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

/** Whether a value was encrypted with the key of its version. */
export function decrypts(encryption: Encryption, { encrypted, context }: Sample): boolean {
  try {
    encryption.decrypt(encrypted, context)
    return true
  } catch {
    return false
  }
}

/** Whether the account is found by its username. Undefined if the username cannot be decrypted. */
export function isFound(encryption: Encryption, record: AccountRecord): boolean | undefined {
  const { _id, sealed, usernameDigest } = record
  const sample = {
    encrypted: sealed['username'] ?? '',
    context: { collection: 'accounts', record: _id, field: 'username' },
  }
  if (!decrypts(encryption, sample)) return undefined
  const username = encryption.decrypt(sample.encrypted, sample.context)
  return accountRecords(encryption).blindIndexOf.username(username) === usernameDigest
}
