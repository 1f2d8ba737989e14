import { Redis } from 'ioredis'
import mongoose from 'mongoose'

/** The commands of one operation to each store, the average of `times`; those inside of scripts are not counted. */
export async function storeCommands(
  { redisUrl, mongodbUri }: { readonly redisUrl: string; readonly mongodbUri: string },
  operation: () => Promise<unknown>,
  times = 20,
) {
  const redis = new Redis(redisUrl)
  const mongodb = await mongoose.createConnection(mongodbUri).asPromise()
  const monitor = await redis.monitor()
  let commands = 0
  monitor.on('monitor', (_time: string, [name = '']: readonly string[], source: string) => {
    if (source !== 'lua' && !background.has(name.toLowerCase())) commands += 1
  })
  const operations = async () => {
    const { opcounters } = (await mongodb.db?.admin().serverStatus()) ?? { opcounters: {} }
    const { insert, query, update, delete: removed } = opcounters as Record<string, number>
    return [insert, query, update, removed].reduce((sum: number, one = 0) => sum + one, 0)
  }
  await operation()
  const before = await operations()
  commands = 0
  for (let n = 0; n < times; n += 1) await operation()
  const after = await operations()
  // A command arrives at the monitor before the reply to one that was sent later.
  await redis.ping()
  const counted = { redis: commands / times, mongodb: (after - before) / times }
  monitor.disconnect()
  redis.disconnect()
  await mongodb.close()
  return counted
}

/** Commands that connections send by themselves. */
const background = new Set(['ping', 'info', 'client', 'hello'])
