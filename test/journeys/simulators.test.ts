import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { load } from 'cheerio'
import { samplePeople, sampleUnits } from '../../sandbox/sample-people.mjs'
import { putSamples } from '../../sandbox/simulator-samples.mjs'
import type { Pause } from '../../sandbox/simulators/external-services.ts'
import { simulators } from '../../sandbox/simulators/simulators.ts'

const account = '6217000000000000003'
const record = {
  bank: '建设银行',
  name: '张三',
  idType: '居民身份证',
  idNumber: '11010519491231002X',
  phone: '13800000000',
  kind: 'debit',
}
const { kind: _, ...person } = record
const claim = { ...person, account, phone: '+8613800000000' }
const message = {
  phone: '+8613800000000',
  template: 'code',
  params: { code: '123456' },
  text: '【统一用户平台】验证码123456，5分钟内有效。',
}

let server: Server
let now: number
let paused: { milliseconds: number; signal: AbortSignal; goOn: () => void }[]

const pause: Pause = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    paused.push({ milliseconds, signal, goOn: resolve })
  })

beforeEach(async () => {
  now = Date.parse('2026-11-23T06:05:09Z')
  paused = []
  server = createServer(simulators({ pause, clock: () => now }).callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
})

function call(method: string, path: string, body?: unknown): Promise<Response> {
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}
const put = async (path: string, body: unknown) => (await call('PUT', path, body)).status
const answer = async (method: string, path: string, body?: unknown) =>
  (await call(method, path, body)).json() as Promise<unknown>
const verify = (changed: object = {}) =>
  answer('POST', '/bank/verifications', { ...claim, ...changed })

test('the health check is answered', async () => {
  expect(await answer('GET', '/health')).toEqual({ status: 'ok' })
})

describe('the bank', () => {
  test('confirms a matching record and returns the card kind', async () => {
    expect(await put(`/bank/cards/${account}`, record)).toBe(204)
    expect(await verify()).toEqual({ outcome: 'match', cardKind: 'debit' })
    await put(`/bank/cards/${account}`, { ...record, kind: 'social-security' })
    expect(await verify()).toEqual({ outcome: 'match', cardKind: 'social-security' })
  })

  test.each([
    ['bank', '工商银行'],
    ['name', '张三丰'],
    ['name', '张 三'],
    ['idType', '护照'],
    ['idNumber', '440524188001010014'],
    ['phone', '+8613800000001'],
  ])('finds a mismatch when only %s differs (%s)', async (field, other) => {
    await put(`/bank/cards/${account}`, record)
    expect(await verify({ [field]: other })).toEqual({ outcome: 'mismatch' })
  })

  test('has no record of a card before it is put in and after it is deleted', async () => {
    expect(await verify()).toEqual({ outcome: 'no_record' })
    await put(`/bank/cards/${account}`, record)
    expect((await call('DELETE', `/bank/cards/${account}`)).status).toBe(204)
    expect(await verify()).toEqual({ outcome: 'no_record' })
  })

  test('refuses a credit card as such for its holder only', async () => {
    await put(`/bank/cards/${account}`, { ...record, kind: 'credit' })
    expect(await verify()).toEqual({ outcome: 'not_debit' })
    expect(await verify({ name: '李四' })).toEqual({ outcome: 'mismatch' })
  })

  test.each(['card_unusable', 'unsupported_bank', 'unsupported_document', 'no_record'] as const)(
    'answers %s for a card with that outcome, for its holder only',
    async (outcome) => {
      await put(`/bank/cards/${account}`, { ...record, outcome })
      expect(await verify()).toEqual({ outcome })
      expect(await verify({ name: '李四' })).toEqual({ outcome: 'mismatch' })
    },
  )

  test.each(['quota', 'unavailable'] as const)(
    'answers %s about one card to everybody and still answers about others',
    async (outcome) => {
      const other = '6222020000000000000'
      await put(`/bank/cards/${account}`, { ...record, outcome })
      await put(`/bank/cards/${other}`, record)
      expect(await verify()).toEqual({ outcome })
      expect(await verify({ name: '李四' })).toEqual({ outcome })
      expect(await verify({ account: other })).toMatchObject({ outcome: 'match' })
    },
  )

  test('replaces an earlier record', async () => {
    await put(`/bank/cards/${account}`, record)
    await put(`/bank/cards/${account}`, { ...record, phone: '13900000000' })
    expect(await verify()).toEqual({ outcome: 'mismatch' })
    expect(await verify({ phone: '+8613900000000' })).toMatchObject({ outcome: 'match' })
  })

  test.each([
    ['\uE81E', '\u9FB4'],
    ['\uE816', '\u{20087}'],
  ])('treats both GB 18030 encodings of a rare character as equal (%s)', async (old, present) => {
    await put(`/bank/cards/${account}`, { ...record, name: `张${old}` })
    expect(await verify({ name: `张${present}` })).toMatchObject({ outcome: 'match' })
    await put(`/bank/cards/${account}`, { ...record, name: `张${present}` })
    expect(await verify({ name: `张${old}` })).toMatchObject({ outcome: 'match' })
  })

  test.each(['13800000000', '8613800000000', '+8613800000000'])(
    'accepts the phone format %s',
    async (phone) => {
      await put(`/bank/cards/${account}`, { ...record, phone })
      expect(await verify({ phone: '13800000000' })).toMatchObject({ outcome: 'match' })
    },
  )
})

describe('the SMS gateway', () => {
  const inbox = (query: string) => answer('GET', `/sms/messages${query}`)

  test('lists the messages of each phone, newest first', async () => {
    const sent = await call('POST', '/sms/messages', message)
    expect(sent.status).toBe(202)
    now += 1000
    await call('POST', '/sms/messages', { ...message, params: { code: '654321' } })
    await call('POST', '/sms/messages', { ...message, phone: '+8613900000000' })
    const first = { ...message, phone: '13800000000', sentAt: '2026-11-23T06:05:09.000Z' }
    const second = { ...first, params: { code: '654321' }, sentAt: '2026-11-23T06:05:10.000Z' }
    const third = { ...first, phone: '13900000000', sentAt: '2026-11-23T06:05:10.000Z' }
    expect(await inbox('?phone=13800000000')).toEqual([second, first])
    expect(await inbox('?phone=%2B8613800000000')).toEqual([second, first])
    expect(await inbox('?phone=+8613800000000')).toEqual([second, first])
    expect(await inbox('')).toEqual([third, second, first])
    expect(await inbox('?phone=13700000000')).toEqual([])
  })

  test('shows the messages of one number or of all on a page', async () => {
    await call('POST', '/sms/messages', { ...message, text: '<b>验证码</b>123456' })
    await call('POST', '/sms/messages', { ...message, phone: '13900000000', text: '验证码654321' })
    const all = await call('GET', '/sms')
    expect(all.headers.get('content-type')).toMatch(/^text\/html/)
    expect(all.headers.get('refresh')).toBe('5')
    const page = await all.text()
    expect(page).toContain('&lt;b&gt;验证码&lt;/b&gt;123456')
    expect(page).toContain('验证码654321')
    expect(page).toContain('11月23日 14:05:09')
    expect(page.indexOf('654321')).toBeLessThan(page.indexOf('123456'))
    const one = await (await call('GET', '/sms?phone=13900000000')).text()
    expect(one).toContain('654321')
    expect(one).not.toContain('123456')
  })

  test('does not refresh with refresh=off and shows nothing for an invalid number', async () => {
    await call('POST', '/sms/messages', message)
    const still = await call('GET', '/sms?refresh=off&phone=abc')
    expect(still.headers.get('refresh')).toBeNull()
    expect(await still.text()).not.toContain('123456')
  })
})

describe('the sample people', () => {
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const verifyPerson = ({
    account: number,
    bank,
    name,
    idType,
    idCountry,
    idNumber,
    phone,
  }: typeof record & { account: string; idCountry?: string }) =>
    answer('POST', '/bank/verifications', {
      ...{ bank, account: number, name, idType, idNumber, phone },
      ...(idCountry && { idCountry }),
    })

  test('include a passport, which the bank confirms with its issuing country only', async () => {
    await putSamples(url())
    const holder = samplePeople.find(({ person }) => person.idType === '护照')?.person
    if (!holder) throw new Error('no sample has a passport')
    for (const [idCountry, outcome] of Object.entries({ BRA: 'match', DEU: 'mismatch' }))
      expect(await verifyPerson({ ...holder, idCountry })).toMatchObject({ outcome })
  })

  test('cover every answer of the bank', async () => {
    await putSamples(url())
    const outcomes = []
    for (const { person } of samplePeople)
      outcomes.push([person.name, ((await verifyPerson(person)) as { outcome: string }).outcome])
    expect(outcomes).toEqual([
      ['陈一诺', 'match'],
      ['林小满', 'match'],
      ['高山水', 'mismatch'],
      ['罗知夏', 'no_record'],
      ['何以安', 'card_unusable'],
      ['苏小乔', 'not_debit'],
      ['唐一鸣', 'unavailable'],
      ['阿依古丽·买买提', 'match'],
      ['王𠮷', 'match'],
      ['Maria da Silva', 'match'],
      ['周小禾', 'match'],
    ])
    for (const { unit, handler } of sampleUnits) {
      expect(await verifyPerson(handler)).toMatchObject({ outcome: 'match' })
      expect(await answer('GET', `/registry/organisations/${unit.code}`)).toMatchObject({
        name: unit.name,
        legalRepresentative: unit.legalRepresentative.name,
      })
    }
    const [own, other] = sampleUnits.map(
      ({ unit, handler }) => unit.legalRepresentative.idNumber === handler.idNumber,
    )
    expect([own, other]).toEqual([true, false])
  })

  test('are shown on a page with their purpose and all values, to which the SMS page links', async () => {
    const response = await call('GET', '/people')
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    const page = load(await response.text())('main')
    for (const { purpose, person } of [
      ...samplePeople,
      ...sampleUnits.map(({ purpose, handler }) => ({ purpose, person: handler })),
    ])
      for (const word of [
        ...purpose,
        ...[person.name, person.idType, person.idNumber, person.sex, person.birthdate],
        ...[person.bank, person.account, person.phone],
      ])
        expect(page.text()).toContain(word)
    for (const { unit } of sampleUnits)
      for (const word of [unit.name, unit.code, unit.legalRepresentative.idNumber])
        expect(page.text()).toContain(word)
    expect(await (await call('GET', '/sms')).text()).toContain('href="/people"')
  })
})

test('the registry returns its record of an organisation', async () => {
  const organisation = {
    name: '深圳市某某有限公司',
    legalRepresentative: '李四',
    legalRepresentativeIdNumber: '440524188001010014',
  }
  const path = '/registry/organisations/91350200776049653A'
  expect((await call('GET', path)).status).toBe(404)
  expect(await answer('GET', path)).toEqual({ error: 'no_record' })
  expect(await put(path, organisation)).toBe(204)
  expect(await answer('GET', path)).toEqual(organisation)
})

test('the operator returns the age of a number, which is 120 months by default', async () => {
  expect(await answer('GET', '/phones/13800000000/age')).toEqual({ monthsOnNetwork: 120 })
  expect(await put('/phones/13800000000', { monthsOnNetwork: 2 })).toBe(204)
  expect(await answer('GET', '/phones/+8613800000000/age')).toEqual({ monthsOnNetwork: 2 })
  expect(await answer('GET', '/phones/13900000000/age')).toEqual({ monthsOnNetwork: 120 })
})

const calls = {
  bank: () => call('POST', '/bank/verifications', claim),
  sms: () => call('POST', '/sms/messages', message),
  registry: () => call('GET', '/registry/organisations/91350200776049653A'),
  phones: () => call('GET', '/phones/13800000000/age'),
} as const
type Service = keyof typeof calls
const services = Object.keys(calls) as Service[]
const counted = () => answer('GET', '/calls')

test('only the calls of the platform are counted', async () => {
  const none = { bank: 0, sms: 0, registry: 0, phones: 0 }
  await put(`/bank/cards/${account}`, record)
  await put('/phones/13800000000', { monthsOnNetwork: 2 })
  await call('GET', '/sms/messages')
  expect(await counted()).toEqual(none)
  for (const service of services) await calls[service]()
  await calls.bank()
  expect(await counted()).toEqual({ bank: 2, sms: 1, registry: 1, phones: 1 })
})

describe.each(services)('a fault of %s', (service) => {
  test('error answers with 500, counts the call and does not affect other services', async () => {
    await put(`/bank/cards/${account}`, record)
    await put('/registry/organisations/91350200776049653A', {
      name: '甲',
      legalRepresentative: '乙',
      legalRepresentativeIdNumber: '丙',
    })
    expect(await put('/faults', { [service]: 'error' })).toBe(204)
    for (const each of services)
      expect([each, (await calls[each]()).status >= 500]).toEqual([each, each === service])
    expect(await counted()).toEqual({ bank: 1, sms: 1, registry: 1, phones: 1 })
  })

  test('down closes the connection', async () => {
    await put('/faults', { [service]: 'down' })
    await expect(calls[service]()).rejects.toThrow('fetch failed')
    expect(await counted()).toMatchObject({ [service]: 1 })
  })

  test('slow gives the same answer after 30 seconds', async () => {
    const fast = await (await calls[service]()).json()
    await put('/faults', { [service]: 'slow' })
    const answered = calls[service]()
    while (!paused[0]) await once(server, 'request')
    expect(paused[0].milliseconds).toBe(30_000)
    paused[0].goOn()
    expect(await (await answered).json()).toEqual(fast)
  })

  test('ok ends this fault and keeps those of other services', async () => {
    const other = services[(services.indexOf(service) + 1) % services.length] ?? service
    await put('/faults', { [service]: 'error' })
    await put('/faults', { [other]: 'error' })
    await put('/faults', { [service]: 'ok' })
    expect((await calls[service]()).status).not.toBe(500)
    expect((await calls[other]()).status).toBe(500)
  })
})

test('a slow gateway sends no message for a caller that has disconnected', async () => {
  await put('/faults', { sms: 'slow' })
  const { port } = server.address() as AddressInfo
  const giveUp = new AbortController()
  const given = fetch(`http://127.0.0.1:${port}/sms/messages`, {
    method: 'POST',
    body: JSON.stringify(message),
    signal: giveUp.signal,
  })
  while (!paused[0]) await once(server, 'request')
  giveUp.abort()
  await expect(given).rejects.toThrow()
  if (!paused[0].signal.aborted) await once(paused[0].signal, 'abort')
  await put('/faults', { sms: 'ok' })
  expect(await answer('GET', '/sms/messages')).toEqual([])
})

test.each([
  ['PUT', `/bank/cards/${account}`, 'no json', 'The body must be JSON.'],
  ['PUT', `/bank/cards/${account}`, { ...record, kind: 'gold' }, /kind/],
  ['PUT', `/bank/cards/${account}`, { ...record, outcome: 'maybe' }, /outcome/],
  ['PUT', `/bank/cards/${account}`, { ...record, idType: '身份证' }, /idType/],
  ['PUT', `/bank/cards/${account}`, { ...record, phone: 'many' }, /phone: must be a phone number/],
  ['PUT', `/bank/cards/${account}`, { ...record, name: undefined }, /name/],
  ['POST', '/bank/verifications', { ...claim, account: undefined }, /account/],
  ['POST', '/sms/messages', { ...message, text: '' }, /text/],
  ['PUT', '/registry/organisations/91350200776049653A', {}, /name.*legalRepresentative/],
  ['PUT', '/phones/13800000000', { monthsOnNetwork: -1 }, /monthsOnNetwork/],
  ['PUT', '/phones/mine', { monthsOnNetwork: 1 }, /must be a phone number/],
  ['PUT', '/faults', { bank: 'broken' }, /bank/],
  ['PUT', '/faults', { bnak: 'down' }, /bnak/],
  ['GET', '/sms/messages?phone=mine', undefined, /must be a phone number/],
])('%s %s %j is answered with 400 and a reason', async (method, path, body, sentence) => {
  const refused = await call(method, path, body)
  expect(refused.status).toBe(400)
  const { error } = (await refused.json()) as { error: string }
  expect(error).toMatch(sentence)
})

test('an unknown address is answered with 404 in JSON', async () => {
  const missing = await call('GET', '/nothing')
  expect(missing.status).toBe(404)
  expect(await missing.json()).toEqual({ error: 'There is no GET /nothing.' })
})
