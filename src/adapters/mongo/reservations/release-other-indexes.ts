import type { Connection } from 'mongoose'
import { reservationsIn } from './reservations.ts'

/** Reservations removed at a time. */
const batch = 2000

/** Removes the reservations of all versions of indexes but one. `onBatch` is called before each write. */
export async function releaseOtherIndexes(
  connection: Connection,
  version: number,
  onBatch: () => Promise<void>,
): Promise<void> {
  const reservations = reservationsIn(connection)
  // `/` follows `.`: the indexes of this version lie between the two.
  for (const others of [{ $lt: `i${version}.` }, { $gte: `i${version}/` }])
    for (;;) {
      const found = await reservations
        .find({ _id: others }, { projection: { _id: 1 } })
        .limit(batch)
        .toArray()
      if (!found.length) break
      await onBatch()
      await reservations.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } })
    }
}
