import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import mongoose, { type Connection } from 'mongoose'
import { children } from '../../sandbox/children.mjs'
import { startStores } from '../../sandbox/stores.mjs'

/** A Redis for one test file, which may become a replica or full. */
export type OwnRedis = {
  readonly url: string
  readonly port: number
  readonly redis: Redis
  close(): Promise<void>
}

export async function ownRedis(): Promise<OwnRedis> {
  const { redisUrl: url, stop } = await started({ mongodbUri: 'mongodb://not.started' })
  const redis = new Redis(url)
  return {
    ...{ url, port: Number(new URL(url).port), redis },
    async close() {
      redis.disconnect()
      await stop()
    },
  }
}

/** A cluster for one test file, whose nodes may be killed. */
export type OwnRedisCluster = {
  readonly url: string
  readonly ports: readonly number[]
  /** A client of one node. */
  node(port: number): Redis
  /** Sends a signal to a node's process. */
  signal(port: number, name: NodeJS.Signals): void
  close(): Promise<void>
}

export async function ownRedisCluster(): Promise<OwnRedisCluster> {
  const { redisUrl: url, stop } = await started({
    ...{ mongodbUri: 'mongodb://not.started', isCluster: true },
  })
  const ports = [...url.matchAll(/:(\d+)/g)].map(([, port]) => Number(port))
  const nodes = new Map(ports.map((port) => [port, new Redis(port, '127.0.0.1')]))
  const pids = new Map<number, number>()
  for (const [port, node] of nodes) {
    node.on('error', () => {})
    pids.set(port, Number(/process_id:(\d+)/.exec(await node.info('server'))?.[1]))
  }
  const node = (port: number) => nodes.get(port) ?? new Redis(port, '127.0.0.1')
  return {
    ...{ url, ports, node },
    signal(port, name) {
      try {
        process.kill(pids.get(port) ?? Number.NaN, name)
      } catch (error) {
        // It was killed before.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    },
    async close() {
      for (const each of nodes.values()) each.disconnect()
      await stop()
    },
  }
}

/** A MongoDB for one test file: a replica set with one member, which may lose its majority or hang. */
export type OwnMongodb = {
  readonly uri: string
  readonly mongodb: Connection
  /** Suspends the process. */
  hang(): void
  /** Resumes the process. */
  resume(): void
  close(): Promise<void>
}

export async function ownMongodb(): Promise<OwnMongodb> {
  const { mongodbUri: uri, stop } = await started({ redisUrl: 'redis://not.started' })
  const mongodb = await mongoose.createConnection(uri).asPromise()
  const status = await mongodb.db?.admin().command({ serverStatus: 1 })
  const signal = (name: NodeJS.Signals) => process.kill(Number(status?.['pid']), name)
  return {
    ...{ uri, mongodb },
    hang: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    async close() {
      signal('SIGCONT')
      await mongodb.close()
      await stop()
    },
  }
}

async function started(given: {
  readonly mongodbUri?: string
  readonly redisUrl?: string
  readonly isCluster?: boolean
}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'uup-own-stores-'))
  const family = children()
  family.removeAtEnd(dataDir)
  const { mongodbUri, redisUrl } = await startStores({ dataDir, log: () => {}, family, ...given })
  return { mongodbUri, redisUrl, stop: family.stop }
}
