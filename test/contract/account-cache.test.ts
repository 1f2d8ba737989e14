import { randomBytes, randomUUID } from 'node:crypto'
import { oidcMongo } from '../../src/adapters/mongo/oidc-mongo.ts'
import { accountCache } from '../../src/adapters/redis/account-cache.ts'
import { cachedGrants } from '../../src/adapters/redis/cached-grants.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const token = () => randomBytes(32).toString('base64url')
const encryption = testEncryption()
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

/** Each call stands for one more process on the same Redis. */
const process = () => accountCache({ ...stores, encryption })
const keysLike = (kind: string) => stores.redis.keys(`${stores.keyPrefix}{held:*}:${kind}`)

/** A store with one word, slow enough for reads and writes to overlap. */
function slowStore() {
  let word = 'first'
  let reads = 0
  return {
    reads: () => reads,
    async read() {
      reads += 1
      const read = word
      await new Promise(setImmediate)
      return { word: read }
    },
    async write(next: string) {
      await new Promise(setImmediate)
      word = next
      await new Promise(setImmediate)
    },
  }
}

test('an entry that one process has read is not read again by any process until it changes', async () => {
  const [one, other] = [process(), process()]
  const owner = one.ownerOf('somebody')
  const store = slowStore()
  expect(await one.find(owner, 'account', store.read)).toEqual({ word: 'first' })
  expect(await other.find(owner, 'account', store.read)).toEqual({ word: 'first' })
  expect(store.reads()).toBe(1)
  await other.changing(owner, () => store.write('second'))
  expect(await one.find(owner, 'account', store.read)).toEqual({ word: 'second' })
  expect(await other.find(owner, 'account', store.read)).toEqual({ word: 'second' })
  expect(store.reads()).toBe(2)
})

test('a missing entry is not cached', async () => {
  const store = slowStore()
  const nothing = async () => void (await store.read())
  const cache = process()
  for (let n = 0; n < 2; n += 1)
    expect(await cache.find(cache.ownerOf('nobody'), 'account', nothing)).toBeUndefined()
  expect(store.reads()).toBe(2)
})

test('after another process has changed an entry, no process returns the old value', async () => {
  const processes = [process(), process(), process()]
  const owner = process().ownerOf('somebody')
  const store = slowStore()
  let least = 0
  const seen = new Set<number>()
  const asking = processes.map(async (cache) => {
    while (least < 50) {
      const from = least
      const found = await cache.find(owner, 'account', store.read)
      const round = Number(found?.word === 'first' ? 0 : found?.word)
      expect(round).toBeGreaterThanOrEqual(from)
      seen.add(round)
    }
  })
  for (let round = 1; round <= 50; round += 1) {
    await process().changing(owner, () => store.write(String(round)))
    least = round
    // In every fourth round the processes can cache the entry before it changes again.
    while (round % 4 === 0 && !seen.has(round)) await new Promise(setImmediate)
  }
  await Promise.all(asking)
  expect(seen.size).toBeGreaterThan(10)
})

test('the end of one change does not let an entry be cached that a concurrent change is still changing', async () => {
  const [cache, other] = [process(), process()]
  const owner = cache.ownerOf('somebody')
  const store = slowStore()
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const slow = other.changing(owner, async () => {
    await gate
    await store.write('slow')
  })
  await cache.changing(owner, () => store.write('quick'))
  expect(await cache.find(owner, 'account', store.read)).toEqual({ word: 'quick' })
  expect(await keysLike('copies')).toEqual([])
  go()
  await slow
  expect(await cache.find(owner, 'account', store.read)).toEqual({ word: 'slow' })
})

test('a read that began before a change and ended after it caches nothing', async () => {
  const [cache, other] = [process(), process()]
  const owner = cache.ownerOf('somebody')
  const store = slowStore()
  const found = await cache.find(owner, 'account', async () => {
    const read = await store.read()
    await other.changing(owner, () => store.write('second'))
    return read
  })
  expect(found).toEqual({ word: 'first' })
  expect(await cache.find(owner, 'account', store.read)).toEqual({ word: 'second' })
})

test('after a change whose outcome is unknown, nothing is cached until it must be over', async () => {
  const cache = process()
  const owner = cache.ownerOf('somebody')
  const store = slowStore()
  await cache.find(owner, 'account', store.read)
  const broken = cache.changing(owner, async () => {
    // The change was carried out although the connection broke.
    await store.write('second')
    throw new Error('the connection broke')
  })
  await expect(broken).rejects.toThrow('the connection broke')
  for (let n = 0; n < 2; n += 1)
    expect(await cache.find(owner, 'account', store.read)).toEqual({ word: 'second' })
  expect(store.reads()).toBe(3)
  const [changes = ''] = await keysLike('changes')
  expect(await stores.redis.pttl(changes)).toBeGreaterThan(30_000)
})

test('every key expires within five seconds, which bounds how long a lost invalidation matters', async () => {
  const cache = process()
  const owner = cache.ownerOf('somebody')
  await cache.find(owner, 'account', slowStore().read)
  await cache.find(owner, 'more', slowStore().read)
  const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
  expect(keys).toHaveLength(2)
  for (const key of keys) {
    const left = await stores.redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(5000)
  }
})

test('cached entries are encrypted, and can not be decrypted in the place of another entry', async () => {
  const cache = process()
  const [own, other] = [cache.ownerOf('somebody else'), cache.ownerOf('another account')]
  const name = async () => ({ name: '𠮷田·阿卜杜拉' })
  await cache.find(own, 'account', name)
  await cache.find(other, 'account', name)
  const keys = await keysLike('copies')
  const dump = JSON.stringify(
    await Promise.all(keys.map(async (key) => [key, await stores.redis.hgetall(key)])),
  )
  for (const word of ['somebody else', 'another account', '𠮷田', '阿卜杜拉'])
    expect(dump).not.toContain(word)
  const [from = '', to = ''] = keys
  await stores.redis.hset(to, await stores.redis.hgetall(from))
  const opened = await Promise.allSettled(
    [own, other].map((one) => cache.find(one, 'account', name)),
  )
  expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('after another process has ended grants, no process finds them', async () => {
  const make = async () =>
    cachedGrants(
      await oidcMongo({ connection: stores.mongodb, encryption, clock: Date.now }),
      process(),
      {
        ...stores,
        encryption,
      },
    )
  const processes = [await make(), await make(), await make()]
  const [first] = processes
  for (let round = 0; round < 12; round += 1) {
    const accountId = randomUUID()
    const ids = [token(), token()]
    for (const jti of ids)
      await first?.adapterFor('Grant').upsert(jti, { jti, accountId, clientId: 'shop' }, 60)
    let ended = false
    const using = processes.flatMap((storage) =>
      ids.map(async (id) => {
        for (let used = 0; used < 15; used += 1) {
          const wasEnded = ended
          const found = await storage.adapterFor('Grant').find(id)
          if (wasEnded) expect(found).toBeUndefined()
        }
      }),
    )
    const ends = [
      (storage: typeof first) => storage?.endGrants(accountId, ids),
      (storage: typeof first) => storage?.forgetGrants(accountId),
      (storage: typeof first) =>
        Promise.all(ids.map((id) => storage?.adapterFor('Grant').destroy(id))),
    ]
    await ends[round % ends.length]?.(await make())
    ended = true
    await Promise.all(using)
    for (const id of ids) expect(await first?.adapterFor('Grant').find(id)).toBeUndefined()
  }
})

test('a grant that another process extended is found with the extension', async () => {
  const storage = cachedGrants(
    await oidcMongo({ connection: stores.mongodb, encryption, clock: Date.now }),
    process(),
    { ...stores, encryption },
  )
  const [jti, accountId] = [token(), randomUUID()]
  const grants = storage.adapterFor('Grant')
  for (const scope of ['openid', 'openid phone']) {
    await grants.upsert(jti, { jti, accountId, openid: { scope } }, 60)
    for (let n = 0; n < 2; n += 1)
      expect(await grants.find(jti)).toMatchObject({ openid: { scope } })
  }
})

describe('during a request', () => {
  const cacheOfRequest = (request: object) =>
    accountCache({ ...stores, encryption, presentRequest: () => request })

  test('an account is as it was when the request began, until the request changes it', async () => {
    const [cache, other, store] = [cacheOfRequest({}), process(), slowStore()]
    const owner = cache.ownerOf('somebody')
    const find = () => cache.find(owner, 'account', store.read)
    expect(await find()).toEqual({ word: 'first' })
    await other.changing(owner, () => store.write('second'))
    expect(await find()).toEqual({ word: 'first' })
    expect(await cacheOfRequest({}).find(owner, 'account', store.read)).toEqual({ word: 'second' })
    await cache.changing(owner, () => store.write('third'))
    expect(await find()).toEqual({ word: 'third' })
  })

  test('a part that was read with its account is found without its owner, and no other part', async () => {
    const [cache, other] = [cacheOfRequest({}), process()]
    const [owner, somebodyElse] = [cache.ownerOf('somebody'), cache.ownerOf('somebody else')]
    await other.find(owner, 'grant', async () => 'granted')
    await other.find(somebodyElse, 'foreign', async () => 'granted')
    expect(await cache.findRead('grant')).toBeUndefined()
    cache.prepare(owner)
    expect(await cache.findRead('grant')).toBe('granted')
    expect(await cache.findRead('foreign')).toBeUndefined()
  })

  test('each of 40 parts is read from the store once', async () => {
    const [cache, other] = [cacheOfRequest({}), process()]
    const owner = cache.ownerOf('somebody')
    const parts = ['account', ...Array.from({ length: 39 }, (_, n) => `grant ${n}`)]
    for (const part of parts) await other.find(owner, part, async () => part)
    const nothing = async () => undefined
    for (const part of parts) expect(await cache.find(owner, part, nothing)).toBe(part)
  })
})
