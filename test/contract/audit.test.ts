import mongoose from 'mongoose'
import { auditMongo } from '../../src/adapters/audit/audit-mongo.ts'
import { BadCursor } from '../../src/ports/audit.ts'
import type { AuditOutlet, ForwardedEvent } from '../../src/ports/audit-outlet.ts'
import { testAudit, verified } from '../support/audit.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const { clock, turn } = testClock()
const encryption = testEncryption()
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

type StoredEvent = {
  _id: string
  at: Date
  address: string
  reason?: string
  accountId?: string
  chain?: { hash: string }
}
const log = () => stores.mongodb.collection<StoredEvent>('audit')
const make = () => testAudit(stores, { encryption, clock })

test('an event is stored with its time, and its address and reason are encrypted', async () => {
  const audit = await make()
  const event = { what: 'bank-checked', accountId: 'a', clientId: 'c', detail: 'match' } as const
  await audit.record({ ...event, address: '192.0.2.7', reason: '张三来电' })
  const stored = await log().findOne({ accountId: 'a' })
  expect(stored).toMatchObject({ ...event, at: new Date(clock()) })
  expect(JSON.stringify(stored)).not.toContain('192.0.2.7')
  expect(JSON.stringify(stored)).not.toContain('张三')
  const context = (field: string) => ({ collection: 'audit', record: stored?._id ?? '', field })
  expect(encryption.decrypt(stored?.address ?? '', context('address'))).toBe('192.0.2.7')
  expect(encryption.decrypt(stored?.reason ?? '', context('reason'))).toBe('张三来电')
})

test('the latest events of an account are returned, the newest first', async () => {
  const audit = await make()
  for (const what of ['registered', 'signed-in', 'signed-out'] as const) {
    await audit.record({ what, accountId: 'mine', clientId: 'c', address: '192.0.2.7' })
    await audit.record({ what, accountId: 'theirs', address: '192.0.2.8' })
    turn(1)
  }
  const mine = { accountId: 'mine', clientId: 'c', address: '192.0.2.7', id: expect.any(String) }
  expect(await audit.latest('mine', 2)).toEqual([
    { ...mine, what: 'signed-out', at: clock() - 1000 },
    { ...mine, what: 'signed-in', at: clock() - 2000 },
  ])
  expect(await audit.latest('mine', 2, ['signed-out', 'signed-in'])).toMatchObject([
    { what: 'registered' },
  ])
  expect(await audit.latest('nobody', 2)).toEqual([])
})

test('events are found by each filter, page by page, in both orders', async () => {
  const audit = await make()
  const begin = clock()
  for (let number = 0; number < 10; number += 1) {
    const odd = number % 2 === 1
    await audit.record({
      what: odd ? 'signed-in' : 'case-looked-up',
      address: odd ? '203.0.113.7' : '2001:db8:1:2::/64',
      ...(odd
        ? { accountId: 'a', clientId: 'c', flow: 'f' }
        : { operator: 'o', target: `t${number}`, reason: '核对', reasonKind: 'call' as const }),
    })
    // Two events of each time, so that the id has to order them.
    if (odd) turn(1)
  }
  const count = async (filter: object) =>
    (await audit.find({ ...filter, limit: 100 })).events.length
  for (const filter of [
    { account: 'a' },
    { client: 'c' },
    { operator: 'o' },
    { what: 'signed-in' },
    { flow: 'f' },
    { address: '203.0.113.7' },
    { address: '203.0.113.0/24' },
    { address: '2001:db8:1:2::1' },
    { address: '2001:0db8:1:2::/56' },
    { address: '2001:db8:1::/48' },
  ] as const)
    expect([filter, await count(filter)]).toEqual([filter, 5])
  expect(await count({ address: '203.0.113.8' })).toBe(0)
  expect(await count({ address: '203.0.113.0/16' })).toBe(0)
  expect(await count({ account: 'a', operator: 'o' })).toBe(0)
  expect(await count({ from: begin + 1000, to: begin + 3000 })).toBe(4)

  for (const first of ['newest', 'oldest'] as const) {
    const all = (await audit.find({ first, limit: 100 })).events
    expect(all).toHaveLength(10)
    const paged = []
    let cursor: string | undefined
    do {
      const page = await audit.find({ first, limit: 3, ...(cursor && { cursor }) })
      paged.push(...page.events)
      cursor = page.next
    } while (cursor)
    expect(paged).toEqual(all)
    const times = all.map(({ at }) => at)
    expect(
      times.toSorted((one, other) => (first === 'newest' ? other - one : one - other)),
    ).toEqual(times)
  }
  const [newest] = (await audit.find({ operator: 'o', limit: 1 })).events
  expect(newest).toMatchObject({ target: 't8', reason: '核对', reasonKind: 'call' })
})

test.each(['', 'x', 'bnVsbA', Buffer.from('[1,{"$ne":1}]').toString('base64url')])(
  'the cursor %j is rejected as a bad one',
  async (cursor) => {
    const audit = await make()
    if (cursor) await expect(audit.find({ cursor, limit: 1 })).rejects.toThrow(BadCursor)
    else expect((await audit.find({ cursor, limit: 1 })).events).toEqual([])
  },
)

test('every query reads an index, in its order', async () => {
  const audit = await make()
  await audit.record({ what: 'signed-in', address: '192.0.2.1' })
  const filters = {
    none: {},
    account: { accountId: 'a' },
    client: { clientId: 'c' },
    operator: { operator: 'o' },
    what: { what: 'signed-in' },
    flow: { flow: 'f' },
    address: { addressIndexes: 'x' },
  }
  for (const [name, filter] of Object.entries(filters))
    for (const order of [1, -1] as const) {
      const range = {
        at: { $lte: new Date() },
        $or: [{ at: { $lt: new Date() } }, { _id: { $lt: 'x' } }],
      }
      const plan = await log()
        .find({ $and: [{ at: { $lt: new Date() }, ...filter }, range] })
        .sort({ at: order, _id: order })
        .limit(50)
        .explain('queryPlanner')
      const winning = JSON.stringify(plan['queryPlanner'].winningPlan)
      expect([name, winning]).toEqual([name, expect.stringContaining('IXSCAN')])
      expect([name, winning]).toEqual([name, expect.not.stringMatching(/COLLSCAN|"SORT"/)])
    }
  const ids = await log()
    .find({ _id: { $gt: 'a' } })
    .sort({ _id: 1 })
    .explain('queryPlanner')
  expect(JSON.stringify(ids['queryPlanner'].winningPlan)).toContain('IXSCAN')
})

test('the events of an erased account stay and verify, without its id, its reasons, and more of its addresses than the network', async () => {
  const audit = await make()
  const addresses = ['203.0.113.77', '2001:db8:1:2::/64', 'platform']
  for (const address of addresses)
    await audit.record({ what: 'signed-in', accountId: 'gone', address, reason: '张三' })
  await audit.record({ what: 'signed-in', accountId: 'here', address: '203.0.113.77' })
  const ids = (await log().find({ accountId: 'gone' }).toArray()).map(({ _id }) => _id)
  await audit.cover()
  await audit.forget('gone')
  expect(await audit.latest('gone', 9)).toEqual([])
  const [first] = await log()
    .find({ _id: { $in: ids } })
    .toArray()
  const left = await audit.latest(first?.accountId ?? '', 9)
  expect(left.map(({ address }) => address).sort()).toEqual(
    ['203.0.113.0/24', '2001:db8:1::/48', 'platform'].sort(),
  )
  expect(left.map(({ reason }) => reason)).toEqual([undefined, undefined, undefined])
  expect(await audit.latest('here', 9)).toMatchObject([{ address: '203.0.113.77' }])
  const found = await audit.find({ address: '203.0.113.77', limit: 9 })
  expect(found.events.map(({ accountId }) => accountId)).toEqual(['here'])
  expect((await audit.find({ address: '203.0.113.0/24', limit: 9 })).events).toHaveLength(2)
  const stored = await log().findOne({ _id: ids[0] ?? '' })
  expect(stored).toMatchObject({ chain: { erased: expect.any(String) } })
  expect(stored).not.toHaveProperty('chain.salt')
  await audit.forget('gone')
  expect(await verified(audit)).toMatchObject({ events: 4, faults: [], uncovered: [] })
})

test('an event without a recognised account is stored without an account id', async () => {
  const audit = await make()
  const unknown: { accountId?: string } = {}
  await audit.record({ what: 'sign-in-failed', address: '192.0.2.8', ...unknown })
  const stored = await log().findOne()
  expect(Object.keys(stored ?? {}).sort()).toEqual([
    ...['_id', 'address', 'addressIndexes', 'at', 'chain', 'dataKey', 'what'],
  ])
})

test('concurrent events of a process keep the order of their calls, with one insert each at most', async () => {
  const commands: string[] = []
  const connection = await mongoose
    .createConnection(stores.mongodbUri, { monitorCommands: true })
    .asPromise()
  const audit = await auditMongo({
    ...{ connection, encryption, clock, keepDays: 365, outlets: [] },
    log: { error: () => {} },
  })
  connection
    .getClient()
    .on('commandStarted', ({ commandName }: { commandName: string }) => commands.push(commandName))
  const flows = Array.from({ length: 100 }, (_, number) => String(number))
  await Promise.all(
    flows.map((flow) => audit.record({ what: 'sms-sent', address: '192.0.2.1', flow })),
  )
  expect(commands.every((name) => name === 'insert')).toBe(true)
  expect(commands.length).toBeLessThanOrEqual(3)
  commands.length = 0
  for (let number = 0; number < 5; number += 1)
    await audit.record({ what: 'sms-sent', address: '192.0.2.1' })
  expect(commands).toEqual(Array(5).fill('insert'))
  const stored = await log()
    .find({ flow: { $exists: true } })
    .sort({ _id: 1 })
    .toArray()
  expect(stored.map((event) => 'flow' in event && event.flow)).toEqual(flows)
  await connection.close()
})

test('outlets get the event as it was recorded, and nothing is decrypted for them', async () => {
  const forwarded: ForwardedEvent[] = []
  const outlet: AuditOutlet = {
    events: (events) => forwarded.push(...events),
    head() {},
    async close() {},
  }
  let decrypted: string[] = []
  const watched: typeof encryption = {
    ...encryption,
    decrypt(value, context) {
      decrypted.push(context.field)
      return encryption.decrypt(value, context)
    },
  }
  const audit = await testAudit(stores, { encryption: watched, clock, outlets: [outlet] })
  // The keys of the audit were decrypted.
  decrypted = []
  await audit.record({ what: 'signed-in', address: '192.0.2.1', reason: '核对', flow: 'f' })
  expect(decrypted).toEqual([])
  const stored = await log().findOne()
  const { events } = await audit.find({ limit: 1 })
  expect(forwarded).toEqual([{ ...events[0], hash: stored?.chain?.hash }])
})

test('events from before the chain do not keep later days from being closed', async () => {
  const before = { address: 'sealed before', at: new Date(clock()), expiresAt: new Date(8e14) }
  const ids = ['0', '19', '2026', '2027', '9', 'a', 'f'].map((begin) => uuidWith(begin))
  const forged = ['2026-99-99.x', '2026-01-01x']
  await log().insertMany([...ids, ...forged].map((_id) => ({ ...before, _id })))
  const dead = await make()
  await dead.record({ what: 'signed-in', address: '192.0.2.1' })
  turn(24 * 3600 + 600)
  const audit = await make()
  await audit.keepHouse()
  expect(await verified(audit)).toMatchObject({ events: 1, uncovered: [], beforeChain: ids.length })
})

const uuidWith = (begin: string) => `${begin.padEnd(8, 'c')}-94a0-4b6e-8f55-0c9d2b1e7a10`

test('an event that can not be stored rejects', async () => {
  const other = await testStores()
  const audit = await testAudit(other, { encryption, clock })
  await other.close()
  await expect(audit.record({ what: 'signed-in', address: '192.0.2.1' })).rejects.toThrow()
})
