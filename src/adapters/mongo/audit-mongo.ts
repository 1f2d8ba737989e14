import { randomUUID } from 'node:crypto'
import { Schema } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { widerNetworksOf } from '../../people/network.ts'
import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { MongoStore } from './mongo-store.ts'

/** A stored event. Its `address` is encrypted, and MongoDB removes it after `expiresAt`. */
type AuditRecord = AuditEvent & {
  readonly _id: string
  readonly at: Date
  readonly expiresAt: Date
}

const schema = new Schema<AuditRecord>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    what: { type: String, required: true },
    accountId: String,
    clientId: String,
    flow: String,
    address: { type: String, required: true },
    detail: String,
    // Each record has its own expiry, so a later change of `policy.audit.keep` does not affect stored events.
    expiresAt: { type: Date, required: true, expires: 0 },
  },
  { collection: 'audit', versionKey: false },
).index({ accountId: 1, at: -1 }, { sparse: true })

/** Creates its indexes first. `record` rejects if the event was not stored (decision 0061). */
export async function auditMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Policy['audit'] }): Promise<Audit> {
  const records = connection.model('AuditRecord', schema)
  await records.createIndexes()
  const context = (record: string) => ({ collection: 'audit', record, field: 'address' })

  return {
    async record(event) {
      const _id = randomUUID()
      const now = clock()
      await records.create({
        ...event,
        _id,
        at: new Date(now),
        address: encryption.encrypt(event.address, context(_id)),
        expiresAt: new Date(now + policy.keep * 1000),
      })
    },
    async forget(accountId) {
      const pseudonym = randomUUID()
      for await (const { _id, address } of records
        .find({ accountId })
        .lean<AuditRecord>()
        .cursor()) {
        const network = widestNetworkOf(encryption.decrypt(address, context(_id)))
        const anonymous = {
          accountId: pseudonym,
          address: encryption.encrypt(network, context(_id)),
        }
        await records.updateOne({ _id }, { $set: anonymous })
      }
    },
    async latest(accountId, most, except = []) {
      const found = records
        .find({ accountId, what: { $nin: [...except] } })
        .sort({ at: -1 })
        .limit(most)
      return (await found.lean<AuditRecord[]>()).map(
        ({ _id, at, address, expiresAt, ...event }) => ({
          ...event,
          at: at.getTime(),
          address: encryption.decrypt(address, context(_id)),
        }),
      )
    },
  }
}

/** The /24 of an IPv4 address, the /48 of an IPv6 network. Any other text, e.g. an operator's name, stays unchanged. */
const widestNetworkOf = (address: string): string =>
  widerNetworksOf(address).at(-1)?.prefix ?? address
