import { randomBytes, randomUUID } from 'node:crypto'
import { oidcMongo } from '../../src/adapters/mongo/oidc-mongo.ts'
import { heldOfAccounts } from '../../src/adapters/redis/account-cache.ts'
import { grantsHeld } from '../../src/adapters/redis/cached-grants.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const token = () => randomBytes(32).toString('base64url')
const sealing = testEncryption()
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

/** One more process on the same Redis. */
const process = () => heldOfAccounts({ ...stores, sealing })
const keysLike = (kind: string) => stores.redis.keys(`${stores.keyPrefix}{held:*}:${kind}`)

/** A store of one word, which is slow enough to be overtaken. */
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

test('what was read is not read again by any process, until it changes', async () => {
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

test('what is not there is asked for each time', async () => {
  const store = slowStore()
  const nothing = async () => void (await store.read())
  const held = process()
  for (let n = 0; n < 2; n += 1)
    expect(await held.find(held.ownerOf('nobody'), 'account', nothing)).toBeUndefined()
  expect(store.reads()).toBe(2)
})

test('changed elsewhere while everybody asks: afterwards nobody is told what was before', async () => {
  const processes = [process(), process(), process()]
  const owner = process().ownerOf('somebody')
  const store = slowStore()
  let least = 0
  const seen = new Set<number>()
  const asking = processes.map(async (held) => {
    while (least < 50) {
      const from = least
      const found = await held.find(owner, 'account', store.read)
      const round = Number(found?.word === 'first' ? 0 : found?.word)
      expect(round).toBeGreaterThanOrEqual(from)
      seen.add(round)
    }
  })
  for (let round = 1; round <= 50; round += 1) {
    await process().changing(owner, () => store.write(String(round)))
    least = round
    // Long enough that some of them keep it.
    await new Promise((later) => setTimeout(later, round % 5))
  }
  await Promise.all(asking)
  expect(seen.size).toBeGreaterThan(10)
})

test('two changes at once: the first one’s end lets nobody keep what the second one changes', async () => {
  const [held, other] = [process(), process()]
  const owner = held.ownerOf('somebody')
  const store = slowStore()
  let go = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const slow = other.changing(owner, async () => {
    await gate
    await store.write('slow')
  })
  await held.changing(owner, () => store.write('quick'))
  expect(await held.find(owner, 'account', store.read)).toEqual({ word: 'quick' })
  expect(await keysLike('copies')).toEqual([])
  go()
  await slow
  expect(await held.find(owner, 'account', store.read)).toEqual({ word: 'slow' })
})

test('who read before a change began, and comes back after its end, keeps nothing', async () => {
  const [held, other] = [process(), process()]
  const owner = held.ownerOf('somebody')
  const store = slowStore()
  const found = await held.find(owner, 'account', async () => {
    const read = await store.read()
    await other.changing(owner, () => store.write('second'))
    return read
  })
  expect(found).toEqual({ word: 'first' })
  expect(await held.find(owner, 'account', store.read)).toEqual({ word: 'second' })
})

test('a change that broke off on its way: nothing is kept until it must be over', async () => {
  const held = process()
  const owner = held.ownerOf('somebody')
  const store = slowStore()
  await held.find(owner, 'account', store.read)
  const broken = held.changing(owner, async () => {
    // It was carried out after all.
    await store.write('second')
    throw new Error('the connection broke')
  })
  await expect(broken).rejects.toThrow('the connection broke')
  for (let n = 0; n < 2; n += 1)
    expect(await held.find(owner, 'account', store.read)).toEqual({ word: 'second' })
  expect(store.reads()).toBe(3)
  const [changes = ''] = await keysLike('changes')
  expect(await stores.redis.pttl(changes)).toBeGreaterThan(50_000)
})

test('should Redis forget a change that it confirmed, ten seconds end it; and every key ends', async () => {
  const held = process()
  const owner = held.ownerOf('somebody')
  await held.find(owner, 'account', slowStore().read)
  await held.find(owner, 'more', slowStore().read)
  const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
  expect(keys).toHaveLength(2)
  for (const key of keys) {
    const left = await stores.redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(10_000)
  }
})

test('of what is held a dump gives nothing, and a copy opens in its own place alone', async () => {
  const held = process()
  const [mine, yours] = [held.ownerOf('mine'), held.ownerOf('yours')]
  const name = async () => ({ name: '𠮷田·阿卜杜拉' })
  await held.find(mine, 'account', name)
  await held.find(yours, 'account', name)
  const keys = await keysLike('copies')
  const dump = JSON.stringify(
    await Promise.all(keys.map(async (key) => [key, await stores.redis.hgetall(key)])),
  )
  for (const word of ['mine', 'yours', 'account', '𠮷田', '阿卜杜拉'])
    expect(dump).not.toContain(word)
  const [from = '', to = ''] = keys
  await stores.redis.hset(to, await stores.redis.hgetall(from))
  const opened = await Promise.allSettled(
    [mine, yours].map((one) => held.find(one, 'account', name)),
  )
  expect(opened.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('grants are ended elsewhere while their tokens are used: afterwards none is found', async () => {
  const make = async () =>
    grantsHeld(
      await oidcMongo({ connection: stores.mongodb, sealing, clock: Date.now }),
      process(),
      {
        ...stores,
        sealing,
      },
    )
  const processes = [await make(), await make(), await make()]
  const [first] = processes
  for (let round = 0; round < 12; round += 1) {
    const accountId = randomUUID()
    const ids = [token(), token()]
    for (const jti of ids)
      await first?.of('Grant').upsert(jti, { jti, accountId, clientId: 'shop' }, 60)
    let ended = false
    const using = processes.flatMap((storage) =>
      ids.map(async (id) => {
        for (let used = 0; used < 15; used += 1) {
          const wasEnded = ended
          const found = await storage.of('Grant').find(id)
          if (wasEnded) expect(found).toBeUndefined()
        }
      }),
    )
    const ends = [
      (storage: typeof first) => storage?.endGrants(accountId, ids),
      (storage: typeof first) => storage?.forgetGrants(accountId),
      (storage: typeof first) => Promise.all(ids.map((id) => storage?.of('Grant').destroy(id))),
    ]
    await ends[round % ends.length]?.(await make())
    ended = true
    await Promise.all(using)
    for (const id of ids) expect(await first?.of('Grant').find(id)).toBeUndefined()
  }
})

test('a grant that grew elsewhere has what it grew by', async () => {
  const storage = grantsHeld(
    await oidcMongo({ connection: stores.mongodb, sealing, clock: Date.now }),
    process(),
    { ...stores, sealing },
  )
  const [jti, accountId] = [token(), randomUUID()]
  const grants = storage.of('Grant')
  for (const scope of ['openid', 'openid phone']) {
    await grants.upsert(jti, { jti, accountId, openid: { scope } }, 60)
    for (let n = 0; n < 2; n += 1)
      expect(await grants.find(jti)).toMatchObject({ openid: { scope } })
  }
})
