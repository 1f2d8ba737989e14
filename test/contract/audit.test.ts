import { auditMongo } from '../../src/adapters/mongo/audit-mongo.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** These tests look into the store itself, because the port has no way to read an address. */
describe('audit log in MongoDB', () => {
  const day = 24 * 3600
  const { clock, turn } = testClock()
  const encryption = testEncryption()
  let stores: TestStores
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  type StoredEvent = { _id: string; at: Date; expiresAt: Date; address: string; accountId?: string }
  const log = () => stores.mongodb.collection<StoredEvent>('audit')
  const make = () =>
    auditMongo({ connection: stores.mongodb, encryption, clock, policy: { keep: 365 * day } })

  test('an event is stored with its time and its encrypted address', async () => {
    const audit = await make()
    const event = { what: 'bank-checked', accountId: 'a', clientId: 'c', detail: 'match' } as const
    await audit.record({ ...event, address: '192.0.2.7' })
    const stored = await log().findOne({ accountId: 'a' })
    expect(stored).toMatchObject({ ...event, at: new Date(clock()) })
    expect(JSON.stringify(stored)).not.toContain('192.0.2.7')
    const context = { collection: 'audit', record: stored?._id ?? '', field: 'address' }
    expect(encryption.decrypt(stored?.address ?? '', context)).toBe('192.0.2.7')
  })

  test('each event is a separate record with its time', async () => {
    const audit = await make()
    for (const what of ['sign-in-failed', 'sign-in-failed', 'signed-in'] as const) {
      await audit.record({ what, accountId: 'b', address: '2001:db8::1' })
      turn(1)
    }
    const stored = await log().find({ accountId: 'b' }).sort({ at: 1 }).toArray()
    expect(stored.map((event) => 'what' in event && event.what)).toEqual([
      'sign-in-failed',
      'sign-in-failed',
      'signed-in',
    ])
  })

  test('the latest events of an account are returned, the newest first', async () => {
    const audit = await make()
    for (const what of ['registered', 'signed-in', 'signed-out'] as const) {
      await audit.record({ what, accountId: 'mine', clientId: 'c', address: '192.0.2.7' })
      await audit.record({ what, accountId: 'theirs', address: '192.0.2.8' })
      turn(1)
    }
    expect(await audit.latest('mine', 2)).toEqual([
      {
        what: 'signed-out',
        accountId: 'mine',
        clientId: 'c',
        address: '192.0.2.7',
        at: clock() - 1000,
      },
      {
        what: 'signed-in',
        accountId: 'mine',
        clientId: 'c',
        address: '192.0.2.7',
        at: clock() - 2000,
      },
    ])
    expect(await audit.latest('nobody', 2)).toEqual([])
  })

  test('the events of an erased account stay, without its id and with addresses shortened to the network', async () => {
    const audit = await make()
    const addresses = ['203.0.113.77', '2001:db8:1:2::/64', 'platform']
    for (const address of addresses)
      await audit.record({ what: 'signed-in', accountId: 'gone', address })
    await audit.record({ what: 'signed-in', accountId: 'here', address: '203.0.113.77' })
    const ids = (await log().find({ accountId: 'gone' }).toArray()).map(({ _id }) => _id)
    await audit.forget('gone')
    expect(await audit.latest('gone', 9)).toEqual([])
    const [first] = await log()
      .find({ _id: { $in: ids } })
      .toArray()
    const left = await audit.latest(first?.accountId ?? '', 9)
    expect(left.map(({ address }) => address).sort()).toEqual(
      ['203.0.113.0/24', '2001:db8:1::/48', 'platform'].sort(),
    )
    expect(await audit.latest('here', 9)).toMatchObject([{ address: '203.0.113.77' }])
    await audit.forget('gone')
  })

  test('an event without a recognised account is stored without an account id', async () => {
    const audit = await make()
    await audit.record({ what: 'sign-in-failed', address: '192.0.2.8' })
    const stored = await log().findOne({ accountId: { $exists: false } })
    expect(Object.keys(stored ?? {}).sort()).toEqual(['_id', 'address', 'at', 'expiresAt', 'what'])
  })

  test('a TTL index removes each record after the retention period', async () => {
    const audit = await make()
    await audit.record({ what: 'registered', accountId: 'c', address: '192.0.2.9' })
    const stored = await log().findOne({ accountId: 'c' })
    expect(stored?.expiresAt).toEqual(new Date(clock() + 365 * day * 1000))
    expect(await log().indexes()).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    )
  })

  test('an event that can not be stored rejects', async () => {
    const other = await testStores()
    const audit = await auditMongo({
      connection: other.mongodb,
      encryption,
      clock,
      policy: { keep: day },
    })
    await other.close()
    await expect(audit.record({ what: 'signed-in', address: '192.0.2.1' })).rejects.toThrow()
  })
})
