import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { eventQueueMongo } from '../../src/adapters/events/event-queue-mongo.ts'
import { eventStreamsMongo } from '../../src/adapters/events/event-streams-mongo.ts'
import { pushClaimsMongo } from '../../src/adapters/events/push-claims-mongo.ts'
import { removeStreamIn } from '../../src/adapters/events/remove-stream.ts'
import { clientsMongo } from '../../src/adapters/mongo/clients-mongo.ts'
import { transaction } from '../../src/adapters/mongo/transaction.ts'
import { clientsIn } from '../support/clients-in.ts'
import { testClock } from '../support/clock.ts'
import { eventUri } from '../support/event-receiver.ts'
import { leaksIn, mongoDump } from '../support/leak-search.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const day = 24 * 3600
const policy = policyOf()
const accountId = 'an-account-of-somebody'
const clientId = 'exam-service'
const revoked = (sid?: string) => ({
  clientId,
  event: { name: 'session-revoked' as const, ...(sid && { sid }) },
})
const poll = { delivery: { method: 'poll' } } as const
const push = {
  delivery: {
    method: 'push',
    endpoint: 'https://rp.test/events',
    authorization: 'the secret of a receiver',
  },
} as const

let stores: TestStores
let time: ReturnType<typeof testClock>
let encryption: ReturnType<typeof testEncryption>
beforeEach(async () => {
  stores = await testStores()
  time = testClock()
  encryption = testEncryption()
})
afterEach(() => stores.close())

/** Each call stands for one more process on the same store, whose clock is `ahead` of the others. */
async function processOf(ahead = 0) {
  const clock = () => time.clock() + ahead
  const store = { connection: stores.mongodb, encryption, clock }
  const clientsOf = async () => [clientId]
  return {
    streams: await eventStreamsMongo(store),
    queue: await eventQueueMongo({ ...store, policy: policy.events, clientsOf }),
    claims: pushClaimsMongo({ ...store, policy }),
  }
}
const sidsIn = (events: readonly { readonly event: object }[]) =>
  events.map(({ event }) => (event as { readonly sid?: string }).sid)

async function streamOf(
  { streams }: Awaited<ReturnType<typeof processOf>>,
  settings: Parameters<typeof streams.create>[1],
) {
  const stream = await streams.create(clientId, settings)
  if (!stream) throw new Error('there is a stream')
  return stream
}

test('a client has one stream, also after concurrent calls', async () => {
  const { streams } = await processOf()
  const created = await Promise.all([1, 2, 3].map(() => streams.create(clientId, poll)))
  expect(created.filter((stream) => stream)).toHaveLength(1)
})

test('the secret of a receiver, accounts and states are encrypted', async () => {
  const own = await processOf()
  const { id } = await streamOf(own, push)
  await own.queue.add(accountId, [revoked('the id of a session')])
  await own.queue.addToStream(id, { name: 'verification', state: 'a state' })
  await own.streams.setWanted(id, 'a subject of somebody', false)
  const dump = await mongoDump(stores)
  const secrets = {
    authorization: push.delivery.authorization,
    endpoint: push.delivery.endpoint,
    account: accountId,
    sid: 'the id of a session',
    sub: 'a subject of somebody',
  }
  expect(leaksIn(dump, secrets)).toEqual([])
  expect(await own.streams.isWanted(id, 'a subject of somebody')).toBe(false)
})

test('events of a subject keep their order although the clocks of processes differ', async () => {
  const [early, late] = [await processOf(-60_000), await processOf()]
  const { id } = await streamOf(late, poll)
  for (const [at, sid] of ['1', '2', '3', '4'].entries())
    await (at % 2 ? early : late).queue.add(accountId, [revoked(sid)])
  expect(sidsIn(await early.queue.next(id, 10))).toEqual(['1', '2', '3', '4'])
})

test('events of a transaction that is rolled back are not added', async () => {
  const { queue, streams } = await processOf()
  const { id } = await streamOf({ queue, streams } as never, poll)
  const add = (fails: boolean) =>
    transaction(stores.mongodb, async (session) => {
      await queue.insertEvents(accountId, [{ name: 'account-disabled' }], session)
      if (fails) throw new Error('rolled back')
    })
  await expect(add(true)).rejects.toThrow('rolled back')
  expect(await queue.next(id, 10)).toEqual([])
  await add(false)
  expect(await queue.next(id, 10)).toHaveLength(1)
})

test('an event waits for 7 days, and is gone when it is acknowledged or its stream is', async () => {
  const { queue, streams } = await processOf()
  const { id } = await streamOf({ queue, streams } as never, poll)
  await queue.add(accountId, [revoked()])
  time.turn(7 * day - 1)
  const [event] = await queue.next(id, 10)
  expect(event?.event).toEqual({ name: 'session-revoked', accountId })
  await queue.acknowledge('another stream', [String(event?.id)])
  expect(await queue.next(id, 10)).toHaveLength(1)
  time.turn(1)
  expect(await queue.next(id, 10)).toEqual([])
  await queue.add(accountId, [revoked()])
  await queue.acknowledge(id, [String((await queue.next(id, 1))[0]?.id)])
  expect(await queue.next(id, 10)).toEqual([])
  await queue.add(accountId, [revoked()])
  await streams.remove(id)
  expect(await queue.next(id, 10)).toEqual([])
})

test('the stream of a client ends with the client', async () => {
  const { queue, streams } = await processOf()
  const { id } = await streamOf({ streams } as never, poll)
  await queue.add(accountId, [revoked()])
  const clients = clientsIn({ connection: stores.mongodb, encryption })
  await clients.add({ client_id: clientId, token_endpoint_auth_method: 'none' }, 'command')
  expect(await clients.remove(clientId)).toBe(true)
  expect([await streams.find(id), await queue.next(id, 10)]).toEqual([undefined, []])
})

test('a client stays with its stream if one write of its removal fails', async () => {
  const { queue, streams } = await processOf()
  const { id } = await streamOf({ streams } as never, poll)
  await queue.add(accountId, [revoked()])
  await streams.setWanted(id, 'a subject', false)
  const store = { connection: stores.mongodb, encryption }
  const removeStream = removeStreamIn(stores.mongodb)
  const failing = clientsMongo({
    ...store,
    async removeStream(...removal) {
      await removeStream(...removal)
      throw new Error('the last write failed')
    },
  })
  await failing.add({ client_id: clientId, token_endpoint_auth_method: 'none' }, 'command')
  await expect(failing.remove(clientId)).rejects.toThrow('the last write failed')
  const kept = [await failing.find(clientId), await streams.find(id), await queue.next(id, 10)]
  expect(kept).toMatchObject([{ owner: 'command' }, { id }, [{ event: { accountId } }]])
  expect(await streams.isWanted(id, 'a subject')).toBe(false)
  expect(await clientsIn(store).remove(clientId)).toBe(true)
  for (const name of ['stream_events', 'unwanted_subjects'])
    expect(await stores.mongodb.collection(name).countDocuments({ stream: id })).toBe(0)
})

test('nothing is added for a type that was not requested, for other clients, or while disabled', async () => {
  const { queue, streams } = await processOf()
  const settings = { ...poll, requested: [eventUri.accountPurged] }
  const { id } = await streamOf({ queue, streams } as never, settings)
  await queue.add(accountId, [revoked()])
  const purged = { name: 'account-purged' } as const
  await queue.add(accountId, [{ clientId: 'another', event: purged }])
  await streams.setStatus(id, 'disabled')
  await queue.add(accountId, [{ clientId, event: purged }])
  await streams.setStatus(id, 'enabled')
  expect(await queue.next(id, 10)).toEqual([])
  await queue.add(accountId, [{ clientId, event: purged }])
  expect(await queue.next(id, 10)).toHaveLength(1)
})

describe('the pushes of a stream', () => {
  test('are claimed by one process at a time while events wait', async () => {
    const [own, other] = [await processOf(), await processOf()]
    const { id } = await streamOf(own, push)
    expect(await own.claims.claim(10)).toEqual([])
    await own.queue.add(accountId, [revoked()])
    const claims = await Promise.all([own, other].map(({ claims }) => claims.claim(10)))
    const [claim] = claims.flat()
    expect(claims.flat()).toHaveLength(1)
    expect(claim?.read()).toEqual({ kind: 'push', streamId: id })
    expect(await other.claims.claim(10)).toEqual([])
    await claim?.finish()
    expect(await other.claims.claim(10)).toHaveLength(1)
    // The process that has it dies.
    time.turn(policy.tasks.lease)
    expect(await own.claims.claim(10)).toHaveLength(1)
  })

  test('rest longer after each failure, and go on at once at a new address', async () => {
    const { claims, queue, streams } = await processOf()
    const { id } = await streamOf({ streams } as never, push)
    await queue.add(accountId, [revoked()])
    for (const pause of [5, 30, 30]) {
      const [claim] = await claims.claim(10)
      await claim?.retry()
      time.turn(pause - 1)
      expect(await claims.claim(10)).toEqual([])
      time.turn(1)
    }
    await (await claims.claim(10))[0]?.retry()
    await streams.change(id, push)
    expect(await claims.claim(10)).toHaveLength(1)
  })

  test('stop while the stream is paused or polled', async () => {
    const { claims, queue, streams } = await processOf()
    const { id } = await streamOf({ streams } as never, push)
    await queue.add(accountId, [revoked()])
    await streams.setStatus(id, 'paused')
    expect(await claims.claim(10)).toEqual([])
    await queue.addToStream(id, { name: 'stream-updated', status: 'paused' })
    const [announcing] = await claims.claim(10)
    const told = await queue.next(id, 10, 'paused')
    expect(told.map(({ event }) => event.name)).toEqual(['stream-updated'])
    await queue.acknowledge(id, [String(told[0]?.id)])
    await announcing?.finish()
    expect(await claims.claim(10)).toEqual([])
    await streams.setStatus(id, 'enabled')
    await streams.change(id, poll)
    expect(await claims.claim(10)).toEqual([])
    expect(await claims.waiting()).toEqual({ kind: 'push', waiting: 1, oldest: time.clock() })
  })
})
