import { Cluster, Redis } from 'ioredis'
import type { RedisAddress } from '../../../../config/environment/redis-url.ts'
import { isReadonly } from './redis-outage.ts'

/** A client of one server (also one that Sentinels name) or of a cluster. */
export type RedisClient = Redis | Cluster

/** Milliseconds. */
const connectTimeout = 3000
const commandTimeout = 4000

/** The cluster's nodes are asked so often, in ms, which master has which slots: a hanging master tells nobody that it lost them. */
const slotsRefreshInterval = 3000

const retryStrategy = (attempt: number) => Math.min(50 * 2 ** attempt, 2000)

/** Makes a client that is not connected yet. `redisConnection` says what it promises. */
export function redisClient(address: RedisAddress): RedisClient {
  const { kind, tls, username, password } = address
  const options = {
    ...{ connectTimeout, commandTimeout },
    // A peer that vanished without closing the connection is detected: the socket is closed and opened anew.
    socketTimeout: 8000,
    maxRetriesPerRequest: 0,
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: {} }),
  }
  if (kind === 'cluster') return clusterClient(address, options)
  const redis = new Redis({
    ...options,
    ...(kind === 'sentinel' ? sentinelOptions(address) : address.hosts[0]),
    db: address.database,
    lazyConnect: true,
    enableAutoPipelining: true,
    retryStrategy,
    reconnectOnError: afterFailover(),
  })
  if (kind === 'sentinel') connectAgain(redis)
  return redis
}

const sentinelOptions = (address: RedisAddress) => ({
  sentinels: [...address.hosts],
  name: address.master ?? '',
  ...(address.sentinelUsername && { sentinelUsername: address.sentinelUsername }),
  ...(address.sentinelPassword && { sentinelPassword: address.sentinelPassword }),
  ...(address.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  sentinelCommandTimeout: 2000,
  // An attempt ends when no Sentinel answers. Otherwise it would go on, and commands would wait for it.
  sentinelRetryStrategy: () => null,
  // A Sentinel says when it has promoted a replica, also while the former master hangs.
  failoverDetector: true,
})

/** Connects again when no Sentinel answered, after which ioredis would stay ended. Until then commands are rejected. */
function connectAgain(redis: Redis): void {
  let attempt = 0
  redis.on('ready', () => {
    attempt = 0
  })
  redis.on('end', () => {
    attempt += 1
    setTimeout(() => redis.connect().catch(() => {}), retryStrategy(attempt))
  })
}

function clusterClient(address: RedisAddress, redisOptions: object): Cluster {
  const cluster = new Cluster([...address.hosts], {
    lazyConnect: true,
    redisOptions,
    clusterRetryStrategy: retryStrategy,
    // ioredis would send a command again after its connection broke, although it may have been carried out.
    retryDelayOnFailover: 0,
    slotsRefreshInterval,
    slotsRefreshTimeout: 2000,
    // A name is kept: the certificate of a node is issued for it.
    dnsLookup: (host, done) => done(null, host),
  })
  cluster.on('+node', (node: Redis) => node.on('connect', () => writeOncePerTurn(node.stream)))
  cluster.on('close', () => rejectWaiting(cluster))
  return cluster
}

/**
 * Sends all commands of one turn of the event loop in one message. ioredis' own pipelining is of no use on a cluster: it
 * rejects the commands of a pipeline with MOVED when several of its slots have moved, as after every failover.
 */
function writeOncePerTurn(stream: Redis['stream']): void {
  const write = stream.write.bind(stream)
  let isCorked = false
  stream.write = ((...args: Parameters<typeof write>) => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      setImmediate(() => {
        isCorked = false
        stream.uncork()
      })
    }
    return write(...args)
  }) as typeof stream.write
}

/** Rejects the commands that wait for a connection when an attempt to connect has failed. ioredis would let them wait. */
function rejectWaiting(cluster: Cluster): void {
  const { flushQueue } = cluster as unknown as { flushQueue(error: Error): void }
  flushQueue.call(cluster, new Error('None of startup nodes is available'))
}

/**
 * A failover may leave the connection to the former master open, which then refuses writes. This reconnects to the server
 * to which the address leads now, once a second at most. The refused command is rejected.
 */
function afterFailover(): (error: Error) => boolean {
  let lastAttempt = Number.NEGATIVE_INFINITY
  return (error) => {
    const now = performance.now()
    if (!isReadonly(error) || now - lastAttempt < 1000) return false
    lastAttempt = now
    return true
  }
}
