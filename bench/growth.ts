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
 * `npm run bench:growth [SECONDS]`: sends from one address, in each way for so many seconds, twice, and measures how the
 * stores grow. What grows the second time still grows when the limits are reached: it is extrapolated to an hour, or to
 * the lifetime of the records if that is shorter.
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

  console.log(
    'way | requests, last status | Redis kB | MongoDB kB | again | Redis kB | MongoDB kB | MB in an hour',
  )
  let sum = 0
  for (const way of growthWays(issuer, initialToken)) {
    const rounds = []
    for (let round = 0; round < 2; round += 1) {
      const before = await sizes()
      const sent = await send(way)
      await sleep(1000)
      const after = await sizes()
      rounds.push({
        ...sent,
        redis: after.redis - before.redis,
        mongodb: after.mongodb - before.mongodb,
      })
    }
    const [first, second] = rounds
    if (!first || !second) throw new Error('nothing was measured')
    const more = Math.min(hour, way.lifetime) / seconds - 1
    const bytes = first.redis + first.mongodb + Math.max(0, second.redis + second.mongodb) * more
    sum += Math.max(0, bytes)
    const columns = rounds.flatMap(({ count, status, redis, mongodb }) => [
      ...[`${count}, ${status}`, Math.round(redis / 1000), Math.round(mongodb / 1000)],
    ])
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
  let [count, status] = [0, 0]
  const worker = async () => {
    while (performance.now() < end) {
      status = await once().catch(() => 0)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return { count, status }
}
