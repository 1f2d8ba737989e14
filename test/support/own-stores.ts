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

async function started(given: { readonly mongodbUri?: string; readonly redisUrl?: string }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'uup-own-stores-'))
  const family = children()
  family.removeAtEnd(dataDir)
  const { mongodbUri, redisUrl } = await startStores({ dataDir, log: () => {}, family, ...given })
  return { mongodbUri, redisUrl, stop: family.stop }
}
