import { Cluster, type Redis } from 'ioredis'
import type { BaseLogger } from 'pino'
import { BadEnvironment } from '../../../../config/environment/bad-environment.ts'
import { readRedisUrl } from '../../../../config/environment/redis-url.ts'
import { type RedisClient, redisClient } from './redis-client.ts'
import { watchOutages } from './watch-outages.ts'

export type RedisConnection = { readonly redis: RedisClient; close(): Promise<void> }

/**
 * Connects to a server, through Sentinels or to a cluster, as the URL says (config/environment/redis-url.ts), or throws.
 * Outages are logged when they begin and when they end, not for each request.
 *
 * A command is sent once. If the connection breaks before its reply, the command is rejected, because a counter must not
 * count twice. A command that finds no connection waits only for the next attempt to connect, so that a request fails
 * within seconds. All commands of one turn of the event loop go to a server in one message, in the order of the calls;
 * nothing is promised of the order of commands to two keys, which may be on two servers.
 */
export async function redisConnection(
  url: string,
  log: Pick<BaseLogger, 'error' | 'info'>,
): Promise<RedisConnection> {
  const read = readRedisUrl(url)
  if ('problem' in read) throw new BadEnvironment([`REDIS_URL: ${read.problem}`])
  const redis = redisClient(read.address)
  const outages = watchOutages(redis, log)
  const disconnect = () => {
    outages.stop()
    // The client of Sentinels connects again when it has ended.
    redis.removeAllListeners('end')
    redis.disconnect()
  }
  try {
    await (redis instanceof Cluster ? firstAttempt(redis) : redis.connect())
  } catch (error) {
    disconnect()
    throw new Error('Redis does not answer', { cause: outages.reason() ?? error })
  }
  if (!(redis instanceof Cluster) && (await isNodeOfCluster(redis))) {
    disconnect()
    throw new BadEnvironment(['REDIS_URL: is a node of a cluster: begin with redis+cluster://'])
  }
  outages.begin()
  return {
    redis,
    close: async () => {
      outages.stop()
      // During an outage QUIT gets no reply, so the socket is closed without it.
      await redis.quit().catch(() => {})
      disconnect()
    },
  }
}

/** Resolves when the cluster serves all slots. The promise of `connect()` stays pending if the first attempt fails late. */
const firstAttempt = (cluster: Cluster): Promise<void> =>
  new Promise((resolve, reject) => {
    cluster.once('ready', resolve)
    cluster.once('close', () => reject(new Error('no node of the cluster answers')))
    cluster.connect().catch(reject)
  })

/** A node of a cluster would refuse most keys. A user who may not ask (ACL) is believed. */
const isNodeOfCluster = async (redis: Redis): Promise<boolean> =>
  (await redis.info('cluster').catch(() => '')).includes('cluster_enabled:1')
