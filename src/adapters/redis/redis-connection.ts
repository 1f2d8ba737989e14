import { Redis } from 'ioredis'
import type { BaseLogger } from 'pino'
import { isReadonly } from './redis-outage.ts'

export type RedisConnection = { readonly redis: Redis; close(): Promise<void> }

/**
 * Connects, or throws. Outages are logged when they begin and when they end, not for each request.
 *
 * A command is sent once. If the connection breaks before its reply, the command is rejected, because a counter must not
 * count twice. A command that finds no connection waits only for the next attempt to connect, so that a request fails
 * within seconds. All commands of one turn of the event loop go in one message, in the order of the calls.
 */
export async function redisConnection(
  url: string,
  log: Pick<BaseLogger, 'error' | 'info'>,
): Promise<RedisConnection> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3000,
    commandTimeout: 4000,
    // A peer that vanished without closing the connection is detected: the socket is closed and opened anew.
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
  // A server that closes the connection in an orderly way causes no `error` event.
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
      // During an outage QUIT gets no reply, so the socket is closed without it.
      await redis.quit().catch(() => redis.disconnect())
    },
  }
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
