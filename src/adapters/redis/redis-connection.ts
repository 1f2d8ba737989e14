import { Redis } from 'ioredis'
import type { BaseLogger } from 'pino'
import { isReadonly } from './redis-outage.ts'

export type RedisConnection = { readonly redis: Redis; close(): Promise<void> }

/**
 * Connects, or throws. Later outages are logged when they begin and when they end, not for each request.
 *
 * A command is sent once: one that was under way when the connection broke is rejected, since a counter must not
 * count twice. One that finds no connection waits for the next attempt only, so that an outage answers in seconds.
 * Commands of one turn of the event loop, whosever they are, go in one message, in the order of their sending.
 */
export async function redisConnection(
  url: string,
  log: Pick<BaseLogger, 'error' | 'info'>,
): Promise<RedisConnection> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3000,
    commandTimeout: 5000,
    // A peer that vanished without a word: give the socket up and connect anew.
    socketTimeout: 8000,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: true,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2000),
    reconnectOnError: afterFailover(),
  })
  let reason: Error | undefined
  redis.on('error', (error) => {
    reason = error
  })
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw new Error('Redis does not answer', { cause: reason ?? error })
  }
  let lost = false
  const whenLost = () => {
    if (!lost) log.error({ err: reason }, 'Redis is lost')
    lost = true
  }
  // A server that closes the connection politely makes no error.
  redis.on('close', whenLost)
  redis.on('ready', () => {
    log.info('Redis is back')
    lost = false
    reason = undefined
  })
  return {
    redis,
    close: async () => {
      redis.off('close', whenLost)
      // With an outage under way there is nobody to say goodbye to.
      await redis.quit().catch(() => redis.disconnect())
    },
  }
}

/**
 * A failover may leave the connection open to the former master, which refuses writes from then on. Connects anew, to
 * wherever the address leads now, once a second at most. The refused command is rejected.
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
