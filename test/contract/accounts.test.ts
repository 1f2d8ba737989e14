import { randomUUID } from 'node:crypto'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { accountCache } from '../../src/adapters/redis/account-cache.ts'
import { cachedAccounts } from '../../src/adapters/redis/cached-accounts.ts'
import type { NewIndividual, NewOrganisation } from '../../src/people/account.ts'
import type { NewCard } from '../../src/people/identity-proof.ts'
import type { Accounts } from '../../src/ports/accounts.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

type WithCard = Extract<NewIndividual, { card: NewCard }>

let serial = 0
/** An invented person who is not registered yet. */
function newPerson(different: Partial<WithCard> = {}): WithCard {
  serial += 1
  return {
    id: randomUUID(),
    kind: 'individual',
    username: `Li.Ming-${serial}`,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
    name: '𠮷田·阿卜杜拉',
    document: { type: 'passport', number: `E${10000000 + serial}` },
    gender: 'female',
    birthdate: '1990-01-31',
    phone: '+8613800000000',
    card: { bank: '建设银行', account: '6217001234560000007', provedAt: 2000, kind: 'debit' },
    registeredAt: 3000,
    consent: { wording: '我同意将银行账号仅用于核验身份', at: 1000 },
    ...different,
  }
}

/** An invented unit that is not registered yet. */
function newUnit(
  different: Partial<Extract<NewOrganisation, { card: NewCard }>> = {},
): NewOrganisation {
  const { gender: _, birthdate: __, ...handler } = newPerson()
  return {
    ...handler,
    kind: 'organisation',
    unit: {
      name: '深圳市样例科技有限公司',
      code: `91440300${String(serial).padStart(9, '0')}T`,
      legalRepresentative: '欧阳样例',
      legalRepresentativeIdNumber: '440524188001010014',
    },
    ...different,
  }
}

const newProof = {
  name: '阿依古丽·样例',
  phone: '+8613900000001',
  card: { bank: '招商银行', account: '6214830000000007', provedAt: 9000 },
  consent: { wording: '我同意将银行账号仅用于核验身份', at: 8000 },
} as const

/** The contract of every `Accounts`; each call of `make` stands for one more process on the same store. */
function accountsContract(make: () => Promise<Accounts>) {
  test('an account is found by id, username and document exactly as it was registered, with a masked card', async () => {
    const accounts = await make()
    const person = newPerson()
    expect(await accounts.create(person)).toBe('created')
    const { card, ...rest } = person
    const { account: _, ...cardWithoutAccount } = card
    const masked = expect.stringMatching(/^6217.*\*.*0007$/)
    const found = { ...rest, card: { ...cardWithoutAccount, masked }, version: 1 }
    expect(await accounts.findById(person.id)).toEqual(found)
    expect(await accounts.findByUsername(person.username)).toEqual(found)
    expect(await accounts.findByDocument(person.document)).toEqual(found)
    expect(JSON.stringify(await accounts.findById(person.id))).not.toContain(card.account)
  })

  test('a card registered without a kind is returned without a kind', async () => {
    const accounts = await make()
    const { kind: _, ...card } = newPerson().card
    const person = newPerson({ card })
    await accounts.create(person)
    expect((await accounts.findById(person.id))?.card).not.toHaveProperty('kind')
  })

  test('an unknown id, username or document finds nothing', async () => {
    const accounts = await make()
    expect(await accounts.findById(randomUUID())).toBeUndefined()
    expect(await accounts.findByUsername('nobody-here')).toBeUndefined()
    expect(await accounts.findByDocument({ type: 'passport', number: 'E99999999' })).toBeUndefined()
    expect(await accounts.usernameTaken('nobody-here')).toBe(false)
    expect(await accounts.documentTaken({ type: 'passport', number: 'E99999999' })).toBe(false)
  })

  test('a username is taken regardless of case', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const shouted = person.username.toUpperCase()
    expect(await accounts.usernameTaken(shouted)).toBe(true)
    expect((await accounts.findByUsername(shouted))?.id).toBe(person.id)
    expect(await accounts.create(newPerson({ username: shouted }))).toBe('username_taken')
  })

  test('a renewed permit counts as the same document', async () => {
    const accounts = await make()
    const first = { type: 'hk_macau_permit', number: 'H1234567801' } as const
    const renewed = { type: 'hk_macau_permit', number: 'H1234567802' } as const
    await accounts.create(newPerson({ document: first }))
    expect(await accounts.documentTaken(renewed)).toBe(true)
    expect(await accounts.create(newPerson({ document: renewed }))).toBe('document_taken')
  })

  test('the same number with another document type is another document', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const other = { type: 'hmt_residence_permit', number: person.document.number } as const
    expect(await accounts.documentTaken(other)).toBe(false)
    expect(await accounts.create(newPerson({ document: other }))).toBe('created')
  })

  test('a refused account leaves nothing behind', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const refused = newPerson({ document: person.document })
    expect(await accounts.create(refused)).toBe('document_taken')
    expect(await accounts.findById(refused.id)).toBeUndefined()
    expect(await accounts.usernameTaken(refused.username)).toBe(false)
  })

  test('creating the same account again succeeds without effect, also concurrently', async () => {
    const processes = await Promise.all(Array.from({ length: 10 }, make))
    const person = newPerson()
    const outcomes = await Promise.all(processes.map((accounts) => accounts.create(person)))
    expect(outcomes).toEqual(Array(10).fill('created'))
    expect(await processes[0]?.create(person)).toBe('created')
  })

  test('20 concurrent registrations of one username create one account', async () => {
    const username = `wanted-${randomUUID().slice(0, 8)}`
    const processes = await Promise.all(Array.from({ length: 20 }, make))
    const people = processes.map(() => newPerson({ username }))
    const outcomes = await Promise.all(
      processes.map((accounts, n) => accounts.create(people[n] ?? newPerson())),
    )
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'username_taken')).toHaveLength(19)
    const winner = people[outcomes.indexOf('created')]
    expect((await processes[0]?.findByUsername(username))?.id).toBe(winner?.id)
  })

  test('20 concurrent registrations of one document create one account', async () => {
    const { document } = newPerson()
    const processes = await Promise.all(Array.from({ length: 20 }, make))
    const outcomes = await Promise.all(
      processes.map((accounts) => accounts.create(newPerson({ document }))),
    )
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'document_taken')).toHaveLength(19)
  })

  test('a unit is found by its code, and the document of its handler stays available', async () => {
    const accounts = await make()
    const unit = newUnit()
    expect(await accounts.create(unit)).toBe('created')
    const { code } = unit.unit
    const found = await accounts.findByDocument({ type: 'uscc', number: code })
    expect(found).toMatchObject({ id: unit.id, kind: 'organisation', unit: unit.unit })
    expect(found).not.toHaveProperty('confirmedAt')
    expect(await accounts.documentTaken(unit.document)).toBe(false)
    expect(await accounts.create(newUnit({ document: unit.document }))).toBe('created')
    expect(await accounts.create(newUnit({ unit: unit.unit }))).toBe('document_taken')
  })

  test('a change leaves the fields that it does not name as they are', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const before = await accounts.findById(person.id)
    const questions = [{ question: 'school', answerHash: '$argon2id$1' }]
    const first = { id: person.id, version: 1 }
    expect(await accounts.change(first, { questions }, 'request 1')).toBe('changed')
    expect(await accounts.findById(person.id)).toEqual({
      ...before,
      questions,
      version: 2,
      changedBy: 'request 1',
    })
    const second = { id: person.id, version: 2 }
    expect(await accounts.change(second, { passwordHash: 'other' }, 'request 2')).toBe('changed')
    const after = {
      ...before,
      questions,
      passwordHash: 'other',
      version: 3,
      changedBy: 'request 2',
    }
    expect(await accounts.findById(person.id)).toEqual(after)
  })

  test('a new bank proof replaces name, phone and card together and leaves nothing of the old ones', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    await accounts.change({ id: person.id, version: 1 }, { proof: newProof }, 'request')
    const { name, phone, card, document, kind } = (await accounts.findById(person.id)) ?? {}
    const masked = expect.stringMatching(/^6214.*\*.*0007$/)
    expect({ name, phone, card, document, kind }).toEqual({
      name: newProof.name,
      phone: newProof.phone,
      card: { bank: '招商银行', masked, provedAt: 9000 },
      document: person.document,
      kind: 'individual',
    })
  })

  test('a unit can change its handler and be confirmed', async () => {
    const accounts = await make()
    const unit = newUnit()
    await accounts.create(unit)
    const document = { type: 'resident_id', number: '440524188001010014' } as const
    const change = { proof: { ...newProof, document }, confirmedAt: 9000 }
    await accounts.change({ id: unit.id, version: 1 }, change, 'request')
    const found = await accounts.findById(unit.id)
    expect(found).toMatchObject({ unit: unit.unit, document, name: newProof.name })
    expect(found).toHaveProperty('confirmedAt', 9000)
  })

  test('a unit can be updated to its present registry entry and keeps its code', async () => {
    const accounts = await make()
    const { id, unit } = newUnit()
    await accounts.create(newUnit({ id, unit }))
    const now = { ...unit, name: '深圳市改名样例有限公司', legalRepresentative: '上官样例' }
    await accounts.change({ id, version: 1 }, { unit: now }, 'request')
    expect(await accounts.findByDocument({ type: 'uscc', number: unit.code })).toMatchObject({
      id,
      unit: now,
    })
  })

  test('removed security questions leave nothing behind', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const questions = [{ question: 'school', answerHash: '$argon2id$1' }]
    await accounts.change({ id: person.id, version: 1 }, { questions }, 'set')
    await accounts.change({ id: person.id, version: 2 }, { questions: null }, 'forget')
    expect(await accounts.findById(person.id)).not.toHaveProperty('questions')
  })

  test('a change based on an older version is refused, so that the first change stays', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const known = { id: person.id, version: 1 }
    expect(await accounts.change(known, { passwordHash: 'one' }, 'request 1')).toBe('changed')
    expect(await accounts.change(known, { passwordHash: 'two' }, 'request 2')).toBe('stale')
    expect(await accounts.findById(person.id)).toMatchObject({ passwordHash: 'one', version: 2 })
    expect(await accounts.change({ id: randomUUID(), version: 1 }, {}, 'request')).toBe('stale')
  })

  test('one of 20 concurrent changes is made, and repeating it has no further effect', async () => {
    const processes = await Promise.all(Array.from({ length: 20 }, make))
    const person = newPerson()
    await processes[0]?.create(person)
    const known = { id: person.id, version: 1 }
    const outcomes = await Promise.all(
      processes.map((accounts, n) =>
        accounts.change(known, { passwordHash: `${n}` }, `request ${n}`),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1)
    const winner = outcomes.indexOf('changed')
    const winningRequest = `request ${winner}`
    // After a crash, the same request decides on the version that it reads now.
    for (const version of [1, 2]) {
      const again = processes[0]?.change(
        { id: person.id, version },
        { passwordHash: 'x' },
        winningRequest,
      )
      expect(await again).toBe('changed')
    }
    const after = { passwordHash: `${winner}`, version: 2, changedBy: winningRequest }
    expect(await processes[0]?.findById(person.id)).toMatchObject(after)
  })

  test('an account is erased only while its closing is pending', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    await accounts.change({ id: person.id, version: 1 }, { closingSince: 5000 }, 'close')
    expect(await accounts.findById(person.id)).toHaveProperty('closingSince', 5000)
    expect(await accounts.erase(person.id, 4000)).toBe(false)
    await accounts.change({ id: person.id, version: 2 }, { closingSince: null }, 'back')
    expect(await accounts.findById(person.id)).not.toHaveProperty('closingSince')
    expect(await accounts.erase(person.id, 5000)).toBe(false)
    await accounts.change({ id: person.id, version: 3 }, { closingSince: 6000 }, 'close again')
    expect(await accounts.erase(person.id, 6000)).toBe(true)
    expect(await accounts.findById(person.id)).toBeUndefined()
    expect(await accounts.create(newPerson({ document: person.document }))).toBe('created')
  })
}

let stores: TestStores
const encryption = testEncryption()
beforeAll(async () => {
  stores = await testStores()
})
afterAll(() => stores.close())

const make = () =>
  accountsMongo({
    ...{ connection: stores.mongodb, encryption, clock: Date.now },
    insertTasks: async (tasks, session) => {
      await stores.mongodb.collection('queue').insertMany([...tasks], { session })
    },
    useCounterProof: async (id) => id !== 'used',
  })

describe('accounts in the cache', () => {
  accountsContract(async () =>
    cachedAccounts(await make(), accountCache({ ...stores, encryption })),
  )
})

describe('accounts in MongoDB', () => {
  accountsContract(make)

  const stored = (id: string) =>
    stores.mongodb.collection<{ _id: string; sealed: Record<string, string> }>('accounts').findOne({
      _id: id,
    })

  test('no personal data is stored in clear text', async () => {
    const accounts = await make()
    const person = newPerson()
    await accounts.create(person)
    const record = JSON.stringify(await stored(person.id)).toLowerCase()
    const { username, passwordHash, name, document, gender, birthdate, phone, card } = person
    const personalData = [
      username,
      passwordHash,
      name,
      document.number,
      document.type,
      gender,
      birthdate,
    ].filter((value) => value !== undefined)
    for (const value of [
      ...personalData,
      phone,
      phone.slice(3),
      card.account,
      card.bank,
      card.kind ?? '',
    ])
      expect(record).not.toContain(value.toLowerCase())
    expect(record).not.toContain(card.account.slice(0, 8))
    expect(record).not.toContain('"debit"')
  })

  test('phones and password hashes that somebody swaps in the database can not be decrypted', async () => {
    const accounts = await make()
    const [one, other] = [newPerson(), newPerson({ phone: '+8613900000000' })]
    await accounts.create(one)
    await accounts.create(other)
    for (const field of ['phone', 'passwordHash']) {
      const taken = (await stored(other.id))?.sealed[field]
      const own = (await stored(one.id))?.sealed[field]
      const put = (value: unknown) =>
        stores.mongodb
          .collection<{ _id: string }>('accounts')
          .updateOne({ _id: one.id }, { $set: { [`sealed.${field}`]: value } })
      await put(taken)
      await expect(accounts.findById(one.id)).rejects.toThrow()
      await put(own)
      expect(await accounts.findById(one.id)).toBeDefined()
    }
  })
})
