import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import mongoose from 'mongoose'
import { children } from '../sandbox/children.mjs'
import { growthWays, type Way } from './growth-ways.ts'
import { startAll } from './start-all.ts'

/**
 * `npm run bench:growth [SECONDS]`: sends from one address, in each way for so many seconds, and measures how the stores
 * grow. Where limits allow only so many records, the size of one is multiplied by their number; else the growth is
 * extrapolated to an hour, or to the lifetime of the records if that is shorter.
 */
const seconds = Number(process.argv[2] ?? 20)
const workers = 8
const hour = 3600
const initialToken = randomBytes(24).toString('base64url')

const dataDir = mkdtempSync(join(tmpdir(), 'uup-bench-'))
const family = children()
family.removeAtEnd(dataDir)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => family.stop().then(() => process.exit(130)))
try {
  await measure()
} finally {
  await family.stop()
}

async function measure(): Promise<void> {
  const settings = { LIMITS_SCALE: '1', INITIAL_ACCESS_TOKEN: initialToken }
  const { issuer, mongodbUri, redisUrl } = await startAll(dataDir, family, [], settings)
  const redis = new Redis(redisUrl)
  const mongodb = await mongoose.createConnection(mongodbUri).asPromise()
  const sizes = async () => ({
    redis: Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]),
    mongodb: Number((await mongodb.db?.command({ dbStats: 1 }))?.['dataSize']),
  })

  console.log('way | requests | not refused | Redis kB | MongoDB kB | bytes each | MB in an hour')
  let sum = 0
  for (const way of growthWays(issuer, initialToken)) {
    const before = await sizes()
    const { count, stored } = await send(way)
    await sleep(1000)
    const after = await sizes()
    const [inRedis, inMongo] = [after.redis - before.redis, after.mongodb - before.mongodb]
    const each = (inRedis + inMongo) / Math.max(stored, 1)
    const most = way.most ?? (stored * Math.min(hour, way.lifetime)) / seconds
    const bytes = Math.max(0, each * most)
    sum += bytes
    const columns = [count, stored, inRedis / 1000, inMongo / 1000, each].map(Math.round)
    console.log([way.name, ...columns, (bytes / 1e6).toFixed(1)].join(' | '))
  }
  console.log(
    `all together ${(sum / 1e6).toFixed(1)} MB in an hour; ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  )
  redis.disconnect()
  await mongodb.close()
}

async function send({ once }: Way) {
  const end = performance.now() + seconds * 1000
  let [count, stored] = [0, 0]
  const worker = async () => {
    while (performance.now() < end) {
      const status = await once().catch(() => 0)
      count += 1
      if (status && status !== 429) stored += 1
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return { count, stored }
}
