import { generateKeyPair } from 'node:crypto'
import { mkdtemp, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { children } from '../../sandbox/children.mjs'
import { startStores } from '../../sandbox/stores.mjs'

/**
 * Starts one MongoDB and one Redis for the whole run, with TEST_CLUSTER=1 three members and a cluster of six, unless
 * TEST_MONGODB_URI and TEST_REDIS_URL name running ones. They stop with this process, even if it is killed. Also generates RSA keys once, since that is slow.
 */
// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default async function startStoresForAllTests() {
  const dataDir = await mkdtemp(join(await inMemory(), 'uup-test-'))
  const family = children()
  family.removeAtEnd(dataDir)
  const stores = await startStores({
    dataDir,
    isCluster: process.env.TEST_CLUSTER === '1',
    mongodbUri: process.env.TEST_MONGODB_URI,
    redisUrl: process.env.TEST_REDIS_URL,
    log: (line) => process.stderr.write(`${line}\n`),
    family,
  })
  process.env.TEST_MONGODB_URI = stores.mongodbUri
  process.env.TEST_REDIS_URL = stores.redisUrl
  process.env.TEST_RSA_KEYS = JSON.stringify({
    RS256: await rsaKey(),
    PS256: await rsaKey(),
    'RSA-OAEP-256': await rsaKey(),
  })
  globalThis.stopStores = stores.stop
}

/** Returns a folder in memory if there is room, else on disk. The data need not survive the run, so no write waits for a disk. */
async function inMemory() {
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > 4 * 2 ** 30 ? '/dev/shm' : tmpdir()
}

async function rsaKey() {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' })
}
