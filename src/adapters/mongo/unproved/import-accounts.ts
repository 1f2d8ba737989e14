import type { Connection } from 'mongoose'
import type { UnprovedAccount } from '../../../people/unproved-account.ts'
import type { HashCost } from '../../../ports/passwords.ts'
import { isDuplicateKey } from '../duplicate-key.ts'
import type { MongoStore } from '../mongo-store.ts'
import { releaseUnused, reservationsIn } from '../reservations/reservations.ts'
import { createReservations } from '../reservations/unique-indexes.ts'
import { majority } from '../write-concern.ts'
import { addHashCosts } from './hash-costs-mongo.ts'
import { unprovedAccountsMongo } from './unproved-accounts-mongo.ts'
import { type UnprovedRecord, unprovedIn, unprovedRecords } from './unproved-record.ts'

/** `known`: the same line was imported before, whether its person proved themself since or not. */
export type ImportOutcome = 'imported' | 'known' | 'username_taken'

/** The line of an import: its account, and the cost of its password hash. */
export type ImportedAccount = {
  readonly account: UnprovedAccount
  readonly cost?: HashCost | undefined
}

/** A batch whose records are encrypted, and what stores it. */
export type PreparedBatch = { store(isDryRun: boolean): Promise<readonly ImportOutcome[]> }

/**
 * Imports unproved accounts, a batch in one transaction: after a kill, a batch is stored with the reservations of all its
 * usernames or not at all. The id of an account depends on its line alone, so that a repeated line finds its account.
 */
export async function importAccounts({ connection, encryption }: Omit<MongoStore, 'clock'>) {
  await unprovedAccountsMongo({ connection, encryption })
  await createReservations(connection)
  const { toRecord } = unprovedRecords(encryption)
  const knownCosts = new Map<string, number>()

  /** Other processes learn of a new cost before somebody can sign in with a hash that has it. */
  async function announce(batch: readonly ImportedAccount[]): Promise<void> {
    const costs = batch.flatMap(({ cost }) => cost ?? [])
    const higher = costs.filter(({ class: name, work }) => work > (knownCosts.get(name) ?? 0))
    for (const { class: name, work } of higher)
      knownCosts.set(name, Math.max(work, knownCosts.get(name) ?? 0))
    const names = [...new Set(higher.map(({ class: name }) => name))]
    const highest = names.map((name) => ({ class: name, work: knownCosts.get(name) ?? 0 }))
    await addHashCosts(connection, highest)
  }

  return {
    /** The id of a line: it is the same in every run, and nobody can compute it without the keys. */
    idOf(line: readonly unknown[]): string {
      const digest = encryption.blindIndex('accounts.imported', JSON.stringify(line))
      return Buffer.from(digest, 'base64url').subarray(0, 16).toString('base64url')
    },

    prepare(batch: readonly ImportedAccount[]): PreparedBatch {
      const records = batch.map(({ account }) => toRecord(account))
      return {
        async store(isDryRun) {
          if (!isDryRun) await announce(batch)
          for (;;) {
            const outcomes = await expectedOutcomes(connection, records)
            const added = records.filter((_, index) => outcomes[index] === 'imported')
            if (isDryRun || (await insert(connection, added))) return outcomes
          }
        },
      }
    },
  }
}

/** Each record gets an outcome as if those before it were stored already. */
async function expectedOutcomes(
  connection: Connection,
  records: readonly UnprovedRecord[],
): Promise<readonly ImportOutcome[]> {
  const known = await knownIds(connection, records)
  const reserved = await reservedBy(connection, records)
  const outcomes: ImportOutcome[] = []
  for (const record of records) {
    const { _id, usernameDigest } = record
    const isFree = () =>
      usernameDigest.every((index) => [undefined, _id].includes(reserved.get(index)))
    if (known.has(_id)) outcomes.push('known')
    // An account of before reservations that was erased may have left one behind.
    else if (isFree() || (await releaseUnused(connection, { _id, usernameDigest }))) {
      for (const index of usernameDigest) reserved.set(index, _id)
      known.add(_id)
      outcomes.push('imported')
    } else outcomes.push('username_taken')
  }
  return outcomes
}

async function knownIds(connection: Connection, records: readonly UnprovedRecord[]) {
  const query = { _id: { $in: records.map(({ _id }) => _id) } }
  const known = new Set<string>()
  for (const name of ['unproved_accounts', 'accounts'])
    for await (const { _id } of connection
      .collection<{ _id: string }>(name)
      .find(query, { projection: { _id: 1 } }))
      known.add(_id)
  return known
}

/** The account that has reserved each username, by index. */
async function reservedBy(connection: Connection, records: readonly UnprovedRecord[]) {
  const indexes = records.flatMap(({ usernameDigest }) => usernameDigest)
  const found = await reservationsIn(connection)
    .find({ _id: { $in: indexes } })
    .toArray()
  return new Map<string, string>(found.map(({ _id, account }) => [_id, account]))
}

/**
 * False if somebody took a username meanwhile. After a kill, the server keeps the documents of the unfinished transaction
 * locked for up to a minute; the driver repeats this one as long.
 */
async function insert(
  connection: Connection,
  records: readonly UnprovedRecord[],
): Promise<boolean> {
  if (!records.length) return true
  const reservations = records.flatMap(({ _id: account, usernameDigest }) =>
    usernameDigest.map((_id) => ({ _id, account, writes: 0 })),
  )
  const session = await connection.startSession()
  try {
    await session.withTransaction(
      async () => {
        await reservationsIn(connection).insertMany(reservations, { session })
        await unprovedIn(connection).insertMany([...records], { session })
      },
      { writeConcern: majority },
    )
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  } finally {
    await session.endSession()
  }
}
