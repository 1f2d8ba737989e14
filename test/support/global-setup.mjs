import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { children } from '../../sandbox/children.mjs'
import { startStores } from '../../sandbox/stores.mjs'

/**
 * One MongoDB and one Redis for the whole run, those of TEST_MONGODB_URI and TEST_REDIS_URL where given. They end with
 * this process, however it ends.
 */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default async function startStoresForAllTests() {
  const dataDir = await mkdtemp(join(tmpdir(), 'uup-test-'))
  const family = children()
  family.removeAtEnd(dataDir)
  const stores = await startStores({
    dataDir,
    mongodbUri: process.env.TEST_MONGODB_URI,
    redisUrl: process.env.TEST_REDIS_URL,
    log: (line) => process.stderr.write(`${line}\n`),
    family,
  })
  process.env.TEST_MONGODB_URI = stores.mongodbUri
  process.env.TEST_REDIS_URL = stores.redisUrl
  globalThis.stopStores = stores.stop
}
