import { generateKeyPair } from 'node:crypto'
import { mkdtemp, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { children } from '../../sandbox/children.mjs'
import { startStores } from '../../sandbox/stores.mjs'

/**
 * One MongoDB and one Redis for the whole run, those of TEST_MONGODB_URI and TEST_REDIS_URL where given. They end with
 * this process, however it ends. And RSA keys, which take long to make.
 */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default async function startStoresForAllTests() {
  const dataDir = await mkdtemp(join(await inMemory(), 'uup-test-'))
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
  process.env.TEST_RSA_KEYS = JSON.stringify({ RS256: await rsaKey(), PS256: await rsaKey() })
  globalThis.stopStores = stores.stop
}

/** Where there is room for it, else on the disk: what outlives no run need not be waited for at every write. */
async function inMemory() {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > 4 * 2 ** 30 ? '/dev/shm' : tmpdir()
}

async function rsaKey() {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' })
}
