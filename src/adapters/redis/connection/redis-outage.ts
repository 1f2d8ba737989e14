/**
 * Replies that refuse a command because of the server's state (Redis documentation, "RESP protocol", and redis.conf), in
 * this order: it is a replica, its memory is full, it has too few replicas, it is loading its data, it is a replica without
 * a master, it cannot write to disk, its cluster lacks slots, a slot is moving, a script does not end.
 */
const refusals = /^(READONLY|OOM|NOREPLICAS|LOADING|MASTERDOWN|MISCONF|CLUSTERDOWN|TRYAGAIN|BUSY) /

/**
 * The messages of ioredis for a connection that is lost or does not answer, or for a cluster in which no node has a slot.
 * ioredis has no error class for them.
 */
const connectionLost =
  /^(Connection is closed\.|Command timed out$|Stream isn't writeable|Socket timeout\.|All sentinels are unreachable|None of startup nodes is available|Too many Cluster redirections|Cluster isn't ready)/

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

/** Whether an error of Redis is an outage, and not a mistake in a command or in the configuration. */
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
