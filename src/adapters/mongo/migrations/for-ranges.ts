import type { Connection } from 'mongoose'

/** Documents in a range. */
const size = 1000

type IdRange = { readonly _id: { readonly $gt?: string; readonly $lte: string } }

/** Calls `change` with a filter for one range of ids after the other, so that no command takes long. */
export async function forRanges(
  connection: Connection,
  collection: string,
  change: (range: IdRange) => Promise<unknown>,
): Promise<void> {
  const documents = connection.collection<{ _id: string }>(collection)
  for (let last: string | undefined; ; ) {
    const ids = await documents
      .find(last === undefined ? {} : { _id: { $gt: last } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(size)
      .toArray()
    const end = ids.at(-1)?._id
    if (end === undefined) return
    await change({ _id: { ...(last !== undefined && { $gt: last }), $lte: end } })
    last = end
  }
}
