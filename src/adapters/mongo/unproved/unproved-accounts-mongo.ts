import type { mongo } from 'mongoose'
import type { UnprovedAccounts } from '../../../ports/accounts.ts'
import { buildIndexes } from '../build-indexes.ts'
import type { MongoStore } from '../mongo-store.ts'
import {
  type UnprovedRecord,
  unprovedIn,
  unprovedIndexes,
  unprovedRecords,
} from './unproved-record.ts'

/** Creates its indexes first. */
export async function unprovedAccountsMongo({
  connection,
  encryption,
}: Omit<MongoStore, 'clock'>): Promise<UnprovedAccounts> {
  const records = unprovedIn(connection)
  await buildIndexes(records, unprovedIndexes)
  const { indexes, encryptedHash, toUnproved } = unprovedRecords(encryption)
  const find = async (by: mongo.Filter<UnprovedRecord>) => {
    const record = await records.findOne(by)
    return record ? toUnproved(record) : undefined
  }
  const findSome = async (by: mongo.Filter<UnprovedRecord>, most: number) =>
    (await records.find(by).limit(most).toArray()).map(toUnproved)

  return {
    findById: (id) => find({ _id: id }),
    findByUsername: (username) =>
      find({ usernameDigest: { $in: [...indexes.username(username)] } }),
    findByDocument: (document, most) =>
      findSome({ claimedDigest: { $in: [...indexesOfAnyCountry(document)] } }, most),
    findByPhone: (phone, most) =>
      findSome({ phoneDigest: { $in: [...indexes.phone(phone)] } }, most),
    async renewHash(_id, passwordHash) {
      await records.updateOne({ _id }, { $set: { passwordHash: encryptedHash(_id, passwordHash) } })
    },
  }

  function indexesOfAnyCountry(document: Parameters<UnprovedAccounts['findByDocument']>[0]) {
    return document.type === 'uscc'
      ? indexes.document(document)
      : indexes.documentsOfAnyCountry(document.type, document.number)
  }
}
