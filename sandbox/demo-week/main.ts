// `npm run demo-week` fills the counters of a running `npm start` with an invented week, so that 运行状况 can be looked at.
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isProduction } from '../../config/environment/production.ts'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { countersMongo } from '../../src/adapters/counters/counters-mongo.ts'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { lastDays } from '../../src/people/calendar.ts'
import { addressesOf } from '../settings.mjs'
import { storesOf } from '../stores.mjs'
import { demoHours } from './week.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { given, issuer, adminOrigin } = addressesOf(process.env)
const dataDir = resolve(given['UUP_DATA_DIR'] || join(root, '.data'))

if (isProduction({ NODE_ENV: given['NODE_ENV'], ISSUER: issuer })) {
  console.error('demo-week: refused in production, since it invents numbers')
  process.exit(78)
}
const uri = given['MONGODB_URI'] ?? storesOf(dataDir)?.MONGODB_URI
if (!uri) {
  console.error('demo-week: npm start is not running')
  process.exit(69)
}
const log = { error: console.error, info: () => {}, warn: console.error }
const { connection, close } = await mongoConnection(uri, log)
const now = Date.now()
const { from } = lastDays(7, now)
let time = from
const counters = await countersMongo({
  ...{ connection, log, clock: () => time },
  policy: policy().counters,
})
// A second run replaces the first.
const isOfWeek = { $gte: new Date(from) }
await connection.collection('counters').deleteMany({ at: isOfWeek })
demoHours(counters, { from, now }, (hour) => {
  time = hour
})
await counters.stop()
await close()
console.log(`A week of invented numbers is on ${adminOrigin}/stats?days=7 (运行状况).`)
