import { randomBytes } from 'node:crypto'
import { widerNetworksOf } from '../../people/network.ts'
import type { AuditEvent, RecordedEvent } from '../../ports/audit.ts'
import type { DurableEncryption } from '../crypto/encryption.ts'
import type { EventDigests } from './event-digests.ts'
import { type EventPlace, eventIdOf } from './event-id.ts'

/** A stored event. `address` and `reason` are encrypted, each in the context of the record and its field. */
export type AuditRecord = AuditEvent & {
  /** `eventIdOf`; a UUID for an event from before the chain. */
  readonly _id: string
  readonly at: Date
  /** Lookup indexes of the address and of the networks around it. Absent before the chain. */
  readonly addressIndexes?: readonly string[]
  readonly chain?: EventChain
  /** Only events from before the chain have an own expiry. */
  readonly expiresAt?: Date
  readonly dataKey: number
}

/** The digests that protect an event: see `EventDigests`. `salt` until its account is erased, `erased` from then on. */
export type EventChain = {
  readonly previous: string
  readonly commitment: string
  readonly hash: string
  readonly salt?: string
  readonly erased?: string
}

/** The part of the encryption that the audit uses. */
export type AuditEncryption = Pick<
  DurableEncryption,
  'encrypt' | 'decrypt' | 'lookupIndexes' | 'dataKey'
>

/** The context of an encrypted field of an event. */
export const auditContext = (record: string, field: 'address' | 'reason') => ({
  collection: 'audit',
  record,
  field,
})

/** By which an address is found: its own lookup indexes and those of the networks around it. */
export const addressIndexesOf = (
  { lookupIndexes }: Pick<AuditEncryption, 'lookupIndexes'>,
  address: string,
): readonly string[] =>
  [address, ...widerNetworksOf(address).map(({ prefix }) => prefix)].flatMap((network) =>
    lookupIndexes('audit.address', network),
  )

/** The record of an event at its place in the chain. */
export function linkedRecord(
  event: AuditEvent,
  at: number,
  place: EventPlace,
  previous: string,
  { encryption, digests }: { encryption: AuditEncryption; digests: EventDigests },
): AuditRecord & { readonly chain: EventChain } {
  const _id = eventIdOf(place)
  const { address, reason } = event
  const salt = randomBytes(16).toString('base64url')
  const commitment = digests.commitment(salt, event)
  const facts = { ...event, _id, at: new Date(at) }
  const hash = digests.eventHash(facts, commitment, previous)
  return {
    ...facts,
    address: encryption.encrypt(address, auditContext(_id, 'address')),
    ...(reason !== undefined && {
      reason: encryption.encrypt(reason, auditContext(_id, 'reason')),
    }),
    addressIndexes: addressIndexesOf(encryption, address),
    dataKey: encryption.dataKey(),
    chain: { previous, commitment, hash, salt },
  }
}

/** The event of a record. Throws if a field cannot be decrypted. */
export function recordedEvent(record: AuditRecord, { decrypt }: AuditEncryption): RecordedEvent {
  const { _id, at, address, reason, addressIndexes, chain, expiresAt, dataKey, ...event } = record
  return {
    ...event,
    id: _id,
    at: at.getTime(),
    address: decrypt(address, auditContext(_id, 'address')),
    ...(reason !== undefined && { reason: decrypt(reason, auditContext(_id, 'reason')) }),
  }
}
