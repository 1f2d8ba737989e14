import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import { majority } from '../write-concern.ts'

type Lock = { readonly _id: 'lock'; readonly holder: string; readonly until: Date }

/** The lock of a process that was killed ends after so many ms. MongoDB's clock decides. */
const lifetime = 30_000
const renewal = 5_000
const pause = 250

/**
 * Runs `work` while this process has the lock. `isDone` is asked before each attempt: true ends the wait without `work`,
 * because another process has done it.
 */
export async function withSchemaLock(
  connection: Connection,
  isDone: () => Promise<boolean>,
  work: () => Promise<void>,
): Promise<void> {
  const locks = connection.collection<Lock>('schema_lock', { writeConcern: majority })
  const holder = randomUUID()
  const free = { $or: [{ $eq: ['$holder', holder] }, { $lt: ['$until', '$$NOW'] }] }
  const extended = [{ $set: { holder, until: { $add: ['$$NOW', lifetime] } } }]
  const take = async () =>
    (await locks.updateOne({ _id: 'lock', $expr: free }, extended)).matchedCount === 1

  const nobody = { $setOnInsert: { holder: '', until: new Date(0) } }
  await locks.updateOne({ _id: 'lock' }, nobody, { upsert: true })
  for (;;) {
    if (await isDone()) return
    if (await take()) break
    await sleep(pause)
  }
  // Migrations are safe to repeat, so a renewal that fails does no harm.
  const renewing = setInterval(() => take().catch(() => false), renewal)
  try {
    if (!(await isDone())) await work()
  } finally {
    clearInterval(renewing)
    await locks.updateOne({ _id: 'lock', holder }, { $set: { until: new Date(0) } })
  }
}
