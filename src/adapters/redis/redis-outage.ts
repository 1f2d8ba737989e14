/**
 * Replies that refuse a command because of the server's state (Redis documentation, "RESP protocol", and redis.conf):
 * a replica, a full memory, too few replicas, a file that is being loaded, a replica without its master, a disk that
 * takes no writes, a cluster without all slots, a slot that moves, a script that does not end.
 */
const refusals = /^(READONLY|OOM|NOREPLICAS|LOADING|MASTERDOWN|MISCONF|CLUSTERDOWN|TRYAGAIN|BUSY) /

/** The messages of ioredis for a connection that is lost or silent; it has no class for them. */
const connectionLost =
  /^(Connection is closed\.|Command timed out$|Stream isn't writeable|Socket timeout\.|All sentinels are unreachable)/

const connectionErrors = new Set([
  'AbortError',
  'ClusterAllFailedError',
  'MaxRetriesPerRequestError',
])

const systemErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Whether a failure of Redis is an outage, and no fault of a command or of the configuration. */
export function isRedisOutage(error: unknown): boolean {
  const { name, message, code } = Object(error) as {
    name?: string
    message?: string
    code?: string
  }
  if (refusals.test(message ?? '')) return name === 'ReplyError'
  return (
    connectionErrors.has(name ?? '') ||
    systemErrors.has(code ?? '') ||
    connectionLost.test(message ?? '')
  )
}

/** Whether the server refuses writes because it is a replica: the connection leads to a former master. */
export const isReadonly = (error: Error): boolean => error.message.startsWith('READONLY ')
