import { randomBytes } from 'node:crypto'
import { availableParallelism, loadavg } from 'node:os'
import { Redis } from 'ioredis'
import mongoose from 'mongoose'
import { clients } from '../test/sso/platform.ts'
import { samplePerson } from '../test/support/people.ts'
import { personAtForms } from '../test/support/person-at-forms.ts'
import { externalServicesAt } from '../test/support/platform.ts'
import { register } from '../test/support/registering.ts'
import { growthWays, type Way } from './growth-ways.ts'
import { ownPrograms } from './own-programs.ts'
import { startAll } from './start-all.ts'
import { storedBytes } from './stored-bytes.ts'

/**
 * `npm run bench:growth [SECONDS [NAME]]`: sends in each way from one address for so many seconds, or until 150 records are
 * stored, and measures how the stores grow, key by key. Where limits allow only so many records, the size of one is
 * multiplied by their number; else the growth is extrapolated to an hour, or to the lifetime of the records if that is
 * shorter. Each way has an address of its own, so that none is refused for another one's sake; the sum is that of one
 * address which goes all ways.
 */
const seconds = Number(process.argv[2] ?? 30)
/** Part of the names of the ways to measure. */
const only = process.argv[3] ?? ''
const workers = 4
const sample = 150
const hour = 3600
const initialToken = randomBytes(24).toString('base64url')

const { dataDir, family } = ownPrograms()
try {
  await measure()
} finally {
  await family.stop()
}

async function measure(): Promise<void> {
  const settings = { LIMITS_SCALE: '1', INITIAL_ACCESS_TOKEN: initialToken, TRUST_PROXY: '1' }
  const started = await startAll(dataDir, family, [clients.page], settings)
  const { issuer, mongodbUri, redisUrl } = started
  const redis = new Redis(redisUrl)
  const mongodb = await mongoose.createConnection(mongodbUri).asPromise()
  const measured = storedBytes(redis, mongodb)
  const person = samplePerson()
  await register({ issuer, ...externalServicesAt(started.simulatorUrl) }, personAtForms(), person)

  console.log(
    'way | requests | stored | Redis bytes each | MongoDB bytes each | of | MB in an hour',
  )
  const sums = new Map<string, number>()
  for (const [index, way] of growthWays(issuer, initialToken, person).entries()) {
    if (!way.name.includes(only)) continue
    const before = await measured()
    const { count, stored, refused, took } = await send(way, `198.18.${index}.1`)
    const grown = await measured.since(before)
    const isAll = way.untilRefused && refused
    const most = way.most ?? (isAll ? stored : (stored * Math.min(hour, way.lifetime)) / took)
    const bytes = ((grown.redis + grown.mongodb) / Math.max(stored, 1)) * most
    sums.set(way.shares ?? way.name, Math.max(bytes, sums.get(way.shares ?? way.name) ?? 0))
    const columns = [
      count,
      stored,
      grown.redis / (stored || 1),
      grown.mongodb / (stored || 1),
      most,
    ]
    console.log([way.name, ...columns.map(Math.round), (bytes / 1e6).toFixed(1)].join(' | '))
  }
  const sum = [...sums.values()].reduce((all, each) => all + each, 0)
  console.log(
    `all together ${(sum / 1e6).toFixed(1)} MB in an hour; ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  )
  redis.disconnect()
  await mongodb.close()
}

async function send(way: Way, address: string) {
  const begun = performance.now()
  const end = begun + seconds * (way.untilRefused ? 10_000 : 1000)
  let [count, stored, refused] = [0, 0, false]
  const once = await way.from({ 'x-forwarded-for': address })
  const enough = way.most ? Math.min(sample, way.most) : Number.POSITIVE_INFINITY
  const worker = async () => {
    while (performance.now() < end && stored < enough && !(way.untilRefused && refused)) {
      const status = await once().catch((error: unknown) => {
        if (count === 0) console.error(way.name, error)
        return 0
      })
      count += 1
      if (status === 429) refused = true
      else if (status) stored += 1
    }
  }
  await Promise.all(Array.from({ length: way.workers ?? workers }, worker))
  return { count, stored, refused, took: (performance.now() - begun) / 1000 }
}
