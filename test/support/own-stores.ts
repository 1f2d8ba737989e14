import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
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

async function started(given: { readonly mongodbUri?: string }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'uup-own-stores-'))
  const family = children()
  family.removeAtEnd(dataDir)
  const { redisUrl } = await startStores({ dataDir, log: () => {}, family, ...given })
  return { redisUrl, stop: family.stop }
}
