import { randomBytes } from 'node:crypto'
import type { Adapter } from 'oidc-provider'
import { endedRecordsMongo } from '../../src/adapters/mongo/ended-records-mongo.ts'
import { type OidcMongo, oidcMongo } from '../../src/adapters/mongo/oidc-mongo.ts'
import { accountCache } from '../../src/adapters/redis/account-cache.ts'
import { cachedGrants } from '../../src/adapters/redis/cached-grants.ts'
import { lastingEnds } from '../../src/adapters/redis/lasting-ends.ts'
import { hintedIds } from '../../src/adapters/redis/oidc/hinted-ids.ts'
import { oidcRedis } from '../../src/adapters/redis/oidc-redis.ts'
import { oidcModelStores } from '../../src/compose/oidc-model-stores.ts'
import { AlreadyUsed, SessionEnded } from '../../src/ports/sso/oidc-storage.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const token = () => randomBytes(32).toString('base64url')
const encryption = testEncryption()
const clock = Date.now
const unopened = 600
let stores: TestStores
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

const redis = (model: string) =>
  oidcRedis({ redis: stores.redis, keyPrefix: stores.keyPrefix, encryption, clock, unopened })(
    model,
  )
const newCache = () => accountCache({ ...stores, encryption })
const storageOf = (durable: OidcMongo) =>
  oidcModelStores(redis, durable, newCache(), hintedIds(encryption))
const mongo = () => oidcMongo({ connection: stores.mongodb, encryption, clock })

/** The contract of every store of the provider; records of `model` can be consumed once and belong to a grant. */
function recordsContract(make: (model: string) => Promise<Adapter>, model: string) {
  test('a record is found as it was stored until it is destroyed', async () => {
    const records = await make(model)
    const id = token()
    const payload = { kind: model, jti: id, accountId: '张三·𠮷', scope: 'openid', exp: 1 }
    await records.upsert(id, payload, 60)
    expect(await records.find(id)).toEqual(payload)
    await records.destroy(id)
    expect(await records.find(id)).toBeUndefined()
    expect(await records.find(token())).toBeUndefined()
  })

  test('storing a record again replaces it', async () => {
    const records = await make(model)
    const id = token()
    await records.upsert(id, { scope: 'openid' }, 60)
    await records.upsert(id, { scope: 'openid profile' }, 60)
    expect(await records.find(id)).toEqual({ scope: 'openid profile' })
  })

  test('a record expires', async () => {
    const records = await make(model)
    const id = token()
    await records.upsert(id, { scope: 'openid' }, 0.05)
    await new Promise((later) => setTimeout(later, 120))
    expect(await records.find(id)).toBeUndefined()
  })

  test('one of 20 concurrent requests consumes a record, and the others are refused with its grant', async () => {
    const records = await make(model)
    const [id, grantId] = [token(), token()]
    await records.upsert(id, { grantId }, 60)
    const used = await Promise.allSettled(Array.from({ length: 20 }, () => records.consume(id)))
    expect(used.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const refused = used.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(AlreadyUsed)
      expect(reason.grantId).toBe(grantId)
    }
    expect(await records.find(id)).toEqual({ grantId, consumed: expect.any(Number) })
  })

  test('consuming an unknown record is refused', async () => {
    const records = await make(model)
    await expect(records.consume(token())).rejects.toThrow(AlreadyUsed)
  })

  test('revoking a grant removes its records and no others', async () => {
    const records = await make(model)
    const [grantId, other] = [token(), token()]
    const ids = Array.from({ length: 3 }, token)
    for (const id of ids) await records.upsert(id, { grantId }, 60)
    const foreign = token()
    await records.upsert(foreign, { grantId: other }, 60)
    await records.revokeByGrantId(grantId)
    for (const id of ids) expect(await records.find(id)).toBeUndefined()
    expect(await records.find(foreign)).toEqual({ grantId: other })
    await records.revokeByGrantId(token())
  })
}

describe('records in Redis', () => {
  recordsContract(async (model) => redis(model), 'AccessToken')

  test.each(['AuthorizationCode', 'DeviceCode'])(
    'an expired %s is kept for ten minutes',
    async (model) => {
      const records = redis(model)
      const id = token()
      await records.upsert(id, { exp: 1 }, 1)
      const [key = ''] = await stores.redis.keys(`${stores.keyPrefix}oidc.${model}:*`)
      expect(await stores.redis.pttl(key)).toBeGreaterThan(500_000)
      await stores.redis.unlink(key)
    },
  )

  test('a session is found by its uid, also after its id has changed', async () => {
    const sessions = redis('Session')
    const [old, id, uid] = [token(), token(), token()]
    await sessions.upsert(old, { jti: old, uid }, 60)
    await sessions.destroy(old)
    expect(await sessions.findByUid(uid)).toBeUndefined()
    await sessions.upsert(id, { jti: id, uid }, 60)
    expect(await sessions.findByUid(uid)).toEqual({ jti: id, uid })
  })

  test('the sessions of an account, and no others, are listed with their newest ids', async () => {
    const sessions = redis('Session')
    const [accountId, other] = [token(), token()]
    const store = async (owner: string, uid = token()) => {
      const jti = token()
      await sessions.upsert(jti, { jti, uid, accountId: owner }, 60)
      return jti
    }
    const uid = token()
    await sessions.destroy(await store(accountId, uid))
    const ownSessions = [await store(accountId, uid), await store(accountId)]
    await store(other)
    const reassigned = await store(accountId)
    await sessions.upsert(reassigned, { jti: reassigned, uid: token(), accountId: other }, 60)
    const listed = (await sessions.sessionsOf(accountId)).map(({ jti }) => jti)
    expect(listed.sort()).toEqual(ownSessions.sort())
  })

  test('an ended session is removed and can not be stored again by a concurrent request', async () => {
    const sessions = redis('Session')
    const [jti, next, uid, accountId] = [token(), token(), token(), token()]
    await sessions.upsert(jti, { jti, uid, accountId }, 60)
    await sessions.endSession(accountId, uid)
    expect(await sessions.find(jti)).toBeUndefined()
    expect(await sessions.findByUid(uid)).toBeUndefined()
    await expect(sessions.upsert(jti, { jti, uid, accountId }, 60)).rejects.toThrow(SessionEnded)
    await expect(sessions.upsert(next, { jti: next, uid, accountId }, 60)).rejects.toThrow(
      SessionEnded,
    )
    expect(await sessions.find(jti)).toBeUndefined()
    expect(await sessions.find(next)).toBeUndefined()
    expect(await sessions.sessionsOf(accountId)).toEqual([])
    await sessions.endSession(accountId, uid)
  })

  test('a session that is stored and ended concurrently is removed', async () => {
    const sessions = redis('Session')
    for (let race = 0; race < 20; race += 1) {
      const [accountId, uid] = [token(), token()]
      const ids = [token(), token(), token()]
      const stored = ids.map((jti) => sessions.upsert(jti, { jti, uid, accountId }, 60))
      await Promise.allSettled([...stored, sessions.endSession(accountId, uid)])
      for (const jti of ids) expect(await sessions.find(jti)).toBeUndefined()
    }
  })

  test('a device code is found by its user code', async () => {
    const codes = redis('DeviceCode')
    const [id, userCode] = [token(), 'BDWD-HQPK']
    await codes.upsert(id, { userCode }, 60)
    expect(await codes.findByUserCode(userCode)).toEqual({ userCode })
    expect(await codes.findByUserCode('ZZZZ-ZZZZ')).toBeUndefined()
  })

  test('one of 20 concurrent uses of a jti is accepted', async () => {
    const proofs = redis('ReplayDetection')
    const id = token()
    const shown = await Promise.allSettled(
      Array.from({ length: 20 }, () => proofs.upsert(id, { jti: id }, 60)),
    )
    expect(shown.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('every key expires', async () => {
    const codes = redis('AuthorizationCode')
    await codes.upsert(token(), { grantId: token() }, 60)
    await redis('Session').upsert(token(), { uid: token() }, 60)
    const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
    expect(keys.length).toBeGreaterThan(3)
    for (const key of keys) expect(await stores.redis.pttl(key)).toBeGreaterThan(0)
  })

  test('the list of a grant drops expired records', async () => {
    let now = Date.now()
    const { redis: connection, keyPrefix } = stores
    const own = `${keyPrefix}list:`
    const codes = oidcRedis({
      redis: connection,
      keyPrefix: own,
      encryption,
      clock: () => now,
      unopened,
    })
    const grantId = token()
    await codes('AccessToken').upsert(token(), { grantId }, 600)
    now += 700_000
    await codes('AccessToken').upsert(token(), { grantId }, 600)
    const [list = ''] = await connection.keys(`${own}*grant*`)
    expect(await connection.zcard(list)).toBe(1)
  })
})

describe('records in MongoDB', () => {
  recordsContract(async (model) => (await mongo()).adapterFor(model), 'RefreshToken')

  test('concurrent rotations of a refresh token store one successor and one time of use', async () => {
    let now = Date.now()
    const storage = await oidcMongo({ connection: stores.mongodb, encryption, clock: () => now })
    const tokens = storage.adapterFor('RefreshToken')
    const used = token()
    const successor = storage.successorOf(used)
    expect((await mongo()).successorOf(used)).toBe(successor)
    await tokens.upsert(used, { scope: 'openid' }, 60)
    await Promise.all(
      Array.from({ length: 10 }, (_, rotations) => storage.rotate(used, { rotations }, 60)),
    )
    const [first, stored] = [await tokens.find(used), await tokens.find(successor)]
    expect(first).toEqual({ scope: 'openid', consumed: Math.floor(now / 1000) })
    now += 5000
    await storage.rotate(used, { rotations: 20 }, 60)
    expect([await tokens.find(used), await tokens.find(successor)]).toEqual([first, stored])
  })

  test('the expiry of a refresh token can be moved, but a removed token does not come back', async () => {
    let now = Date.now()
    const storage = await oidcMongo({ connection: stores.mongodb, encryption, clock: () => now })
    const tokens = storage.adapterFor('RefreshToken')
    const id = token()
    await tokens.upsert(id, { exp: 1 }, 600)
    await storage.extend(id, { exp: 2 }, 1200)
    now += 900_000
    expect(await tokens.find(id)).toEqual({ exp: 2 })
    await tokens.destroy(id)
    await storage.extend(id, { exp: 3 }, 1200)
    expect(await tokens.find(id)).toBeUndefined()
  })

  test('a TTL index removes expired records', async () => {
    await mongo()
    const indexes = await stores.mongodb.collection('oidc.Grant').indexes()
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    )
  })
})

describe.each([
  ['in MongoDB', mongo],
  ['in the cache', async () => cachedGrants(await mongo(), newCache(), { ...stores, encryption })],
])('grants %s', (_how, make) => {
  test('the latest grant of an account to a client is found, whether it has ended or not', async () => {
    const { storage, grant } = await granting()
    const account = token()
    const agreed = async (client = 'shop') => (await storage.latestGrant(account, client))?.jti
    expect(await agreed()).toBeUndefined()
    const first = await grant(account)
    await new Promise((later) => setTimeout(later, 5))
    const second = await grant(account)
    expect(await agreed()).toBe(second)
    expect(await agreed('other')).toBeUndefined()
    await storage.endGrants(account, [second])
    expect(await agreed()).toBe(second)
    await storage.adapterFor('Grant').destroy(second)
    expect(await agreed()).toBe(first)
  })

  test('ending grants also ends their refresh tokens, and no grant of another account', async () => {
    const { storage, grant, refreshToken } = await granting()
    const [account, other] = [token(), token()]
    const grants = [await grant(account), await grant(account), await grant(account)]
    const tokens = await Promise.all(grants.map((grantId) => refreshToken(account, grantId)))
    const foreign = await grant(other)
    const alive = async (model: string, ids: readonly string[]) =>
      Promise.all(ids.map(async (id) => (await storage.adapterFor(model).find(id)) !== undefined))
    await storage.endGrants(account, [...grants.slice(0, 1), foreign])
    expect(await alive('Grant', grants)).toEqual([false, true, true])
    expect(await alive('RefreshToken', tokens)).toEqual([false, true, true])
    await storage.endGrants(account, grants.slice(0, 2))
    expect(await alive('Grant', [...grants, foreign])).toEqual([false, false, true, true])
    expect(await alive('RefreshToken', tokens)).toEqual([false, false, true])
    const remembered = await storage.grantsOf(account)
    expect(remembered.map(({ payload, ended }) => [payload.jti, ended])).toEqual(
      grants.map((id, at) => [id, at < 2]),
    )
  })

  test('an ended grant that a concurrent request stores again stays ended', async () => {
    const { storage, grant } = await granting()
    const account = token()
    const id = await grant(account)
    await storage.endGrants(account, [id])
    const late = { jti: id, accountId: account, clientId: 'shop' }
    await storage.adapterFor('Grant').upsert(id, late, 60)
    expect(await storage.adapterFor('Grant').find(id)).toBeUndefined()
  })

  test('the grants and refresh tokens of one account to one client can be removed', async () => {
    const { storage, grant, refreshToken } = await granting()
    const account = token()
    const [ownSessions, others] = [await grant(account), await grant(account, 'other')]
    const refresh = await refreshToken(account, ownSessions)
    await storage.forgetGrants(account, 'shop')
    expect(await storage.latestGrant(account, 'shop')).toBeUndefined()
    expect(await storage.adapterFor('RefreshToken').find(refresh)).toBeUndefined()
    expect((await storage.grantsOf(account)).map(({ payload }) => payload.jti)).toEqual([others])
  })

  async function granting() {
    const storage = storageOf(await make())
    return {
      storage,
      async grant(accountId: string, clientId = 'shop') {
        const jti = token()
        await storage.adapterFor('Grant').upsert(jti, { jti, accountId, clientId }, 60)
        return jti
      },
      async refreshToken(accountId: string, grantId: string) {
        const jti = token()
        const payload = { jti, accountId, clientId: 'shop', grantId }
        await storage.adapterFor('RefreshToken').upsert(jti, payload, 60)
        return jti
      },
    }
  }
})

test('a dump of both stores contains no id, no token and no personal data', async () => {
  const storage = storageOf(cachedGrants(await mongo(), newCache(), { ...stores, encryption }))
  const secrets = Array.from({ length: 6 }, token)
  const [id = '', grantId = '', uid = '', userCode = '', accountId = '', word = ''] = secrets
  const payload = { jti: id, grantId, uid, userCode, accountId, params: { login_hint: word } }
  const shortLived = [
    'Session',
    'Interaction',
    'AccessToken',
    'AuthorizationCode',
    'ClientCredentials',
  ]
  const requests = ['DeviceCode', 'PushedAuthorizationRequest']
  for (const model of [...shortLived, ...requests, 'Grant', 'RefreshToken']) {
    await storage.adapterFor(model).upsert(id, { ...payload, clientId: 'shop' }, 60)
    expect(await storage.adapterFor(model).find(id)).toMatchObject(payload)
  }
  const dump = [await dumpRedis(), await dumpMongo()].join('\n')
  expect(dump).toContain('oidc.Session')
  expect(dump).toContain('oidc.Grant')
  expect(dump).toContain('held:')
  for (const secret of secrets) expect(dump).not.toContain(secret)
})

test('an encrypted record that is moved to another id can not be decrypted', async () => {
  const records = (await mongo()).adapterFor('RefreshToken')
  const [ownSessions, yours] = [token(), token()]
  await records.upsert(ownSessions, { accountId: 'mine' }, 60)
  await records.upsert(yours, { accountId: 'yours' }, 60)
  const stored = stores.mongodb.collection<{ _id: string; sealed: string }>('oidc.RefreshToken')
  const recordOf = (id: string) => encryption.blindIndex('oidc.RefreshToken', id)
  const { sealed = '' } = (await stored.findOne({ _id: recordOf(ownSessions) })) ?? {}
  await stored.updateOne({ _id: recordOf(yours) }, { $set: { sealed } })
  await expect(records.find(yours)).rejects.toThrow()
})

async function dumpRedis(): Promise<string> {
  const { redis: connection, keyPrefix } = stores
  const keys = await connection.keys(`${keyPrefix}*`)
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = await connection.type(key)
      if (type === 'zset') return connection.zrange(key, '0', '-1')
      return type === 'hash' ? connection.hgetall(key) : connection.get(key)
    }),
  )
  return JSON.stringify([keys, values])
}

async function dumpMongo(): Promise<string> {
  const collections = await stores.mongodb.listCollections()
  const contents = collections.map(async ({ name }) => [
    name,
    await stores.mongodb.collection(name).find().toArray(),
  ])
  return JSON.stringify(await Promise.all(contents))
}

test('tokens that a client revoked stay revoked, also when they are too many for a list', async () => {
  const ended = await endedRecordsMongo({ connection: stores.mongodb, encryption, clock }, 3)
  const tokens = lastingEnds(redis, await mongo(), ended, newCache())('ClientCredentials')
  const clientId = `client-${token()}`
  const store = async (jti: string) => {
    await tokens.upsert(jti, { kind: 'ClientCredentials', jti, clientId }, 60)
    return jti
  }
  const revoked: string[] = []
  for (let n = 0; n < 5; n += 1) {
    const jti = await store(token())
    await tokens.destroy(jti)
    // A failover can bring it back.
    revoked.push(await store(jti))
    for (const each of revoked) expect(await tokens.find(each)).toBeUndefined()
  }
  expect(await ended.endedOf(clientId)).toBe('many')
  expect(await tokens.find(await store(token()))).toMatchObject({ clientId })
})
