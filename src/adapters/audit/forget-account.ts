import { randomUUID } from 'node:crypto'
import type { Connection } from 'mongoose'
import { widerNetworksOf } from '../../people/network.ts'
import type { Audit } from '../../ports/audit.ts'
import { auditRecords } from './audit-collection.ts'
import {
  type AuditEncryption,
  type AuditRecord,
  addressIndexesOf,
  auditContext,
} from './audit-record.ts'
import type { EventDigests } from './event-digests.ts'

/** So many events are changed by one command. */
const together = 200

/**
 * Erases an account from its events. The hash of an event covers only a commitment to what is erased here; its salt is
 * removed as well, so that not even the key of the audit tells what stood there (decision 0245).
 */
export function forgetAccount(
  connection: Connection,
  encryption: AuditEncryption,
  digests: EventDigests,
): Audit['forget'] {
  const records = auditRecords(connection)

  function erasure({ _id, address, chain }: AuditRecord, accountId: string) {
    const network = widestNetworkOf(encryption.decrypt(address, auditContext(_id, 'address')))
    const remains = { accountId, address: network }
    return {
      updateOne: {
        filter: { _id },
        update: {
          $set: {
            accountId,
            address: encryption.encrypt(network, auditContext(_id, 'address')),
            addressIndexes: addressIndexesOf(encryption, network),
            ...(chain && { 'chain.erased': digests.erasure(_id, chain.hash, remains) }),
          },
          $unset: { reason: '' as const, 'chain.salt': '' as const },
        },
      },
    }
  }

  return async (accountId) => {
    const pseudonym = randomUUID()
    for (;;) {
      // Erased events do not match any more.
      const found = await records.find({ accountId }).limit(together).toArray()
      if (found.length === 0) return
      await records.bulkWrite(found.map((record) => erasure(record, pseudonym)))
    }
  }
}

/** The /24 of an IPv4 address, the /48 of an IPv6 network. Any other text, e.g. an operator's name, stays unchanged. */
const widestNetworkOf = (address: string): string =>
  widerNetworksOf(address).at(-1)?.prefix ?? address
