import { flowsRedis } from '../../src/adapters/redis/flows-redis.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Flows, OpenFlow } from '../../src/ports/flows.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** All times in seconds. */
type Times = { readonly idle: number; readonly lease: number; readonly turn: number }
const usual: Times = { idle: 1800, lease: 15, turn: 12 }

const expectOpened = (flow: Awaited<ReturnType<Flows['open']>>): OpenFlow => {
  if (typeof flow === 'string') throw new Error(`not opened: ${flow}`)
  return flow
}

/** The contract of every `Flows`; each call of `make` stands for one more process on the same store. */
function flowsContract(make: (clock: Clock, times: Times) => Flows) {
  test('the state is returned for id and secret, also in another process', async () => {
    const { clock } = testClock()
    const state = { step: 'identity', answers: { name: '𠮷田' }, passed: [1, 2] }
    const key = await make(clock, usual).create(state)
    expect(await make(clock, usual).read(key)).toEqual({ state })
    expect(expectOpened(await make(clock, usual).open(key)).state).toEqual(state)
  })

  test('ids and secrets have at least 128 bits and never repeat', async () => {
    const flows = make(Date.now, usual)
    const keys = await Promise.all(Array.from({ length: 50 }, () => flows.create({})))
    const words = keys.flatMap(({ id, secret }) => [id, secret])
    expect(new Set(words).size).toBe(100)
    for (const word of words) expect(word).toMatch(/^[\w-]{22,}$/)
  })

  test('an id with the secret of another flow is refused as foreign', async () => {
    const flows = make(Date.now, usual)
    const [own, other] = [await flows.create({ of: 'me' }), await flows.create({ of: 'other' })]
    const mixed = { id: other.id, secret: own.secret }
    expect(await flows.read(mixed)).toBe('foreign')
    expect(await flows.open(mixed)).toBe('foreign')
    expect(await flows.read({ id: other.id, secret: '' })).toBe('foreign')
    expect(await flows.read(other)).toEqual({ state: { of: 'other' } })
  })

  test('an id that was never issued is unknown, whatever it looks like', async () => {
    const flows = make(Date.now, usual)
    const { secret } = await flows.create({})
    for (const id of ['A'.repeat(22), '', '*', '../x', 'A'.repeat(100_000)]) {
      expect(await flows.read({ id, secret })).toBe('unknown')
      expect(await flows.open({ id, secret })).toBe('unknown')
    }
  })

  test('a flow expires after the idle time, counted from the last visit', async () => {
    const { clock, turn } = testClock()
    const flows = make(clock, usual)
    const key = await flows.create('here')
    for (let visit = 0; visit < 3; visit += 1) {
      turn(1799)
      expect(await flows.read(key)).toEqual({ state: 'here' })
      turn(1799)
      await expectOpened(await flows.open(key)).close()
    }
    turn(1800)
    expect(await flows.read(key)).toBe('unknown')
    expect(await flows.open(key)).toBe('unknown')
  })

  test('a request with a wrong secret does not prolong a flow', async () => {
    const { clock, turn } = testClock()
    const flows = make(clock, usual)
    const key = await flows.create('here')
    turn(1000)
    expect(await flows.read({ ...key, secret: 'guessed' })).toBe('foreign')
    turn(1000)
    expect(await flows.read(key)).toBe('unknown')
  })

  test('closing stores the new state, or keeps the old one when there is none', async () => {
    const flows = make(Date.now, usual)
    const key = await flows.create({ count: 1 })
    expect(await expectOpened(await flows.open(key)).close({ count: 2 })).toBe(true)
    expect(await expectOpened(await flows.open(key)).close()).toBe(true)
    expect(await flows.read(key)).toEqual({ state: { count: 2 } })
  })

  test('20 concurrent requests open a flow one after the other', async () => {
    const key = await make(Date.now, usual).create({ count: 0 })
    const add = async () => {
      const flow = expectOpened(await make(Date.now, usual).open(key))
      const { count } = flow.state as { count: number }
      return flow.close({ count: count + 1 })
    }
    expect(await Promise.all(Array.from({ length: 20 }, add))).toEqual(Array(20).fill(true))
    expect(await make(Date.now, usual).read(key)).toEqual({ state: { count: 20 } })
  })

  test('while a request has the flow open, others can read it, and opening it times out with busy', async () => {
    const { clock } = testClock()
    const flows = make(clock, { ...usual, turn: 0.2 })
    const key = await flows.create('before')
    const inside = expectOpened(await flows.open(key))
    expect(await flows.read(key)).toEqual({ state: 'before' })
    expect(await flows.open(key)).toBe('busy')
    expect(await inside.close('after')).toBe(true)
    expect(expectOpened(await flows.open(key)).state).toBe('after')
  })

  test('a request that does not close the flow excludes others only for the lease, and can not close it after that', async () => {
    const { clock, turn } = testClock()
    const flows = make(clock, { ...usual, turn: 0 })
    const key = await flows.create('before')
    const dead = expectOpened(await flows.open(key))
    turn(14.999)
    expect(await flows.open(key)).toBe('busy')
    turn(0.001)
    const next = expectOpened(await flows.open(key))
    expect(await dead.close('too late')).toBe(false)
    expect(await next.close('in time')).toBe(true)
    expect(await dead.close('too late')).toBe(false)
    expect(await flows.read(key)).toEqual({ state: 'in time' })
  })

  test('a request that exceeds the lease can still close the flow if no other request opened it', async () => {
    const { clock, turn } = testClock()
    const flows = make(clock, usual)
    const key = await flows.create('before')
    const slow = expectOpened(await flows.open(key))
    turn(20)
    expect(await slow.close('after')).toBe(true)
    expect(await flows.read(key)).toEqual({ state: 'after' })
  })

  test('an opened flow can be closed only once', async () => {
    const flows = make(Date.now, usual)
    const key = await flows.create(0)
    const flow = expectOpened(await flows.open(key))
    expect(await flow.close(1)).toBe(true)
    expect(await flow.close(2)).toBe(false)
    expect(await flows.read(key)).toEqual({ state: 1 })
  })
}

describe('flows in Redis', () => {
  let stores: TestStores
  const encryption = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  flowsContract((clock, times) =>
    flowsRedis({
      redis: stores.redis,
      keyPrefix: stores.keyPrefix,
      encryption,
      clock,
      policy: times,
    }),
  )

  const { clock } = testClock()
  const make = () =>
    flowsRedis({
      redis: stores.redis,
      keyPrefix: stores.keyPrefix,
      encryption,
      clock,
      policy: { idle: 1800, lease: 15, turn: 12 },
    })

  test('neither state nor secret is stored in clear text', async () => {
    const key = await make().create({ name: '李明', phone: '+8613800000000' })
    const stored = JSON.stringify(await stores.redis.hgetall(`${stores.keyPrefix}flow:${key.id}`))
    expect(stored).toContain('state')
    for (const word of ['李明', '13800000000', key.secret]) expect(stored).not.toContain(word)
  })

  test('a state that is moved to another flow in the store can not be decrypted', async () => {
    const [one, other] = [await make().create('one'), await make().create('other')]
    const keyOf = (id: string) => `${stores.keyPrefix}flow:${id}`
    const state = await stores.redis.hget(keyOf(other.id), 'state')
    await stores.redis.hset(keyOf(one.id), 'state', state ?? '')
    await expect(make().read(one)).rejects.toThrow()
  })

  test('Redis removes a flow after the idle time', async () => {
    const flows = make()
    const key = await flows.create('here')
    const left = () => stores.redis.pttl(`${stores.keyPrefix}flow:${key.id}`)
    for (const visit of [flows.read, flows.open]) {
      await stores.redis.pexpire(`${stores.keyPrefix}flow:${key.id}`, 100_000)
      await visit(key)
      expect(await left()).toBeGreaterThan(1_700_000)
      expect(await left()).toBeLessThanOrEqual(1_800_000)
    }
  })
})
