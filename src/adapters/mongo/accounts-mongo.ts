import type { ClientSession, QueryFilter } from 'mongoose'
import { type AccountEvent, eventsOfChange } from '../../people/account-events.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { NewTask } from '../../ports/tasks.ts'
import { accountRecords } from './account-record.ts'
import { type AccountRecord, accountSchema } from './account-schema.ts'
import { untilBuilt } from './build-indexes.ts'
import { isDuplicateKey } from './duplicate-key.ts'
import type { MongoStore } from './mongo-store.ts'
import { indexesOf, release, reserve, reserving } from './reservations/reservations.ts'
import { createReservations, dropUniqueIndexes } from './reservations/unique-indexes.ts'
import { transaction } from './transaction.ts'
import { unprovedIn } from './unproved/unproved-record.ts'

/** Adds tasks to the queue within a transaction. */
export type InsertTasks = (tasks: readonly NewTask[], session: ClientSession) => Promise<void>

/** Uses up a 核验码 within a transaction; false if it is not good any more. */
export type UseCounterProof = (id: string, session: ClientSession) => Promise<boolean>

/** Adds events for clients within a transaction. */
type InsertEvents = (
  accountId: string,
  events: readonly AccountEvent[],
  session: ClientSession,
) => Promise<void>

/**
 * Creates its indexes first. Each personal field is encrypted separately, and so is the password hash: nobody who writes
 * into the database can give an account a password. Blind indexes find a record (decision 0060), and reservations of them make
 * it unique (decision 0257).
 */
export async function accountsMongo({
  connection,
  encryption,
  clock,
  insertTasks,
  insertEvents = async () => {},
  useCounterProof,
}: MongoStore & {
  readonly insertTasks: InsertTasks
  /** Absent: no client receives events. */
  readonly insertEvents?: InsertEvents
  readonly useCounterProof: UseCounterProof
}): Promise<Accounts> {
  const records = connection.model('Account', accountSchema)
  await records.createCollection()
  await untilBuilt(() => records.createIndexes())
  await createReservations(connection)
  await dropUniqueIndexes(connection)
  const { dated, indexes, toRecord, toAccount, toUpdate } = accountRecords(encryption)

  const find = async (by: QueryFilter<AccountRecord>) => {
    const record = await records.findOne(by).lean<AccountRecord>()
    return record ? toAccount(record) : undefined
  }
  const findSome = async (by: QueryFilter<AccountRecord>, most: number) =>
    (await records.find(by).limit(most).lean<AccountRecord[]>()).map(toAccount)
  const exists = async (by: QueryFilter<AccountRecord>) => (await records.exists(by)) !== null
  const unproved = unprovedIn(connection)
  const usernameTaken = async (usernameDigest: readonly string[]) => {
    const by = { usernameDigest: { $in: [...usernameDigest] } }
    const found = [exists(by), unproved.findOne(by, { projection: { _id: 1 } })] as const
    return (await Promise.all(found)).some(Boolean)
  }

  return {
    usernameTaken: (username) => usernameTaken(indexes.username(username)),
    documentTaken: (document) => exists({ documentDigest: { $in: indexes.documents(document) } }),
    findById: (id) => find({ _id: id }),
    findByUsername: (username) => find({ usernameDigest: { $in: indexes.username(username) } }),
    async findByDocument(document) {
      const digests = indexes.documents(document)
      const found = await records.find({ documentDigest: { $in: digests } }).lean<AccountRecord[]>()
      // The account with the country goes before one from before the country was asked for (decision 0210).
      const [first] = found.sort((one, other) => rankOf(one, digests) - rankOf(other, digests))
      return first && toAccount(first)
    },

    findByDocumentNumber: (type, number, most) =>
      findSome({ documentDigest: { $in: indexes.documentsOfAnyCountry(type, number) } }, most),
    findByPhone: (phone, most) => findSome({ phoneDigest: { $in: indexes.phone(phone) } }, most),

    async create(account, by) {
      const record = { ...toRecord(account), ...(by && { changedBy: by }) }
      const { counter } = account
      const created = { _id: account.id, ...(by && { changedBy: by }) }
      try {
        const isStored = await reserving(connection, record, async (session) => {
          if (counter && !(await useCounterProof(counter.id, session))) return false
          await reserve(connection, record, session)
          await records.create([record], { session })
          await unproved.deleteOne({ _id: account.id }, { session })
          return true
        })
        return isStored || (await exists(created)) ? 'created' : 'proof_used'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        if (await exists(created)) return 'created'
        if (await exists({ _id: account.id })) return 'stale'
        return (await usernameTaken(indexes.username(account.username)))
          ? 'username_taken'
          : 'document_taken'
      }
    },

    async change({ id, version }, change, by, tasks = []) {
      const { set, unset } = toUpdate(id, change)
      const counter = change.proof?.counter
      const update = {
        $set: { ...set, changedBy: by, updatedAt: new Date(clock()) },
        ...(Object.keys(unset).length && { $unset: unset }),
        $inc: { version: 1 },
      }
      const unchanged = {
        ...{ _id: id, version, changedBy: { $ne: by } },
        ...(change.frozenSince === undefined && { frozenSince: { $exists: false } }),
      }
      const { documentDigest = [] } = set
      const wanted = { _id: id, documentDigest }
      const changed = await reserving(connection, wanted, async (session) => {
        const before = await records
          .findOneAndUpdate(unchanged, update, { session })
          .lean<AccountRecord>()
        if (!before) return 'stale'
        if (counter && !(await useCounterProof(counter.id, session))) {
          await session.abortTransaction()
          return 'proof_used'
        }
        await reserve(connection, wanted, session)
        const { documentDigest: replacedDigest } = before
        const replaced = documentDigest.length
          ? indexesOf({ _id: id, documentDigest: replacedDigest })
          : []
        await release(connection, wanted, replaced, session)
        if (tasks.length) await insertTasks(tasks, session)
        await insertEvents(id, eventsOfChange(toAccount(before), change), session)
        return 'changed'
      })
      return changed !== 'changed' && (await exists({ _id: id, changedBy: by }))
        ? 'changed'
        : changed
    },

    async agree(id, agreement) {
      const updatedAt = new Date(clock())
      await records.updateOne({ _id: id }, { $set: { agreement: dated(agreement), updatedAt } })
    },

    async renewHash({ id, version }, passwordHash) {
      await records.updateOne({ _id: id, version }, { $set: toUpdate(id, { passwordHash }).set })
    },

    erase: (id, closingSince) =>
      transaction(connection, async (session) => {
        const gone = await records
          .findOneAndDelete({ _id: id, closingSince: new Date(closingSince) }, { session })
          .lean<AccountRecord>()
        if (gone) {
          await release(connection, { _id: id }, indexesOf(gone), session)
          await insertEvents(id, [{ name: 'account-purged' }], session)
        }
        return gone !== null
      }),
  }
}

/** The place of the first of the digests that the account has. */
const rankOf = ({ documentDigest }: AccountRecord, digests: readonly string[]) =>
  digests.findIndex((digest) => [documentDigest].flat().includes(digest))
