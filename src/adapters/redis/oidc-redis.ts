import type { Adapter, AdapterPayload } from 'oidc-provider'
import { AlreadyUsed, type OidcStorage, SessionEnded } from '../../ports/sso/oidc-storage.ts'
import { type PresentRequest, perRequest, sentAhead } from './oidc/per-request.ts'
import { addToList, consume, ended, setUnlessEnded, storeUnopened } from './oidc/record-scripts.ts'
import type { RedisStore } from './redis-store.ts'

export type OidcRedis = (model: string) => Adapter &
  Pick<OidcStorage, 'endSession' | 'sessionsOf'> & {
    /** Gives a record so many seconds from now on. */
    keep(id: string, seconds: number): Promise<void>
    /** The blind index of an id, under which its record is stored. */
    recordOf(id: string): string
    /** Starts to read a record for the present request, which needs it by its id or its `uid`. */
    prepare(record: string): void
    /** Removes a record whose id nobody has learned. */
    discard(id: string): Promise<void>
  }

/**
 * The short-lived records of oidc-provider, by model. A record is one string, the encrypted payload; a consumed one begins
 * with the time of use: `1700000000|1.…`. Indexes contain blind indexes of ids only: a string by `uid` and `userCode`, a
 * sorted set by grant and (sessions) by account, whose scores are the expiry of the record in ms. Every key has a TTL.
 *
 * The keys of one record are in different slots of a cluster, so each command is for one key, and the order of two of them
 * is that of two awaited steps: the indexes of a session, its record, and its uid, which tells whether the session was
 * ended meanwhile; then the record is removed again. Other records are stored together with their indexes: their grant
 * ends them, and nobody learns the id of one that was stored in part. The record that an index names may be gone.
 */
export function oidcRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
  unopened,
  presentRequest,
}: RedisStore & {
  readonly presentRequest?: PresentRequest
  /** The lifetime of an interaction until `keep` is called, in seconds. */
  readonly unopened: number
}): OidcRedis {
  const prepared = perRequest(presentRequest, () => new Map<string, Promise<string | null>>())

  return (model) => {
    const collection = `oidc.${model}`
    const blindIndex = (kind: string, id: string) =>
      encryption.blindIndex(`${collection}${kind}`, id)
    const recordKey = (record: string) => `${keyPrefix}${collection}:${record}`
    const indexKey = (kind: string, id: string) =>
      `${keyPrefix}${collection}${kind}:${blindIndex(kind, id)}`
    const context = (record: string) => ({ collection, record, field: 'payload' })

    async function read(record: string | null): Promise<AdapterPayload | undefined> {
      const stored = record && (await (takePrepared(record) ?? redis.get(recordKey(record))))
      if (!stored) return undefined
      const [encrypted = '', consumed] = stored.split('|').reverse()
      const payload: AdapterPayload = JSON.parse(encryption.decrypt(encrypted, context(record)))
      return consumed ? { ...payload, consumed: Number(consumed) } : payload
    }

    async function discard(id: string): Promise<void> {
      await redis.unlink(recordKey(blindIndex('', id)))
    }

    /** A read that was sent ahead is used once, so that a repeated one finds the present record. */
    function takePrepared(record: string): Promise<string | null> | undefined {
      const sent = prepared()?.get(record)
      prepared()?.delete(record)
      return sent
    }

    async function findByUid(uid: string): Promise<AdapterPayload | undefined> {
      for (const record of [...(prepared()?.keys() ?? [])]) {
        const payload = await read(record)
        if (payload?.uid === uid) return payload
      }
      return read(await redis.get(indexKey('.uid', uid)))
    }

    /** The records that the index of an account names and that still belong to it. */
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
        if (!expiresIn) throw new Error(`${model} without an expiry`)
        const lifetime = (expiresIn + (keptAfterEnd.get(model) ?? 0)) * 1000
        const record = blindIndex('', id)
        const encrypted = encryption.encrypt(JSON.stringify(payload), context(record))
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
        const write = () => {
          const key = recordKey(record)
          if (once) return redis.set(key, encrypted, 'PX', lifetime, 'NX')
          if (model === 'Interaction')
            return storeUnopened(redis, [key], [encrypted, Math.min(lifetime, unopened * 1000)])
          return redis.set(key, encrypted, 'PX', lifetime)
        }
        // A session that its indexes do not name could not be ended.
        if (isSession) await Promise.all(indexes)
        const [written] = await Promise.all([write(), ...indexes])
        if (written === null && once) throw new AlreadyUsed()
        if (
          isSession &&
          uid &&
          !(await setUnlessEnded(redis, [indexKey('.uid', uid)], [record, lifetime]))
        ) {
          await redis.unlink(recordKey(record))
          throw new SessionEnded()
        }
      },
      async keep(id, seconds) {
        await redis.pexpire(recordKey(blindIndex('', id)), seconds * 1000)
      },
      find: (id) => read(blindIndex('', id)),
      findByUid,
      findByUserCode: async (code) => read(await redis.get(indexKey('.userCode', code))),
      recordOf: (id) => blindIndex('', id),
      prepare(record) {
        prepared()?.set(record, sentAhead(redis.get(recordKey(record))))
      },
      discard,
      destroy: discard,
      async consume(id) {
        const record = blindIndex('', id)
        const first = await consume(redis, [recordKey(record)], [Math.floor(clock() / 1000)])
        if (!first) throw new AlreadyUsed((await read(record))?.grantId)
      },
      async revokeByGrantId(grantId) {
        const index = indexKey('.grant', grantId)
        for (;;) {
          // The index is popped, not listed, so a record stored meanwhile is found in the next round.
          const popped = await redis.zpopmin(index, 500)
          const records = popped.filter((_, at) => at % 2 === 0)
          if (!records.length) return
          await Promise.all(records.map((record) => redis.unlink(recordKey(record))))
        }
      },
      async endSession(accountId, uid) {
        await redis.set(indexKey('.uid', uid), ended, 'PX', day)
        // Concurrent requests may have stored the session under two ids, so all with this uid are removed.
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
 * Seconds for which an expired record is still found, so that oidc-provider can answer that it expired or was used, and
 * not that it is unknown. The payload says when the record expired.
 */
const keptAfterEnd = new Map([
  ['AuthorizationCode', 600],
  ['DeviceCode', 600],
])

/** In ms. */
const day = 24 * 3600 * 1000
