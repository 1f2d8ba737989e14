import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Connection, mongo } from 'mongoose'
import type { RedisClient } from '../../src/adapters/redis/connection/redis-client.ts'

type Command = Parameters<RedisClient['sendCommand']>[0]
type Stream = Parameters<RedisClient['sendCommand']>[1]
type Sent = { readonly store: 'redis' | 'mongodb'; readonly name: string; readonly turn: number }
export type Counted = { readonly trips: number; readonly commands: readonly string[] }

/**
 * Records the commands that each HTTP request sends to the stores. Commands to one store in the same turn of the event
 * loop are one round trip, because they leave in one message (redis-connection.ts), on a cluster in one for each node.
 */
export function recordRoundTrips(redis: RedisClient, mongodb: Connection) {
  const request = new AsyncLocalStorage<Sent[]>()
  const byPath = new Map<string, Sent[]>()
  let turn = 0
  let isNew = true

  subscribe('http.server.request.start', (message) => {
    const { url = '' } = (message as { readonly request: IncomingMessage }).request
    const sent: Sent[] = []
    byPath.set(new URL(url, 'http://localhost').pathname, sent)
    request.enterWith(sent)
  })
  function note(store: Sent['store'], name: string) {
    if (isNew) {
      isNew = false
      turn += 1
      setImmediate(() => {
        isNew = true
      })
    }
    request.getStore()?.push({ store, name, turn })
  }
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command: Command, stream?: Stream) => {
    note('redis', command.name)
    return send(command, stream)
  }
  mongodb
    .getClient()
    .on('commandStarted', ({ commandName, command }: mongo.CommandStartedEvent) => {
      note('mongodb', `${commandName} ${command[commandName]}`)
    })

  return {
    /** The commands of the last request to this path. */
    lastOf(path: string): Counted {
      const sent = byPath.get(path) ?? []
      return {
        trips: new Set(sent.map(({ store, turn }) => `${store} ${turn}`)).size,
        commands: sent.map(({ store, name }) => `${store} ${name}`),
      }
    },
  }
}
