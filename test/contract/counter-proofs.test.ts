import { randomUUID } from 'node:crypto'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { counterProofsMongo } from '../../src/adapters/operators/counter-proofs-mongo.ts'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import type { NewIndividual } from '../../src/people/account.ts'
import type { CounterProofHolder, RightCode } from '../../src/ports/counter-proofs.ts'
import { testClock } from '../support/clock.ts'
import { digits } from '../support/people.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const { clock, turn } = testClock()
const hour = 3600
let stores: TestStores
let proofs: Awaited<ReturnType<typeof counterProofsMongo>>
let accounts: Awaited<ReturnType<typeof accountsMongo>>
beforeAll(async () => {
  stores = await testStores()
  const inMongo = { connection: stores.mongodb, encryption: testEncryption(), clock }
  const { tasks, counterProofs: policy } = policyOf()
  const { insertTasks } = await tasksMongo({ ...inMongo, policy: tasks })
  proofs = await counterProofsMongo({ ...inMongo, policy, insertTasks })
  accounts = await accountsMongo({ ...inMongo, insertTasks, useCounterProof: proofs.use })
})
afterAll(() => stores.close())

const someone = (): CounterProofHolder => ({
  name: '阿依古丽·买买提',
  document: { type: 'passport', number: `E${digits(8)}`, country: 'BRA' },
  phone: `+8613${digits(9)}`,
})

/** Issues a code and returns it. */
async function issued(holder: CounterProofHolder, account?: string, id: string = randomUUID()) {
  let sent = ''
  await proofs.issue(id, holder, account, (code) => {
    sent = code
    const { phone } = holder
    return [{ kind: 'sms', phone, template: 'counter-proof', params: { code }, locale: 'zh-CN' }]
  })
  return sent
}

const wrongFor = (code: string) => (code === '99999999' ? '88888888' : '99999999')
const isRight = (answer: RightCode | 'wrong') => answer !== 'wrong'

const accountFor = (
  { name, document, phone }: CounterProofHolder,
  counter: { readonly id: string; readonly provedAt: number },
): NewIndividual => ({
  ...{ id: randomUUID(), kind: 'individual', username: `user${digits(12)}`, passwordHash: 'hash' },
  ...{ name, document, phone, counter, gender: 'female', birthdate: '1990-01-31' },
  registeredAt: clock(),
})

test('a code is eight of the digits of the captcha, and good for its name, document and phone only', async () => {
  const holder = someone()
  const code = await issued(holder)
  expect(code).toMatch(/^[02-9]{8}$/)
  const found = await proofs.check({ ...holder, name: '阿依古丽•买买提' }, code)
  expect(found).toEqual({ id: expect.any(String), provedAt: clock(), goodFrom: clock() })
  for (const other of [
    { ...holder, name: '阿依努尔·买买提' },
    { ...holder, phone: `+8613${digits(9)}` },
    { ...holder, document: { ...holder.document, number: `E${digits(8)}` } },
  ])
    expect(await proofs.check(other, code)).toBe('wrong')
})

test('five wrong codes void it, even of 40 at the same time', async () => {
  const holder = someone()
  const code = await issued(holder)
  for (let tries = 0; tries < 4; tries += 1)
    expect(await proofs.check(holder, wrongFor(code))).toBe('wrong')
  expect(isRight(await proofs.check(holder, code))).toBe(true)
  expect(await proofs.check(holder, wrongFor(code))).toBe('wrong')
  expect(await proofs.check(holder, code)).toBe('wrong')

  const attacked = someone()
  const hidden = await issued(attacked)
  await Promise.all(Array.from({ length: 40 }, () => proofs.check(attacked, wrongFor(hidden))))
  const record = await stores.mongodb.collection('counter_proofs').findOne({ wrong: { $gt: 5 } })
  expect(record).toBeNull()
  expect(await proofs.check(attacked, hidden)).toBe('wrong')
})

test('a code is good for 72 hours, for the owner of an account from 24 hours later on', async () => {
  const [unknown, known] = [someone(), someone()]
  const [first, second] = [await issued(unknown), await issued(known, 'an-account')]
  expect(await proofs.check(known, second)).toMatchObject({
    account: 'an-account',
    goodFrom: clock() + 24 * hour * 1000,
  })
  turn(72 * hour - 1)
  expect(isRight(await proofs.check(unknown, first))).toBe(true)
  turn(1)
  expect(await proofs.check(unknown, first)).toBe('wrong')
  turn(24 * hour - 1)
  expect(isRight(await proofs.check(known, second))).toBe(true)
  turn(1)
  expect(await proofs.check(known, second)).toBe('wrong')
})

test('a second approval voids the first code, and a repetition of the same one issues none', async () => {
  const holder = someone()
  const id = randomUUID()
  const first = await issued(holder, undefined, id)
  expect(await issued(holder, undefined, id)).toBe('')
  expect(isRight(await proofs.check(holder, first))).toBe(true)
  const second = await issued(holder)
  expect(isRight(await proofs.check(holder, second))).toBe(true)
  expect(first === second || (await proofs.check(holder, first)) === 'wrong').toBe(true)
})

test('of ten concurrent registrations with one code, one gets it', async () => {
  const holder = someone()
  const code = await issued(holder)
  const found = await proofs.check(holder, code)
  if (found === 'wrong') throw new Error('the code is right')
  const all = Array.from({ length: 10 }, () =>
    // Different documents, so that no unique index of the accounts decides.
    accountFor({ ...holder, document: someone().document }, found),
  )
  const outcomes = await Promise.all(all.map((account) => accounts.create(account)))
  expect(outcomes.toSorted()).toEqual(['created', ...Array(9).fill('proof_used')])
  const stored = await Promise.all(all.map(({ id }) => accounts.findById(id)))
  expect(stored.filter(Boolean)).toHaveLength(1)
  expect(await proofs.check(holder, code)).toBe('wrong')
  const winner = all[outcomes.indexOf('created')]
  // A repetition of the last step finds its own account.
  expect(winner && (await accounts.create(winner))).toBe('created')
})

test('a registration that is refused does not use the code up; a change uses it with the account', async () => {
  const holder = someone()
  const code = await issued(holder)
  const found = await proofs.check(holder, code)
  if (found === 'wrong') throw new Error('the code is right')
  const bank = { bank: '招商银行', account: `6214${digits(12)}`, provedAt: clock() } as const
  const { counter: _, ...registered } = accountFor(holder, found)
  const consent = { wording: '我同意', at: clock() }
  expect(await accounts.create({ ...registered, card: bank, consent })).toBe('created')
  expect(await accounts.create(accountFor(holder, found))).toBe('document_taken')
  expect(isRight(await proofs.check(holder, code))).toBe(true)

  const stale = { proof: { name: holder.name, phone: holder.phone, counter: found } }
  expect(await accounts.change({ id: registered.id, version: 7 }, stale, 'a')).toBe('stale')
  const changes = ['a', 'b', 'c'].map((by) =>
    accounts.change({ id: registered.id, version: 1 }, stale, by),
  )
  expect((await Promise.all(changes)).filter((outcome) => outcome === 'changed')).toHaveLength(1)
  const account = await accounts.findById(registered.id)
  expect(account).toMatchObject({ counter: { provedAt: found.provedAt }, version: 2 })
  expect([account?.card, account?.consent]).toEqual([undefined, undefined])
  const again = accounts.change({ id: registered.id, version: 2 }, stale, 'd')
  expect(await again).toBe('proof_used')
  expect((await accounts.findById(registered.id))?.version).toBe(2)

  const proof = { name: holder.name, phone: holder.phone, card: bank, consent }
  await accounts.change({ id: registered.id, version: 2 }, { proof }, 'e')
  const proved = await accounts.findById(registered.id)
  expect(proved).toMatchObject({ card: { bank: '招商银行' }, consent, version: 3 })
  expect(proved?.counter).toBeUndefined()
})

test('neither name, document, phone nor code is stored in clear text', async () => {
  const holder = someone()
  const id = randomUUID()
  const code = await issued(holder, undefined, id)
  const record = JSON.stringify(
    await stores.mongodb.collection<{ _id: string }>('counter_proofs').findOne({ _id: id }),
  )
  for (const word of [holder.name, holder.document.number, holder.phone.slice(3), code])
    expect(record).not.toContain(word)
})
