import fc from 'fast-check'
import type { AuditOutlet, ForwardedHead } from '../../src/ports/audit-outlet.ts'
import { testAudit, verified } from '../support/audit.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

type Stored = {
  readonly _id: string
  readonly at: Date
  readonly expiresAt?: Date
  readonly chain?: Readonly<Record<string, string>>
}
type StoredHead = { readonly _id: number; readonly day: string; readonly process: string }

const { clock, turn } = testClock()
const encryption = testEncryption()
const outside: ForwardedHead[] = []
const outlet: AuditOutlet = {
  events() {},
  head: (head) => outside.push(head),
  async close() {},
}
let stores: TestStores
const make = () => testAudit(stores, { encryption, clock, outlets: [outlet] })
type Audit = Awaited<ReturnType<typeof make>>
let auditor: Audit
const events = () => stores.mongodb.collection<Stored>('audit')
const heads = () => stores.mongodb.collection<StoredHead>('audit_heads')

/** Two weeks of two processes that are started anew in between, with a head each day. */
beforeAll(async () => {
  stores = await testStores()
  const before = { what: 'signed-in', address: 'sealed before', at: new Date(clock()) }
  const expiresAt = new Date(clock() + 1e9)
  const _id = '3c1f2e7a-94a0-4b6e-8f55-0c9d2b1e7a10'
  await events().insertOne({ ...before, _id, expiresAt })
  for (let week = 0; week < 2; week += 1) {
    const processes = await Promise.all([make(), make()])
    for (let day = 0; day < 7; day += 1) {
      for (let number = 0; number < 3; number += 1) {
        for (const [index, audit] of processes.entries())
          await audit.record({
            ...{ what: 'signed-in', accountId: `a${number}`, clientId: 'c', flow: 'f' },
            ...{ address: '203.0.113.7', detail: 'd', operator: `o${index}`, target: 't' },
            ...{ reason: '张三来电', reasonKind: 'call' },
          })
        turn(60)
        if (number === 2) for (const audit of processes) await audit.cover()
      }
      turn(24 * 3600 - 180)
    }
  }
  auditor = await make()
  await auditor.forget('a1')
})
afterAll(() => stores.close())

const eventCount = 2 * 7 * 2 * 3
const outsideCount = 2 * 7 * 2

test('two weeks of the platform alone verify, with and without heads from outside', async () => {
  expect(outside).toHaveLength(outsideCount)
  const intact = {
    events: eventCount,
    heads: outside.length,
    faults: [],
    uncovered: [],
    beforeChain: 1,
  }
  expect(await verified(auditor)).toMatchObject(intact)
  expect(
    await verified(
      auditor,
      outside.map(({ jws }) => jws),
    ),
  ).toMatchObject(intact)
})

/** Changes the stores, verifies, and restores what was changed. */
async function after(
  change: (all: readonly Stored[], allHeads: readonly StoredHead[]) => Promise<unknown>,
  outsideHeads: readonly string[] = [],
): Promise<readonly string[]> {
  const all = await events().find().sort({ _id: 1 }).toArray()
  const allHeads = await heads().find().sort({ _id: 1 }).toArray()
  await change(all, allHeads)
  const { faults } = await verified(auditor, outsideHeads)
  await events().deleteMany({})
  await heads().deleteMany({})
  await events().insertMany(all as Stored[])
  await heads().insertMany(allHeads as StoredHead[])
  return faults
}

const chained = (all: readonly Stored[]) => all.filter(({ chain }) => chain)
const place = fc.nat(eventCount - 1)
const runs = { numRuns: 15 }
const words = [
  ...['what', 'accountId', 'clientId', 'flow', 'detail', 'operator', 'target', 'reasonKind'],
  ...['address', 'reason', 'chain.previous', 'chain.commitment', 'chain.hash', 'chain.salt'],
  ...['chain.erased', 'chain', 'at'],
]

test('one changed field of one event is found, and the event named', async () => {
  const change = fc.constantFrom<'other' | 'removed' | 'of another event' | 'of another type'>(
    ...(['other', 'removed', 'of another event', 'of another type'] as const),
  )
  await fc.assert(
    fc.asyncProperty(place, fc.constantFrom(...words), change, async (at, field, how) => {
      let changed: Stored | undefined
      const faults = await after(async (all) => {
        changed = chained(all)[at]
        const other = chained(all)[(at + 7) % eventCount]
        const value = {
          other: field === 'at' ? new Date((changed?.at.getTime() ?? 0) + 1) : 'x',
          removed: undefined,
          'of another event': field.split('.').reduce<unknown>(valueIn, other),
          'of another type': { $gt: 1 },
        }[how]
        const update =
          value === undefined ? { $unset: { [field]: 1 as const } } : { $set: { [field]: value } }
        const { modifiedCount } = await events().updateOne({ _id: changed?._id ?? '' }, update)
        if (modifiedCount === 0) changed = undefined
      })
      if (changed) expect(faults.join('\n')).toContain(`event ${changed._id}:`)
      else expect(faults).toEqual([])
    }),
    runs,
  )
}, 300_000)

const valueIn = (from: unknown, name: string): unknown =>
  (from as Readonly<Record<string, unknown>> | undefined)?.[name]

test('one removed event is found, and its number and chain named', async () => {
  await fc.assert(
    fc.asyncProperty(place, async (at) => {
      let [chain, number] = ['', 0]
      const faults = await after(async (all) => {
        const { _id = '' } = chained(all)[at] ?? {}
        const [day, process, digits] = _id.split('.')
        ;[chain, number] = [`${day}.${process}`, Number(digits)]
        await events().deleteOne({ _id })
      })
      expect(faults).toEqual([
        expect.stringMatching(new RegExp(`^removed: chain ${chain}: event ${number} is missing`)),
      ])
    }),
    runs,
  )
}, 300_000)

test('one inserted event is found, wherever it stands', async () => {
  const id = fc.constantFrom<(like: string) => string>(
    (like) => like.replace(/\d{9}$/, '000000900'),
    (like) => `${like}x`,
    (like) => like.replace(/\.[\da-f]{16}\./, '.0123456789abcdef.'),
    () => '2026-01-01.0123456789abcdef.000000001',
    () => '8a7e1d54-60d1-4f0e-b6e1-93c7f0a5d2c4',
    () => 'x',
  )
  await fc.assert(
    fc.asyncProperty(place, id, fc.boolean(), async (at, idLike, isCopy) => {
      let inserted = ''
      const faults = await after(async (all) => {
        const [like] = chained(all).slice(at)
        inserted = idLike(like?._id ?? '')
        const { chain, ...bare } = like ?? {}
        const copy = { ...bare, _id: inserted, at: new Date(clock()), ...(isCopy && { chain }) }
        await events().insertOne({ ...copy, expiresAt: new Date(clock()) } as Stored)
      })
      expect(faults.join('\n')).toContain(`event ${inserted}:`)
    }),
    runs,
  )
}, 300_000)

test('a tail that was cut from events and heads is found with the last head from outside', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: outsideCount - 2 }), async (kept) => {
      const last = outside.at(-1)
      const faults = await after(
        async (all, allHeads) => {
          const end = outside[kept - 1]?.at ?? 0
          await heads().deleteMany({ _id: { $gt: kept } })
          await events().deleteMany({ at: { $gte: new Date(end) } })
          expect([all.length, allHeads.length]).toEqual([eventCount + 1, outside.length])
        },
        [last?.jws ?? ''],
      )
      const cut = faults.join('\n')
      expect(cut).toContain(`removed: head ${last?.number}: is missing`)
      expect(cut).toContain(`chain ${last?.day}.${last?.process}: event`)
    }),
    runs,
  )
}, 300_000)

test.each([
  ['was removed', async ({ _id }: StoredHead) => heads().deleteOne({ _id }), 'removed: head 7: is'],
  [
    'has other facts than it was signed with',
    async ({ _id }: StoredHead) => heads().updateOne({ _id }, { $set: { count: 1 } }),
    'changed: head 7: is not',
  ],
  [
    'is another signed head',
    async ({ _id }: StoredHead) =>
      heads().updateOne({ _id }, { $set: { jws: outside[7]?.jws ?? '' } }),
    'changed: head 7: is not',
  ],
])('a head that %s is found', async (_, change, fault) => {
  const faults = await after(async (_all, allHeads) => {
    const [seventh] = allHeads.slice(6)
    if (seventh) await change(seventh)
  })
  expect(faults.join('\n')).toContain(fault)
})

test('a head by the keys of another platform is none of ours', async () => {
  const foreign = await testStores()
  const other = await testAudit(foreign, { encryption, clock })
  await foreign.close()
  expect(other.publicKeys()).not.toEqual(auditor.publicKeys())
  const { jws } = outside.at(-1) ?? { jws: '' }
  const forged = jws.replace(
    /\.([^.]*)$/,
    (_, signature) => `.${[...signature].reverse().join('')}`,
  )
  expect((await verified(auditor, [forged])).faults).toEqual([
    `changed: a head of the file is not signed by this platform's keys`,
  ])
})
