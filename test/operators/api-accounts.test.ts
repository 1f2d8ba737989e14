import { randomUUID } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import { signedInAt } from '../support/account-pages.ts'
import { adminApi, fieldsOf, problemOf } from '../support/admin-api.ts'
import { lookUp, operatorsOf } from '../support/console.ts'
import { enrol, enrolled } from '../support/enrolled.ts'
import { documentTyped, samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let api: Awaited<ReturnType<typeof adminApi>>
let desk: Awaited<ReturnType<typeof operatorsOf>>
beforeAll(async () => {
  // Two processes answer alternately.
  platform = await testPlatform({ processes: 2 })
  api = await adminApi(platform)
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

const reason = '投诉编号 20261130'
const eventsOf = (filter: object) =>
  platform.stores.mongodb.collection('audit').find(filter).sort({ at: 1, _id: 1 }).toArray()
const search = (way: object) => ({ reasonKind: 'complaint', reason, ...way })

test('the OpenAPI document is public, valid and names its own server', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(api.document))
  expect([valid, errors]).toEqual([true, undefined])
  expect(api.document.servers).toEqual([{ url: `${platform.adminUrl}/api/admin/v1` }])
})

test('each kind of look-up finds the account masked, is an event of the client, and stands in the citizen’s records', async () => {
  const person = samplePerson()
  const id = await enrol(platform, person)
  const machine = await api.newClient(['admin:accounts:read'])
  const { idType } = documentTyped(person)
  const ways = [
    { by: 'username', value: person.username.toUpperCase() },
    { by: 'document', idType: 'resident_id', value: ` ${person.idNumber.toLowerCase()}` },
    { by: 'phone', value: `+86 ${person.phone}` },
    { by: 'account', value: id },
  ]
  expect(idType).toBeDefined()
  for (const way of ways) {
    const { status, body } = await machine.call('POST', '/accounts/search', search(way))
    expect([way.by, status]).toEqual([way.by, 200])
    expect(body['accounts']).toEqual([
      {
        ...{ id, username: person.username, name: `${[...person.name][0]}**`, state: 'normal' },
        ...{
          document: expect.stringContaining('*'),
          card: expect.stringMatching(/^招商银行 .*\*/),
        },
        phone: expect.stringMatching(new RegExp(`^${person.phone.slice(0, 3)}\\*{4}`)),
        registeredAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ])
    const text = JSON.stringify(body)
    for (const word of [person.name, person.idNumber, person.phone, person.account, reason])
      expect(text).not.toContain(word)
  }
  const looks = await eventsOf({ accountId: id, what: 'account-looked-up' })
  expect(looks.map(({ detail, operator, reasonKind }) => [detail, operator, reasonKind])).toEqual(
    ways.map(({ by }) => [by, machine.id, 'complaint']),
  )
  const { page } = await signedInAt(platform, person, '/account/records')
  expect(page.text.split('工作人员查询了您的账户信息')).toHaveLength(ways.length + 1)
  for (const word of [machine.id, reason]) expect(page.html).not.toContain(word)
  const nobody = await machine.call(
    'POST',
    '/accounts/search',
    search({ by: 'case', value: 'AAAA-2222' }),
  )
  expect(nobody.body).toEqual({ accounts: [] })
})

test('all errors of a look-up stand in one problem, no value does, and nothing is counted', async () => {
  const machine = await api.newClient(['admin:accounts:read'])
  const number = '110105194912310021'
  const wrong = [
    [{ by: 'username', value: '' }, ['value']],
    [{ by: 'phone', value: '12' }, ['value']],
    [{ by: 'document', idType: 'resident_id', value: number }, ['value']],
    [{ by: 'document', idType: 'none', value: '1' }, ['idType']],
    [{ by: 'document', value: '1' }, ['idType']],
    [
      { by: 'x', value: 'some.name', reason: ' ', reasonKind: 'y', more: 1 },
      ['by', 'more', 'reason', 'reasonKind'],
    ],
    [{ by: 'username', value: 'some.name', reason: undefined }, ['reason']],
    [{ by: 'username', value: 'some.name', reason: '长'.repeat(201) }, ['reason']],
  ] as const
  for (const [body, fields] of wrong) {
    const answer = await machine.call('POST', '/accounts/search', search(body))
    expect([body, problemOf(answer), fieldsOf(answer)]).toEqual([
      body,
      '422 invalid-values',
      fields,
    ])
    expect(JSON.stringify(answer.body)).not.toContain(number)
  }
  const english = await machine.call(
    'POST',
    '/accounts/search',
    { value: 'a' },
    { 'accept-language': 'en' },
  )
  expect(english.body['errors']).toContainEqual({ field: 'reason', message: 'is missing' })
  expect(await eventsOf({ operator: machine.id })).toEqual([])
})

test('the 31st look-up of a client in an hour is refused with Retry-After and a 提醒, and others go on', async () => {
  const [machine, other] = [await api.newClient(), await api.newClient()]
  const nobody = search({ by: 'username', value: 'nobody.of.this.name' })
  const attempts = Array.from({ length: 32 }, () =>
    machine.call('POST', '/accounts/search', nobody),
  )
  const answers = await Promise.all(attempts)
  const over = answers.filter(({ status }) => status !== 200)
  expect(over.map(problemOf)).toEqual(['429 over-limit', '429 over-limit'])
  for (const { headers } of over) expect(Number(headers.get('retry-after'))).toBeGreaterThan(3000)
  expect((await other.call('POST', '/accounts/search', nobody)).status).toBe(200)
  const home = await (await desk.signedIn(await desk.newOperator('security'))).get('/')
  expect(home.$('.entries').text().split(machine.id)).toHaveLength(2)
})

test('the actions change the account, are events of the client, and the console sees them', async () => {
  const person = await enrolled(platform)
  const id = (await platform.accounts.findByUsername(person.username))?.id ?? ''
  const machine = await api.newClient()
  const stateNow = async () => {
    const found = await machine.call(
      'POST',
      '/accounts/search',
      search({ by: 'account', value: id }),
    )
    return (found.body['accounts'] as { state: string }[])[0]?.state
  }
  const act = (action: string, account = id) =>
    machine.call('POST', `/accounts/${account}/${action}`, { reason })
  expect((await act('freeze')).status).toBe(204)
  expect([await stateNow(), (await act('freeze')).status]).toEqual(['frozen', 204])
  const console = await desk.signedIn(await desk.newOperator('security'))
  expect((await lookUp(console, { by: 'account', value: id })).$('.results').text()).toContain(
    '已冻结',
  )
  for (const action of ['unfreeze', 'unlock', 'end-sessions'])
    expect([action, (await act(action)).status]).toEqual([action, 204])
  expect(await stateNow()).toBe('normal')
  const done = (await eventsOf({ accountId: id, operator: machine.id })).map(({ what }) => what)
  expect(done.filter((what) => what !== 'account-looked-up')).toEqual([
    ...['account-frozen', 'account-frozen', 'account-unfrozen'],
    ...['account-unlocked', 'account-sign-ins-ended'],
  ])
  for (const action of ['freeze', 'unfreeze', 'unlock', 'end-sessions']) {
    expect(problemOf(await act(action, randomUUID()))).toBe('404 not-found')
    const without = await machine.call('POST', `/accounts/${id}/${action}`)
    expect([problemOf(without), fieldsOf(without)]).toEqual(['422 invalid-values', ['reason']])
  }
})

describe('an Idempotency-Key', () => {
  test('makes concurrent requests one action with one answer, and refuses another body', async () => {
    const id = await enrol(platform, samplePerson())
    const machine = await api.newClient()
    const key = { 'idempotency-key': randomUUID() }
    const freeze = (body: object) => machine.call('POST', `/accounts/${id}/freeze`, body, key)
    const answers = await Promise.all(Array.from({ length: 8 }, () => freeze({ reason })))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204))
    expect(await eventsOf({ accountId: id, what: 'account-frozen' })).toHaveLength(1)
    expect(problemOf(await freeze({ reason: `${reason}1` }))).toBe('422 key-reused')
    const elsewhere = await machine.call('POST', `/accounts/${id}/unfreeze`, { reason }, key)
    expect(problemOf(elsewhere)).toBe('422 key-reused')
    // The keys of another client are others.
    const other = await api.newClient()
    expect((await other.call('POST', `/accounts/${id}/unfreeze`, { reason }, key)).status).toBe(204)
  })

  test('repeats the answer of a look-up and a refusal, and is kept for 24 hours', async () => {
    const machine = await api.newClient()
    const key = { 'idempotency-key': randomUUID() }
    const id = randomUUID()
    const unlock = () => machine.call('POST', `/accounts/${id}/unlock`, { reason }, key)
    const [first, second] = [await unlock(), await unlock()]
    expect(problemOf(first)).toBe('404 not-found')
    expect(second.body).toEqual(first.body)
    const look = { 'idempotency-key': randomUUID() }
    const nobody = search({ by: 'account', value: id })
    const looks = async () => (await machine.call('POST', '/accounts/search', nobody, look)).body
    expect(await looks()).toEqual(await looks())
    expect(await eventsOf({ operator: machine.id })).toHaveLength(1)
    const records = await platform.stores.mongodb.collection('acts').find().toArray()
    const hours = records.map(({ expiresAt }) => (expiresAt.getTime() - Date.now()) / 3_600_000)
    for (const left of hours) expect(Math.round(left)).toBe(24)
  })

  test('that cannot be used is refused with 400', async () => {
    const machine = await api.newClient()
    for (const key of ['a b', 'x'.repeat(256)]) {
      const path = `/accounts/${randomUUID()}/unlock`
      const answer = await machine.call('POST', path, { reason }, { 'idempotency-key': key })
      expect(problemOf(answer)).toBe('400 request')
    }
  })
})
