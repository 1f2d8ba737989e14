import type { Adapter, AdapterPayload } from 'oidc-provider'
import { AlreadyUsed } from '../../ports/sso/oidc-storage.ts'
import type { EndedRecords } from '../mongo/ended-records-mongo.ts'
import type { OidcMongo } from '../mongo/oidc-mongo.ts'
import type { AccountCache } from './account-cache.ts'
import type { OidcRedis } from './oidc-redis.ts'

type Found = Awaited<ReturnType<Adapter['find']>>

/** The models of which the first use alone counts. */
const usedOnce = new Set(['AuthorizationCode', 'DeviceCode'])
/** The models that end with their grant, or alone. */
const issued = new Set([...usedOnce, 'AccessToken', 'ClientCredentials'])

/**
 * Keeps in MongoDB what ended and what was used, so that it stays so when Redis loses its last writes in a failover
 * (decision 0252). The list of an owner is cached with the account.
 */
export function lastingEnds(
  redis: OidcRedis,
  { adapterFor }: Pick<OidcMongo, 'adapterFor'>,
  ended: EndedRecords,
  cache: AccountCache,
): OidcRedis {
  async function hasEnded(owner: string, things: readonly string[]): Promise<boolean> {
    const key = cache.ownerOf(owner)
    const list = await cache.find(key, 'ended', () => ended.endedOf(owner))
    if (list === 'many') return ended.hasEnded(things)
    return things.some((thing) => list?.includes(ended.indexOf(thing)))
  }
  const end = (owner: string, thing: string) =>
    cache.changing(cache.ownerOf(owner), () => ended.end(owner, thing))

  const unlessEnded =
    (model: string) =>
    async (payload: Found): Promise<AdapterPayload | undefined> => {
      if (!payload) return undefined
      const owner = ownerOf(payload)
      if (!owner) return payload
      return (await hasEnded(owner, thingsOf(model, payload))) ? undefined : payload
    }

  return (model) => {
    const records = redis(model)
    if (model !== 'Session' && !issued.has(model)) return records
    const alive = unlessEnded(model)
    return {
      ...records,
      find: async (id) => alive(await records.find(id)),
      findByUid: async (uid) => alive(await records.findByUid(uid)),
      findByUserCode: async (code) => alive(await records.findByUserCode(code)),
      async sessionsOf(accountId) {
        const sessions = await Promise.all((await records.sessionsOf(accountId)).map(alive))
        return sessions.filter((session): session is AdapterPayload => session !== undefined)
      },
      async endSession(accountId, uid) {
        await end(accountId, `Session:${uid}`)
        await records.endSession(accountId, uid)
      },
      async destroy(id) {
        const payload = issued.has(model) ? await records.find(id) : undefined
        const owner = payload && ownerOf(payload)
        if (owner) await end(owner, `${model}:${payload.jti}`)
        await records.destroy(id)
      },
      async consume(id) {
        if (!usedOnce.has(model)) return records.consume(id)
        // MongoDB alone decides: what Redis knows of the use, a failover may undo.
        if (await ended.useOnce(`${model}.used:${id}`)) return
        throw new AlreadyUsed((await records.find(id))?.grantId)
      },
      async revokeByGrantId(grantId) {
        // Without its grant nothing that was issued for it is valid.
        const grant = model === 'AccessToken' ? await adapterFor('Grant').find(grantId) : undefined
        if (grant?.accountId) await end(grant.accountId, `Grant:${grantId}`)
        await records.revokeByGrantId(grantId)
      },
    }
  }
}

const ownerOf = ({ accountId, clientId }: AdapterPayload) => accountId ?? clientId

const thingsOf = (model: string, { uid, jti, grantId }: AdapterPayload): readonly string[] =>
  model === 'Session'
    ? [`Session:${uid}`]
    : [`${model}:${jti}`, ...(grantId ? [`Grant:${grantId}`] : [])]
