import type { TestStores } from './stores.ts'

/**
 * Remembers what Redis has, and returns what makes it forget everything that was written since: the state of a replica that
 * is promoted without the last writes. Cached copies are not restored, since a failover takes longer than they are valid.
 */
export async function lostWrites({ redis, keyPrefix }: Pick<TestStores, 'redis' | 'keyPrefix'>) {
  const all = async () => redis.keys(`${keyPrefix}*`)
  const kept = await Promise.all(
    (await all())
      .filter((key) => !key.endsWith(':copies'))
      .map(async (key) => ({
        key,
        value: await redis.dumpBuffer(key),
        end: Date.now() + (await redis.pttl(key)),
      })),
  )
  return async () => {
    await Promise.all((await all()).map((key) => redis.unlink(key)))
    await Promise.all(
      kept.map(({ key, value, end }) => redis.restore(key, end, value, 'REPLACE', 'ABSTTL')),
    )
  }
}
