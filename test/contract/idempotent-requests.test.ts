import { randomUUID } from 'node:crypto'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { idempotentRequestsMongo } from '../../src/adapters/mongo/idempotent-requests-mongo.ts'
import type { BeginOutcome, IdempotentRequests } from '../../src/ports/idempotent-requests.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const { keep, lease } = policy().terminals
const answer = { status: 200, body: { changedAt: '2026-11-26T08:00:00.000Z' } }

const newRequest = (more: object = {}) => ({
  ...{ caller: 'terminal-1', key: randomUUID(), content: '{"newPhone":"+8613800000000"}' },
  ...{ jti: randomUUID(), fresh: true },
  ...more,
})

function startedRequest(results: BeginOutcome) {
  if (typeof results === 'string' || 'answered' in results) throw new Error(JSON.stringify(results))
  return results
}

/** The contract of every `IdempotentRequests`; each call of `make` stands for one more process on the same store. */
function idempotentRequestsContract(
  make: () => Promise<IdempotentRequests>,
  turn: (seconds: number) => void,
) {
  test('one of 20 concurrent requests is carried out, and all later ones receive its answer', async () => {
    const request = newRequest()
    const processes = [await make(), await make()]
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => processes[n % 2]?.begin(request)),
    )
    const [started, ...others] = results.filter((each) => each !== 'under_way')
    expect(others).toEqual([])
    if (!started) throw new Error('no request was started')
    await startedRequest(started).finish(answer)
    expect(await (await make()).begin(request)).toEqual({ answered: answer })
    expect(await (await make()).begin({ ...request, fresh: false })).toEqual({ answered: answer })
  })

  test('a request whose process died can be continued under the same name after the lease', async () => {
    const request = newRequest()
    const { by } = startedRequest(await (await make()).begin(request))
    turn(lease - 1)
    expect(await (await make()).begin(request)).toBe('under_way')
    turn(1)
    const next = startedRequest(await (await make()).begin(request))
    expect(next.by).toBe(by)
    await next.finish(answer)
    expect(await (await make()).begin(request)).toEqual({ answered: answer })
  })

  test('a request that was given up can be started again at once', async () => {
    const request = newRequest()
    const first = startedRequest(await (await make()).begin(request))
    await first.giveUp()
    const next = startedRequest(await (await make()).begin(request))
    expect(next.by).toBe(first.by)
    // The second giveUp has no effect, because the request belongs to another process by now.
    await first.giveUp()
    expect(await (await make()).begin(request)).toBe('under_way')
  })

  test('what the first attempt planned is the plan of each attempt', async () => {
    const request = newRequest()
    const first = startedRequest(await (await make()).begin(request))
    expect(await first.once(async () => ({ id: 'a' }))).toEqual({ id: 'a' })
    turn(lease)
    const next = startedRequest(await (await make()).begin(request))
    expect(await next.once(async () => ({ id: 'b' }))).toEqual({ id: 'a' })
  })

  test('an attempt that another one has taken over plans nothing more', async () => {
    const request = newRequest()
    const slow = startedRequest(await (await make()).begin(request))
    turn(lease)
    const quick = startedRequest(await (await make()).begin(request))
    await expect(slow.once(async () => 'a')).rejects.toThrow('taken this request over')
    expect(await quick.once(async () => 'b')).toBe('b')
  })

  test('the first answer is kept when a slow process answers later', async () => {
    const request = newRequest()
    const slow = startedRequest(await (await make()).begin(request))
    turn(lease)
    const quick = startedRequest(await (await make()).begin(request))
    await quick.finish(answer)
    await slow.finish({ status: 404, body: {} })
    expect(await (await make()).begin(request)).toEqual({ answered: answer })
  })

  test('an Idempotency-Key is bound to one content and one caller', async () => {
    const idempotentRequests = await make()
    const request = newRequest()
    await startedRequest(await idempotentRequests.begin(request)).finish(answer)
    const other = { content: '{}', jti: randomUUID() }
    expect(await idempotentRequests.begin({ ...request, ...other })).toBe('other_content')
    startedRequest(await idempotentRequests.begin({ ...request, ...other, caller: 'terminal-2' }))
  })

  test('a jti is bound to one Idempotency-Key, also concurrently, and is separate for each caller', async () => {
    const idempotentRequests = await make()
    const jti = randomUUID()
    const both = [newRequest({ jti }), newRequest({ jti })] as const
    const results = await Promise.all(both.map((each) => idempotentRequests.begin(each)))
    expect(results.filter((each) => each === 'used_jti')).toHaveLength(1)
    const known = newRequest()
    startedRequest(await idempotentRequests.begin(known))
    expect(await idempotentRequests.begin({ ...known, jti })).toBe('used_jti')
    startedRequest(await idempotentRequests.begin(newRequest({ jti, caller: 'terminal-2' })))
  })

  test('an expired jti is accepted for the request that it was used for, but starts no other one', async () => {
    const idempotentRequests = await make()
    const request = newRequest()
    expect(await idempotentRequests.begin({ ...request, fresh: false })).toBe('late_jti')
    await startedRequest(await idempotentRequests.begin(request)).giveUp()
    startedRequest(await idempotentRequests.begin({ ...request, fresh: false }))
    const another = { ...request, jti: randomUUID() }
    expect(await idempotentRequests.begin({ ...another, fresh: false })).toBe('late_jti')
    expect(await idempotentRequests.begin(another)).toBe('under_way')
  })
}

describe('idempotent requests in MongoDB', () => {
  let stores: TestStores
  const { clock, turn } = testClock()
  const encryption = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = () =>
    idempotentRequestsMongo({
      connection: stores.mongodb,
      encryption,
      clock,
      policy: policy().terminals,
    })
  idempotentRequestsContract(make, turn)

  test('nothing is stored in clear text, and a TTL index removes the records', async () => {
    const request = newRequest({ key: 'the key of a request', jti: 'the jti of a request' })
    const begun = startedRequest(await (await make()).begin(request))
    await begun.once(async () => 'a planned secret')
    await begun.finish(answer)
    const records = await stores.mongodb.collection('acts').find().toArray()
    const dump = JSON.stringify(records)
    for (const word of ['the key', 'the jti', 'newPhone', 'terminal-1', 'changedAt', 'planned'])
      expect(dump).not.toContain(word)
    const [index] = (await stores.mongodb.collection('acts').indexes()).filter(
      ({ expireAfterSeconds }) => expireAfterSeconds === 0,
    )
    expect(index?.['key']).toEqual({ expiresAt: 1 })
    expect(records.at(-1)?.['expiresAt'].getTime()).toBe(clock() + keep * 1000)
  })
})
