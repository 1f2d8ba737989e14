import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import mongoose, { type Connection } from 'mongoose'
import { children } from '../../sandbox/children.mjs'
import { startStores } from '../../sandbox/stores.mjs'

/** A Redis of the test's own, which may become a replica, or full. */
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

/** A MongoDB of the test's own: a replica set with one member that may lose its majority, or hang. */
export type OwnMongodb = {
  readonly uri: string
  readonly mongodb: Connection
  /** Stops the process in its tracks, and lets it go on. */
  hang(): void
  goOn(): void
  /** Whether it refuses all writes, as a read-only deployment does. */
  blockWrites(blocks: boolean): Promise<void>
  /** A second member that is not there: writes find no majority. */
  loseMajority(): Promise<void>
  regainMajority(): Promise<void>
  /** No member takes writes, or any read that has to be current. */
  losePrimary(): Promise<void>
  regainPrimary(): Promise<void>
  close(): Promise<void>
}

type ReplicaSet = {
  readonly members: readonly object[]
  readonly settings: object
}

export async function ownMongodb(): Promise<OwnMongodb> {
  const { mongodbUri: uri, stop } = await started({ redisUrl: 'redis://not.started' })
  const mongodb = await mongoose.createConnection(uri).asPromise()
  const admin = mongodb.getClient().db('admin')
  const { pid } = await admin.command({ serverStatus: 1 })
  const signal = (name: NodeJS.Signals) => process.kill(Number(pid), name)
  // A server without a majority refuses every reconfiguration that is not forced.
  const reconfigure = async (change: (config: ReplicaSet) => ReplicaSet) => {
    const { config } = await admin.command({ replSetGetConfig: 1 })
    await admin.command({ replSetReconfig: change(config), force: true })
  }
  return {
    ...{ uri, mongodb },
    async blockWrites(blocks) {
      await admin.command({ setUserWriteBlockMode: 1, global: blocks })
    },
    loseMajority: () =>
      reconfigure(({ members: [self], settings, ...config }) => ({
        ...config,
        members: [
          { ...self, priority: 1 },
          { _id: 1, host: '127.0.0.1:1', priority: 0 },
        ],
        // It stays the primary although it hears nothing from the other one.
        settings: { ...settings, electionTimeoutMillis: 3_600_000 },
      })),
    regainMajority: () =>
      reconfigure(({ members: [self], settings, ...config }) => ({
        ...config,
        members: self ? [self] : [],
        settings: { ...settings, electionTimeoutMillis: 10_000 },
      })),
    async losePrimary() {
      await admin.command({ replSetStepDown: 3600, secondaryCatchUpPeriodSecs: 0, force: true })
    },
    async regainPrimary() {
      await admin.command({ replSetFreeze: 0 }, { readPreference: 'secondaryPreferred' })
    },
    hang: () => signal('SIGSTOP'),
    goOn: () => signal('SIGCONT'),
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
