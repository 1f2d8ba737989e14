import type { ClientSession } from 'mongoose'
import type { Accounts } from '../../ports/accounts.ts'
import type { NewTask } from '../../ports/tasks.ts'
import { type AccountRecord, accountRecords, accountSchema } from './account-record.ts'
import { isDuplicateKey } from './duplicate-key.ts'
import type { MongoStore } from './mongo-store.ts'

/** Puts tasks into the queue as part of a transaction. */
export type InsertTasks = (tasks: readonly NewTask[], session: ClientSession) => Promise<void>

/**
 * Makes its indexes first. Every word about a person is sealed on its own, the password's hash too: whoever writes
 * into the database can't give an account another password. Digests find a record, and make it unique.
 */
export async function accountsMongo({
  connection,
  encryption,
  clock,
  insertTasks,
}: MongoStore & { readonly insertTasks: InsertTasks }): Promise<Accounts> {
  const records = connection.model('Account', accountSchema)
  await records.createCollection()
  await records.createIndexes()
  const { dated, digest, toRecord, toAccount, toUpdate } = accountRecords(encryption)

  const find = async (by: Partial<AccountRecord>) => {
    const record = await records.findOne(by).lean<AccountRecord>()
    return record ? toAccount(record) : undefined
  }
  const exists = async (by: Partial<AccountRecord>) => (await records.exists(by)) !== null

  return {
    usernameTaken: (username) => exists({ usernameDigest: digest.username(username) }),
    documentTaken: (document) => exists({ documentDigest: digest.document(document) }),
    findById: (id) => find({ _id: id }),
    findByUsername: (username) => find({ usernameDigest: digest.username(username) }),
    findByDocument: (document) => find({ documentDigest: digest.document(document) }),

    async create(account) {
      try {
        await records.create(toRecord(account))
        return 'created'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        if (await exists({ _id: account.id })) return 'created'
        return 'usernameDigest' in error['keyPattern'] ? 'username_taken' : 'document_taken'
      }
    },

    async change({ id, version }, change, by, tasks = []) {
      const { set, unset } = toUpdate(id, change)
      const update = {
        $set: { ...set, changedBy: by, updatedAt: new Date(clock()) },
        ...(Object.keys(unset).length && { $unset: unset }),
        $inc: { version: 1 },
      }
      const changed = await connection.transaction(async (session) => {
        const unchanged = { _id: id, version, changedBy: { $ne: by } }
        const { matchedCount } = await records.updateOne(unchanged, update, { session })
        if (matchedCount && tasks.length) await insertTasks(tasks, session)
        return matchedCount === 1
      })
      return changed || (await exists({ _id: id, changedBy: by })) ? 'changed' : 'stale'
    },

    async agree(id, agreement) {
      const updatedAt = new Date(clock())
      await records.updateOne({ _id: id }, { $set: { agreement: dated(agreement), updatedAt } })
    },

    async renewHash({ id, version }, passwordHash) {
      await records.updateOne({ _id: id, version }, { $set: toUpdate(id, { passwordHash }).set })
    },

    async erase(id, closingSince) {
      const { deletedCount } = await records.deleteOne({
        _id: id,
        closingSince: new Date(closingSince),
      })
      return deletedCount === 1
    },
  }
}
