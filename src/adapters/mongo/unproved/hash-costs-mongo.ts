import type { Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import type { HashCost, HashCosts } from '../../../ports/passwords.ts'
import { polledCopy } from '../polled-copy.ts'
import { majority } from '../write-concern.ts'

/** `_id` is the class. */
type HashCostRecord = { readonly _id: string; readonly work: number }

const hashCostsIn = (connection: Connection) =>
  connection.collection<HashCostRecord>('hash_costs', { writeConcern: majority })

/** The costs of the imported hashes, in the memory of this process. */
export async function hashCostsMongo(
  connection: Connection,
  log: Pick<BaseLogger, 'warn'>,
): Promise<HashCosts & { stop(): Promise<void> }> {
  const { current, stop } = await polledCopy<readonly HashCost[]>(async () => {
    const found = await hashCostsIn(connection).find().toArray()
    return found.map(({ _id, work }) => ({ class: _id, work }))
  }, log)
  return { current, stop }
}

/** Stores costs before the hashes that have them. The highest of each class stays. */
export async function addHashCosts(
  connection: Connection,
  costs: readonly HashCost[],
): Promise<void> {
  const writes = costs.map(({ class: _id, work }) => ({
    updateOne: { filter: { _id }, update: { $max: { work } }, upsert: true },
  }))
  if (writes.length) await hashCostsIn(connection).bulkWrite(writes)
}
