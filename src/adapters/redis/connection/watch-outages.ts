import { Cluster, type Redis } from 'ioredis'
import type { BaseLogger } from 'pino'
import type { RedisClient } from './redis-client.ts'

/** Logs once when a server is lost and once when it is back, from `begin` to `stop`. On a cluster the line names the node. */
export function watchOutages(redis: RedisClient, log: Pick<BaseLogger, 'error' | 'info'>) {
  const lost = new Set<string>()
  let isWatching = false
  let reason: Error | undefined

  function watch(server: Redis, fields: { readonly node?: string }, isInUse: () => boolean) {
    const name = fields.node ?? ''
    server.on('error', note)
    // A server that closes the connection in an orderly way causes no `error` event.
    server.on('close', () => {
      if (!isWatching || lost.has(name) || !isInUse()) return
      lost.add(name)
      log.error({ ...fields, err: reason }, 'Redis is lost')
    })
    server.on('ready', () => {
      if (isWatching && lost.delete(name)) log.info(fields, 'Redis is back')
      reason = undefined
    })
  }
  function note(error: Error) {
    reason = error
  }

  if (redis instanceof Cluster) {
    redis.on('error', note)
    redis.on('+node', (node: Redis) => {
      const name = `${node.options.host}:${node.options.port}`
      // A node without slots is removed first and disconnected then, which is no outage.
      watch(node, { node: name }, () => redis.nodes().includes(node))
    })
  } else watch(redis, {}, () => true)

  return {
    reason: () => reason,
    begin: () => {
      isWatching = true
    },
    stop: () => {
      isWatching = false
    },
  }
}
