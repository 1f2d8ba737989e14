import type { Redis } from 'ioredis'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Clock } from '../../ports/clock.ts'
import { AlreadyUsed, Ended, type OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { Encryption } from '../crypto/encryption.ts'
import { redisScript } from './redis-script.ts'

export type OidcRedis = (model: string) => Adapter & Pick<OidcStorage, 'endSession' | 'sessionsOf'>

/**
 * The short-lived records of oidc-provider, one model each. A record is one string, the sealed payload; a used one
 * begins with the time of use: `1700000000|1.…`. Beside it stand indexes that hold nothing but digests of ids: by
 * `uid` and `userCode` a string, by grant and (sessions) by account a sorted set (score: when the record ends, ms).
 * Every key has a TTL. Keys of one record lie in different slots of a cluster: each command is for one key, indexes
 * go first, and what an index names may be gone. Only a session's uid comes last: it says whether the session ended
 * meanwhile, and then the record goes again.
 */
export function oidcRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
}: {
  readonly redis: Redis
  readonly keyPrefix: string
  readonly encryption: Encryption
  readonly clock: Clock
}): OidcRedis {
  return (model) => {
    const collection = `oidc.${model}`
    const digest = (kind: string, id: string) => encryption.blindIndex(`${collection}${kind}`, id)
    const recordKey = (record: string) => `${keyPrefix}${collection}:${record}`
    const indexKey = (kind: string, id: string) =>
      `${keyPrefix}${collection}${kind}:${digest(kind, id)}`
    const context = (record: string) => ({ collection, record, field: 'payload' })

    async function read(record: string | null): Promise<AdapterPayload | undefined> {
      const stored = record && (await redis.get(recordKey(record)))
      if (!stored) return undefined
      const [sealed = '', consumed] = stored.split('|').reverse()
      const payload: AdapterPayload = JSON.parse(encryption.decrypt(sealed, context(record)))
      return consumed ? { ...payload, consumed: Number(consumed) } : payload
    }

    /** What the index of an account names and is still its own. */
    async function recordsOf(accountId: string) {
      const records = await redis.zrangebyscore(indexKey('.account', accountId), clock(), '+inf')
      const stored = await Promise.all(
        records.map(async (record) => ({ record, payload: await read(record) })),
      )
      return stored.flatMap(({ record, payload }) =>
        payload?.accountId === accountId ? { record, payload } : [],
      )
    }

    return {
      async upsert(id, payload, expiresIn) {
        if (!expiresIn) throw new Error(`${model} without an end`)
        const lifetime = (expiresIn + (keptAfterEnd.get(model) ?? 0)) * 1000
        const record = digest('', id)
        const sealed = encryption.encrypt(JSON.stringify(payload), context(record))
        const { grantId, accountId, uid, userCode } = payload
        const listed = [clock(), lifetime, record]
        const isSession = model === 'Session'
        const indexes = [
          grantId && addToList(redis, [indexKey('.grant', grantId)], listed),
          isSession && accountId && addToList(redis, [indexKey('.account', accountId)], listed),
          !isSession && uid && redis.set(indexKey('.uid', uid), record, 'PX', lifetime),
          userCode && redis.set(indexKey('.userCode', userCode), record, 'PX', lifetime),
        ]
        const once = model === 'ReplayDetection'
        const write = once
          ? redis.set(recordKey(record), sealed, 'PX', lifetime, 'NX')
          : redis.set(recordKey(record), sealed, 'PX', lifetime)
        // One connection, so they are carried out in the order of their sending.
        const [written] = await Promise.all([write, ...indexes])
        if (once && written === null) throw new AlreadyUsed()
        if (
          isSession &&
          uid &&
          !(await setUnlessEnded(redis, [indexKey('.uid', uid)], [record, lifetime]))
        ) {
          await redis.unlink(recordKey(record))
          throw new Ended()
        }
      },
      find: (id) => read(digest('', id)),
      findByUid: async (uid) => read(await redis.get(indexKey('.uid', uid))),
      findByUserCode: async (code) => read(await redis.get(indexKey('.userCode', code))),
      async destroy(id) {
        await redis.unlink(recordKey(digest('', id)))
      },
      async consume(id) {
        const record = digest('', id)
        const first = await consume(redis, [recordKey(record)], [Math.floor(clock() / 1000)])
        if (!first) throw new AlreadyUsed((await read(record))?.grantId)
      },
      async revokeByGrantId(grantId) {
        const index = indexKey('.grant', grantId)
        for (;;) {
          // Popped, not listed: what is stored meanwhile stays in the index for the next round.
          const popped = await redis.zpopmin(index, 500)
          const records = popped.filter((_, at) => at % 2 === 0)
          if (!records.length) return
          await Promise.all(records.map((record) => redis.unlink(recordKey(record))))
        }
      },
      async endSession(accountId, uid) {
        await redis.set(indexKey('.uid', uid), ended, 'PX', day)
        // All of them: requests at once may have stored it under two ids.
        const stored = await recordsOf(accountId)
        const own = stored.filter(({ payload }) => payload.uid === uid)
        await Promise.all(own.map(({ record }) => redis.unlink(recordKey(record))))
      },
      async sessionsOf(accountId) {
        const stored = await recordsOf(accountId)
        return [...new Map(stored.map(({ payload }) => [payload.uid, payload])).values()]
      },
    }
  }
}

/**
 * Seconds: so long what has ended is still found, for oidc-provider to tell its client that it expired, or was used, and
 * not that nobody knows it. Their payload says when they end.
 */
const keptAfterEnd = new Map([
  ['AuthorizationCode', 600],
  ['DeviceCode', 600],
])

/** Forgets records that have ended, adds this one, and lives as long as its last one. */
const addToList = redisScript(`
  local now, lifetime, record = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  redis.call('ZADD', KEYS[1], now + lifetime, record)
  if redis.call('PTTL', KEYS[1]) < lifetime then redis.call('PEXPIRE', KEYS[1], lifetime) end
`)

/** 1 for exactly one caller. */
const consume = redisScript(`
  local stored = redis.call('GET', KEYS[1])
  if not stored or string.find(stored, '|', 1, true) then return 0 end
  redis.call('SET', KEYS[1], ARGV[1] .. '|' .. stored, 'KEEPTTL')
  return 1
`)

/** In place of a session's record. Longer than any request that may still store the session, in ms. */
const ended = 'ended'
const day = 24 * 3600 * 1000

const setUnlessEnded = redisScript(`
  if redis.call('GET', KEYS[1]) == '${ended}' then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
`)
