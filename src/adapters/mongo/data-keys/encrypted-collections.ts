import type { Connection } from 'mongoose'
import type { AdapterPayload } from 'oidc-provider'
import type { ClientMetadata } from '../../../../config/client-metadata.ts'
import { usernameKey } from '../../../people/fields/username.ts'
import type { Operator } from '../../../people/operator.ts'
import { originsOf } from '../../../ports/sso/client-origins.ts'
import { addressIndexesOf, auditContext } from '../../audit/audit-record.ts'
import type { DurableEncryption, EncryptionContext } from '../../crypto/encryption.ts'
import type { AccountRecord } from '../account-schema.ts'
import { nameOf, oidcLookups } from '../oidc-lookups.ts'
import { reserveExisting } from '../reservations/reserve-existing.ts'
import { type UnprovedRecord, unprovedRecords } from '../unproved/unproved-record.ts'
import { renewedAccount } from './renewed-account.ts'

/** A record as it is stored. Only what a renewal reads is known of it. */
export type StoredRecord = { readonly _id: string } & Readonly<Record<string, unknown>>

/**
 * A collection with encrypted values. Each collection of the adapters stands in this list: a rotation renews what is here,
 * and a test compares the list with the adapters.
 */
export type EncryptedCollection = {
  readonly name: string
  /** The fields with lookup indexes. */
  readonly lookups: readonly string[]
  /** The fields of a record that depend on data keys, as the present keys give them. */
  readonly renewed: (
    record: StoredRecord,
    encryption: DurableEncryption,
  ) => Readonly<Record<string, unknown>>
  /** Stores what has to be there before records with renewed fields are written. */
  readonly prepare?: (connection: Connection, renewed: readonly StoredRecord[]) => Promise<void>
}

/** Encrypts a value again; a value that is absent stays absent. */
function again(encryption: DurableEncryption, value: unknown, context: EncryptionContext) {
  return value === undefined
    ? undefined
    : encryption.encrypt(plainOf(encryption, value, context), context)
}

const plainOf = (encryption: DurableEncryption, value: unknown, context: EncryptionContext) =>
  encryption.decrypt(String(value), context)

/** A collection whose encrypted fields have these names in their contexts. */
const valuesOnly = (
  name: string,
  fields: Readonly<Record<string, string | ((record: StoredRecord) => string)>>,
): EncryptedCollection => ({
  name,
  lookups: [],
  renewed: (record, encryption) =>
    Object.fromEntries(
      Object.entries(fields).map(([field, named]) => {
        const context = {
          ...{ collection: name, record: record._id },
          field: typeof named === 'string' ? named : named(record),
        }
        return [field, again(encryption, record[field], context)]
      }),
    ),
})

/** The ids of these records are digests of random values, which a rotation leaves as they are (decision 0236). */
const ofProvider = (model: string): EncryptedCollection => ({
  name: nameOf(model),
  lookups: ['account', 'holder'],
  renewed({ _id, sealed }, encryption) {
    const context = { collection: nameOf(model), record: _id, field: 'payload' }
    const plain = plainOf(encryption, sealed, context)
    const { accountId, clientId } = JSON.parse(plain) as AdapterPayload
    const { accountOf, accountAtClientOf } = oidcLookups(encryption)
    return {
      sealed: encryption.encrypt(plain, context),
      ...(accountId && { account: accountOf(model, accountId) }),
      ...(accountId && clientId && { holder: accountAtClientOf(model, accountId, clientId) }),
    }
  },
})

const clients: EncryptedCollection = {
  name: 'clients',
  lookups: ['origins'],
  renewed({ _id, sealed, previous }, encryption) {
    const context = (field: string) => ({ collection: 'clients', record: _id, field })
    const plain = plainOf(encryption, sealed, context('metadata'))
    return {
      sealed: encryption.encrypt(plain, context('metadata')),
      previous: again(encryption, previous, context('previousSecret')),
      origins: originsOf(JSON.parse(plain) as ClientMetadata).flatMap((origin) =>
        encryption.lookupIndexes('clients.origin', origin),
      ),
    }
  },
}

const idempotentRequests: EncryptedCollection = {
  name: 'acts',
  lookups: [],
  renewed({ _id, content, plan, answer }, encryption) {
    const context = (field: string) => ({ collection: 'acts', record: _id, field })
    const stored = String(content)
    return {
      // In records of an earlier version the digest is not encrypted.
      content: stored.includes('.')
        ? again(encryption, stored, context('content'))
        : encryption.encrypt(stored, context('content')),
      plan: again(encryption, plan, context('plan')),
      answer: again(encryption, answer, context('answer')),
    }
  },
}

const audit: EncryptedCollection = {
  name: 'audit',
  lookups: ['addressIndexes'],
  renewed({ _id, address, reason }, encryption) {
    const plain = plainOf(encryption, address, auditContext(_id, 'address'))
    return {
      address: encryption.encrypt(plain, auditContext(_id, 'address')),
      addressIndexes: addressIndexesOf(encryption, plain),
      reason: again(encryption, reason, auditContext(_id, 'reason')),
    }
  },
}

/** Recovery codes, session tokens and invitations are digests of random values. */
const operators: EncryptedCollection = {
  name: 'operators',
  lookups: ['usernameDigest'],
  renewed({ _id, profile, credentials, sessionAddress }, encryption) {
    const context = (field: string) => ({ collection: 'operators', record: _id, field })
    const plain = plainOf(encryption, profile, context('profile'))
    const { username } = JSON.parse(plain) as Pick<Operator, 'username'>
    return {
      profile: encryption.encrypt(plain, context('profile')),
      credentials: again(encryption, credentials, context('credentials')),
      sessionAddress: again(encryption, sessionAddress, context('sessionAddress')),
      usernameDigest: encryption.lookupIndexes('operators.username', usernameKey(username)),
    }
  },
}

const reviews: EncryptedCollection = {
  name: 'reviews',
  lookups: [],
  renewed: ({ _id, sealed }, encryption) => ({
    sealed: Object.fromEntries(
      Object.entries(sealed as Readonly<Record<string, string>>).map(([field, value]) => [
        field,
        again(encryption, value, { collection: 'reviews', record: _id, field }),
      ]),
    ),
  }),
}

/** The codes are digests of random values. */
const counterProofs: EncryptedCollection = {
  name: 'counter_proofs',
  lookups: ['holderDigest'],
  renewed({ _id, sealed }, encryption) {
    const context = { collection: 'counter_proofs', record: _id, field: 'holder' }
    const holder = plainOf(encryption, sealed, context)
    return {
      sealed: encryption.encrypt(holder, context),
      holderDigest: encryption.lookupIndexes('counter_proofs.holder', holder),
    }
  },
}

export const encryptedCollections: readonly EncryptedCollection[] = [
  // The smallest come first, so that a mistake shows before the longest work.
  valuesOnly('signing_keys', { sealed: 'jwk' }),
  operators,
  valuesOnly('operator_invitations', { sealed: 'invitation' }),
  valuesOnly('operator_alerts', { network: 'network' }),
  reviews,
  clients,
  valuesOnly('event_streams', { sealed: 'settings' }),
  valuesOnly('stream_events', { sealed: 'event' }),
  valuesOnly('tasks', { sealed: ({ kind }) => String(kind) }),
  valuesOnly('cases', { sealed: 'case', notes: 'notes' }),
  counterProofs,
  idempotentRequests,
  ...['InitialAccessToken', 'RegistrationAccessToken', 'RefreshToken', 'Grant'].map(ofProvider),
  audit,
  {
    name: 'unproved_accounts',
    lookups: ['usernameDigest', 'claimedDigest', 'phoneDigest'],
    renewed: (record, encryption) =>
      unprovedRecords(encryption).renewed(record as unknown as UnprovedRecord),
    prepare: reserveExisting,
  },
  {
    name: 'accounts',
    lookups: ['usernameDigest', 'documentDigest', 'phoneDigest', 'cardDigest'],
    renewed: (record, encryption) => renewedAccount(record as unknown as AccountRecord, encryption),
    prepare: reserveExisting,
  },
]
