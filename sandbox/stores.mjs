import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { children } from './children.mjs'
import { mongodbUri, startReplicaSet } from './stores/mongodb.mjs'
import { mongodProgram, redisProgram } from './stores/programs.mjs'
import { redisUrl, startRedis } from './stores/redis.mjs'
import { redisClusterUrl, startRedisCluster } from './stores/redis-cluster.mjs'

/**
 * Starts MongoDB as a replica set and Redis with an append-only file on loopback, unless their addresses are given: one
 * server each, or three members and a cluster of six. Finds or downloads the programs. Their logs are in `dataDir`.
 *
 * @param {object} options
 * @param {string} options.dataDir an absolute path; the next start uses the data again
 * @param {boolean} [options.isCluster] whether to start several servers of each
 * @param {string} [options.mongodbUri] the address of a running server
 * @param {string} [options.redisUrl] the address of a running server
 * @param {(line: string) => void} options.log receives the progress
 * @param {readonly number[]} [options.mongoPorts] used if they are free; by default the ports of the last start, else any
 * @param {readonly number[]} [options.redisPorts] the same for Redis
 * @param {Promise<void>} [options.packages] resolves when the packages are installed; by default they are
 * @param {ReturnType<typeof children>} [options.family] stops the stores with other programs; its owner stops it on failure
 * @returns {Promise<{ mongodbUri: string, redisUrl: string, died: Promise<{ name: string, reason: string }>,
 *   stop(): Promise<void> }>} `died` resolves when one of them ends by itself
 */
export async function startStores({ dataDir, isCluster = false, log, ...options }) {
  const family = options.family ?? children()
  const tools = { family, log, packages: options.packages }
  const { mongoPorts = [], redisPorts = [] } = options

  async function mongodb() {
    const folder = join(dataDir, 'mongodb')
    const folders = isCluster ? ['1', '2', '3'].map((member) => join(folder, member)) : [folder]
    return startReplicaSet(await mongodProgram(tools), folders, mongoPorts, tools)
  }
  async function redis() {
    const folder = join(dataDir, 'redis')
    const program = await redisProgram(tools)
    if (isCluster)
      return redisClusterUrl(await startRedisCluster(program, folder, redisPorts, tools))
    log('Starting Redis …')
    return redisUrl(await startRedis(program, folder, redisPorts[0], tools))
  }

  try {
    const [uri, url] = await Promise.all([
      options.mongodbUri ?? mongodb(),
      options.redisUrl ?? redis(),
    ])
    return { mongodbUri: uri, redisUrl: url, died: family.died, stop: family.stop }
  } catch (error) {
    if (!options.family) await family.stop()
    throw error
  }
}

/** Returns the addresses of a data folder's stores as settings of the platform. */
export function storesOf(dataDir) {
  const portIn = (...path) => {
    try {
      return [Number(readFileSync(join(dataDir, ...path, 'port'), 'utf8'))]
    } catch (error) {
      // A store that was given by its address has no port file here.
      if (error.code === 'ENOENT') return []
      throw error
    }
  }
  const portsOf = (store) => {
    const members = ['1', '2', '3', '4', '5', '6'].flatMap((each) => portIn(store, each))
    return { members, ports: members.length ? members : portIn(store) }
  }
  const [mongodb, redis] = [portsOf('mongodb'), portsOf('redis')]
  return {
    ...(mongodb.ports.length && { MONGODB_URI: mongodbUri(mongodb.ports) }),
    ...(redis.ports.length && {
      REDIS_URL: redis.members.length ? redisClusterUrl(redis.members) : redisUrl(redis.ports[0]),
    }),
  }
}
