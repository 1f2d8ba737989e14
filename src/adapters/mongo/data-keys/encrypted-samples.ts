import { createSecretKey } from 'node:crypto'
import type { Connection } from 'mongoose'
import { usernameKey } from '../../../people/fields/username.ts'
import { type EncryptionContext, encryptionWith } from '../../crypto/encryption.ts'
import type { VersionedKey } from '../../crypto/key-provider-env.ts'
import { digestsOfOneKey } from '../../crypto/keyed-digests.ts'
import { aesGcm } from '../../crypto/value-ciphers.ts'
import type { AccountRecord } from '../account-schema.ts'

/** A stored encrypted value and its context. */
type Sample = { readonly encrypted: string; readonly context: EncryptionContext }

type EncryptedRecord = { readonly _id: string; readonly sealed: string }

/**
 * Reads a few encrypted values of a database of before data keys: all signing keys, and the first and last record of clients
 * and accounts in the order of the disk. The time does not depend on the number of accounts.
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

/** The value, or undefined if it was not encrypted with the key of its version. */
function decrypted(
  keys: readonly VersionedKey[],
  { encrypted, context }: Sample,
): string | undefined {
  const earlier = new Map(keys.map(({ version, key }) => [version, aesGcm(createSecretKey(key))]))
  const none = { crypto: 'aes', keys: new Map(), blindIndex: () => '' } as const
  try {
    return encryptionWith(() => ({ ...none, earlier })).decrypt(encrypted, context)
  } catch {
    return undefined
  }
}

/** Whether a value was encrypted with the key of its version. */
export const decrypts = (keys: readonly VersionedKey[], sample: Sample): boolean =>
  decrypted(keys, sample) !== undefined

/** Whether the account is found by its username. Undefined if the username cannot be decrypted. */
export function isFound(
  {
    DATA_KEYS,
    DIGEST_KEY,
  }: { DATA_KEYS: readonly VersionedKey[]; DIGEST_KEY?: Buffer | undefined },
  { _id, sealed, usernameDigest }: AccountRecord,
): boolean | undefined {
  const context = { collection: 'accounts', record: _id, field: 'username' }
  const username = decrypted(DATA_KEYS, { encrypted: sealed['username'] ?? '', context })
  if (username === undefined || !DIGEST_KEY) return undefined
  const digest = digestsOfOneKey(DIGEST_KEY)('accounts.username', usernameKey(username))
  return [usernameDigest].flat().includes(digest)
}
