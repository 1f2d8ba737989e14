import type { Connection, mongo } from 'mongoose'
import type { UnprovedAccount } from '../../../people/unproved-account.ts'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import { accountIndexes } from '../account-indexes.ts'
import { majority } from '../write-concern.ts'

export type UnprovedRecord = {
  readonly _id: string
  /** The indexes of accounts, so that their reservations keep the username unique among both. */
  readonly usernameDigest: readonly string[]
  /** Not `documentDigest`, which an account reserves. */
  readonly claimedDigest: readonly string[]
  readonly phoneDigest: readonly string[]
  /** The encrypted fields but the password hash, as JSON. */
  readonly profile: string
  /** Encrypted. */
  readonly passwordHash: string
  readonly registeredAt: Date
  readonly dataKey: number
}

export const unprovedIndexes: mongo.IndexDescription[] = [
  { key: { usernameDigest: 1 } },
  { key: { claimedDigest: 1 } },
  { key: { phoneDigest: 1 } },
]

export const unprovedIn = (connection: Connection) =>
  connection.collection<UnprovedRecord>('unproved_accounts', { writeConcern: majority })

type Profile = Pick<UnprovedAccount, 'username' | 'name' | 'document' | 'phone'>

/** Converts unproved accounts to records of MongoDB and back. */
export function unprovedRecords(encryption: DurableEncryption) {
  const indexes = accountIndexes(encryption)
  const contextOf = (record: string, field: 'profile' | 'passwordHash') => ({
    ...{ collection: 'unproved_accounts', record, field },
  })
  const encryptedHash = (id: string, hash: string) =>
    encryption.encrypt(hash, contextOf(id, 'passwordHash'))

  /** The fields that depend on data keys. */
  const encryptedFields = (account: Profile & Pick<UnprovedAccount, 'id' | 'passwordHash'>) => {
    const { id, username, passwordHash, name, document, phone } = account
    const profile: Profile = { username, name, document, phone }
    return {
      usernameDigest: indexes.username(username),
      claimedDigest: indexes.document(document),
      phoneDigest: indexes.phone(phone),
      profile: encryption.encrypt(JSON.stringify(profile), contextOf(id, 'profile')),
      passwordHash: encryptedHash(id, passwordHash),
    }
  }

  const toUnproved = ({ _id: id, registeredAt, ...record }: UnprovedRecord): UnprovedAccount => ({
    id,
    ...(JSON.parse(encryption.decrypt(record.profile, contextOf(id, 'profile'))) as Profile),
    passwordHash: encryption.decrypt(record.passwordHash, contextOf(id, 'passwordHash')),
    registeredAt: registeredAt.getTime(),
  })

  return {
    indexes,
    encryptedHash,
    toUnproved,
    toRecord: (account: UnprovedAccount): UnprovedRecord => ({
      _id: account.id,
      ...encryptedFields(account),
      registeredAt: new Date(account.registeredAt),
      dataKey: encryption.dataKey(),
    }),
    /** The encrypted fields and lookup indexes under the present keys. */
    renewed: (record: UnprovedRecord) => encryptedFields(toUnproved(record)),
  }
}
