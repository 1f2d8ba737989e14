import { randomUUID } from 'node:crypto'
import { policy } from '../../config/policy.ts'
import { actsMongo } from '../../src/adapters/mongo/idempotent-requests-mongo.ts'
import type { Acts, BegunAct } from '../../src/ports/idempotent-requests.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const { keep, lease } = policy().terminals
const answer = { status: 200, body: { changedAt: '2026-11-26T08:00:00.000Z' } }

const wanted = (more: object = {}) => ({
  ...{ caller: 'terminal-1', key: randomUUID(), content: '{"newPhone":"+8613800000000"}' },
  ...{ ticket: randomUUID(), fresh: true },
  ...more,
})

function mine(begun: BegunAct) {
  if (typeof begun === 'string' || 'answered' in begun) throw new Error(JSON.stringify(begun))
  return begun
}

/** What every `Acts` keeps; `make` gives another process each time, on the same store. */
function actsContract(make: () => Promise<Acts>, turn: (seconds: number) => void) {
  test('of twenty at once one does it, and all that come later have its answer', async () => {
    const asked = wanted()
    const processes = [await make(), await make()]
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, n) => processes[n % 2]?.begin(asked)),
    )
    const [act, ...none] = begun.filter((each) => each !== 'under_way')
    expect(none).toEqual([])
    if (!act) throw new Error('nobody does it')
    await mine(act).finish(answer)
    expect(await (await make()).begin(asked)).toEqual({ answered: answer })
    expect(await (await make()).begin({ ...asked, fresh: false })).toEqual({ answered: answer })
  })

  test('whoever dies leaves it to another after a while, under the same name', async () => {
    const asked = wanted()
    const { by } = mine(await (await make()).begin(asked))
    turn(lease - 1)
    expect(await (await make()).begin(asked)).toBe('under_way')
    turn(1)
    const next = mine(await (await make()).begin(asked))
    expect(next.by).toBe(by)
    await next.finish(answer)
    expect(await (await make()).begin(asked)).toEqual({ answered: answer })
  })

  test('what was given up may be begun at once', async () => {
    const asked = wanted()
    const first = mine(await (await make()).begin(asked))
    await first.giveUp()
    const next = mine(await (await make()).begin(asked))
    expect(next.by).toBe(first.by)
    // Too late: it is another's by now.
    await first.giveUp()
    expect(await (await make()).begin(asked)).toBe('under_way')
  })

  test('the first answer stands', async () => {
    const asked = wanted()
    const slow = mine(await (await make()).begin(asked))
    turn(lease)
    const quick = mine(await (await make()).begin(asked))
    await quick.finish(answer)
    await slow.finish({ status: 404, body: {} })
    expect(await (await make()).begin(asked)).toEqual({ answered: answer })
  })

  test('a key is for one content, of one caller', async () => {
    const acts = await make()
    const asked = wanted()
    await mine(await acts.begin(asked)).finish(answer)
    const other = { content: '{}', ticket: randomUUID() }
    expect(await acts.begin({ ...asked, ...other })).toBe('other_content')
    mine(await acts.begin({ ...asked, ...other, caller: 'terminal-2' }))
  })

  test('a ticket is for one key, though two come at once; of another caller it is another', async () => {
    const acts = await make()
    const ticket = randomUUID()
    const both = [wanted({ ticket }), wanted({ ticket })] as const
    const begun = await Promise.all(both.map((each) => acts.begin(each)))
    expect(begun.filter((each) => each === 'used_ticket')).toHaveLength(1)
    const known = wanted()
    mine(await acts.begin(known))
    expect(await acts.begin({ ...known, ticket })).toBe('used_ticket')
    mine(await acts.begin(wanted({ ticket, caller: 'terminal-2' })))
  })

  test('a late ticket is good for what it was shown for, and begins nothing', async () => {
    const acts = await make()
    const asked = wanted()
    expect(await acts.begin({ ...asked, fresh: false })).toBe('late_ticket')
    await mine(await acts.begin(asked)).giveUp()
    mine(await acts.begin({ ...asked, fresh: false }))
    const another = { ...asked, ticket: randomUUID() }
    expect(await acts.begin({ ...another, fresh: false })).toBe('late_ticket')
    expect(await acts.begin(another)).toBe('under_way')
  })
}

describe('acts in MongoDB', () => {
  let stores: TestStores
  const { clock, turn } = testClock()
  const sealing = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = () =>
    actsMongo({ connection: stores.mongodb, sealing, clock, policy: policy().terminals })
  actsContract(make, turn)

  test('nothing is stored in clear, and MongoDB removes it in time', async () => {
    const asked = wanted({ key: 'the key of an act', ticket: 'the ticket of an act' })
    await mine(await (await make()).begin(asked)).finish(answer)
    const records = await stores.mongodb.collection('acts').find().toArray()
    const dump = JSON.stringify(records)
    for (const word of ['the key', 'the ticket', 'newPhone', 'terminal-1', 'changedAt'])
      expect(dump).not.toContain(word)
    const [index] = (await stores.mongodb.collection('acts').indexes()).filter(
      ({ expireAfterSeconds }) => expireAfterSeconds === 0,
    )
    expect(index?.['key']).toEqual({ expiresAt: 1 })
    expect(records.at(-1)?.['expiresAt'].getTime()).toBe(clock() + keep * 1000)
  })
})
