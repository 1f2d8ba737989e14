import { Cluster, Redis } from 'ioredis'
import { readRedisUrl } from '../../config/environment/redis-url.ts'
import { type RedisClient, redisClient } from '../../src/adapters/redis/connection/redis-client.ts'

/** A client of the run's Redis for tests. On a cluster `keys` and commands with several keys reach all masters. */
export async function testRedis(url: string): Promise<RedisClient> {
  const read = readRedisUrl(url)
  if ('problem' in read) throw new Error(read.problem)
  if (read.address.kind !== 'cluster') return new Redis(url)
  const cluster = redisClient(read.address)
  await cluster.connect()
  return cluster instanceof Cluster ? onAllMasters(cluster) : cluster
}

type OfOneKey = (key: string) => Promise<number>

function onAllMasters(cluster: Cluster): Cluster {
  const unlink = cluster.unlink.bind(cluster) as OfOneKey
  const exists = cluster.exists.bind(cluster) as OfOneKey
  const get = cluster.get.bind(cluster)
  const sum = async (numbers: readonly Promise<number>[]) =>
    (await Promise.all(numbers)).reduce((one, other) => one + other, 0)
  const removed = (...keys: readonly (string | readonly string[])[]) =>
    sum(keys.flat().map((key) => unlink(key)))
  return Object.assign(cluster, {
    keys: async (pattern: string) =>
      (await Promise.all(cluster.nodes('master').map((master) => master.keys(pattern)))).flat(),
    unlink: removed,
    del: removed,
    exists: (...keys: readonly string[]) => sum(keys.map((key) => exists(key))),
    mget: (keys: readonly string[]) => Promise.all(keys.map((key) => get(key))),
  })
}
