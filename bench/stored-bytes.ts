import type { Redis } from 'ioredis'
import type { Connection } from 'mongoose'

type Stored = { readonly keys: ReadonlyMap<string, number>; readonly mongodb: number }

/**
 * Measures what the stores hold: the memory of each key of Redis, and the documents and indexes of MongoDB after a checkpoint.
 * `since` compares the keys that there are now with those before, so that keys which ended meanwhile do not hide growth.
 */
export function storedBytes(redis: Redis, mongodb: Connection) {
  async function keysWithBytes(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>()
    for await (const keys of redis.scanStream({ count: 1000 })) {
      const pipeline = redis.pipeline()
      for (const key of keys as string[]) pipeline.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
      const sizes = (await pipeline.exec()) ?? []
      for (const [at, key] of (keys as string[]).entries())
        found.set(key, Number(sizes[at]?.[1] ?? 0))
    }
    return found
  }

  async function inMongo(): Promise<number> {
    await mongodb.db?.admin().command({ fsync: 1 })
    const stats = await mongodb.db?.command({ dbStats: 1 })
    return Number(stats?.['dataSize']) + Number(stats?.['indexSize'])
  }

  const measured = async (): Promise<Stored> => ({
    keys: await keysWithBytes(),
    mongodb: await inMongo(),
  })
  return Object.assign(measured, {
    async since(before: Stored) {
      const now = await measured()
      let grown = 0
      for (const [key, bytes] of now.keys) grown += bytes - (before.keys.get(key) ?? 0)
      return { redis: grown, mongodb: now.mongodb - before.mongodb }
    },
  })
}
