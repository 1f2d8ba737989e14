import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { load } from 'cheerio'
import { samplePeople, sampleUnits } from '../../sandbox/sample-people.mjs'
import { putSamples } from '../../sandbox/simulator-samples.mjs'
import type { Pause } from '../../sandbox/simulators/external-services.ts'
import { simulators } from '../../sandbox/simulators/simulators.ts'

const account = '6217000000000000003'
const held = {
  bank: '建设银行',
  name: '张三',
  idType: '居民身份证',
  idNumber: '11010519491231002X',
  phone: '13800000000',
  kind: 'debit',
}
const { kind: _, ...person } = held
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

test('is healthy', async () => {
  expect(await answer('GET', '/health')).toEqual({ status: 'ok' })
})

describe('the bank', () => {
  test('confirms what it holds, and says what kind of card it is', async () => {
    expect(await put(`/bank/cards/${account}`, held)).toBe(204)
    expect(await verify()).toEqual({ outcome: 'match', cardKind: 'debit' })
    await put(`/bank/cards/${account}`, { ...held, kind: 'social-security' })
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
    await put(`/bank/cards/${account}`, held)
    expect(await verify({ [field]: other })).toEqual({ outcome: 'mismatch' })
  })

  test('knows no card before it is put in and after it is deleted', async () => {
    expect(await verify()).toEqual({ outcome: 'no_record' })
    await put(`/bank/cards/${account}`, held)
    expect((await call('DELETE', `/bank/cards/${account}`)).status).toBe(204)
    expect(await verify()).toEqual({ outcome: 'no_record' })
  })

  test('refuses credit cards, but tells that to their holder only', async () => {
    await put(`/bank/cards/${account}`, { ...held, kind: 'credit' })
    expect(await verify()).toEqual({ outcome: 'not_debit' })
    expect(await verify({ name: '李四' })).toEqual({ outcome: 'mismatch' })
  })

  test.each(['card_unusable', 'unsupported_bank', 'unsupported_document', 'no_record'] as const)(
    'answers %s for a card that is put in so, to its holder only',
    async (outcome) => {
      await put(`/bank/cards/${account}`, { ...held, outcome })
      expect(await verify()).toEqual({ outcome })
      expect(await verify({ name: '李四' })).toEqual({ outcome: 'mismatch' })
    },
  )

  test.each(['quota', 'unavailable'] as const)(
    'cannot be asked about one card (%s), whoever asks, and goes on for others',
    async (outcome) => {
      const other = '6222020000000000000'
      await put(`/bank/cards/${account}`, { ...held, outcome })
      await put(`/bank/cards/${other}`, held)
      expect(await verify()).toEqual({ outcome })
      expect(await verify({ name: '李四' })).toEqual({ outcome })
      expect(await verify({ account: other })).toMatchObject({ outcome: 'match' })
    },
  )

  test('replaces what it held', async () => {
    await put(`/bank/cards/${account}`, held)
    await put(`/bank/cards/${account}`, { ...held, phone: '13900000000' })
    expect(await verify()).toEqual({ outcome: 'mismatch' })
    expect(await verify({ phone: '+8613900000000' })).toMatchObject({ outcome: 'match' })
  })

  test.each([
    ['\uE81E', '\u9FB4'],
    ['\uE816', '\u{20087}'],
  ])('takes both GB 18030 encodings of a rare character for one (%s)', async (old, present) => {
    await put(`/bank/cards/${account}`, { ...held, name: `张${old}` })
    expect(await verify({ name: `张${present}` })).toMatchObject({ outcome: 'match' })
    await put(`/bank/cards/${account}`, { ...held, name: `张${present}` })
    expect(await verify({ name: `张${old}` })).toMatchObject({ outcome: 'match' })
  })

  test.each(['13800000000', '8613800000000', '+8613800000000'])(
    'takes a phone however it is written: %s',
    async (phone) => {
      await put(`/bank/cards/${account}`, { ...held, phone })
      expect(await verify({ phone: '13800000000' })).toMatchObject({ outcome: 'match' })
    },
  )
})

describe('the SMS gateway', () => {
  const inbox = (query: string) => answer('GET', `/sms/messages${query}`)

  test('keeps what was sent, newest first, for each phone', async () => {
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

  test('shows the messages on a page, of one number or of all', async () => {
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

  test('stands still on wish, and shows nothing for what is no number', async () => {
    await call('POST', '/sms/messages', message)
    const still = await call('GET', '/sms?refresh=off&phone=abc')
    expect(still.headers.get('refresh')).toBeNull()
    expect(await still.text()).not.toContain('123456')
  })
})

describe('the sample people', () => {
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const asked = ({
    bank,
    account: number,
    name,
    idType,
    idNumber,
    phone,
  }: typeof held & { account: string }) =>
    answer('POST', '/bank/verifications', { bank, account: number, name, idType, idNumber, phone })

  test('get every answer of the bank once they are introduced', async () => {
    await putSamples(url())
    const outcomes = []
    for (const { person } of samplePeople)
      outcomes.push([person.name, ((await asked(person)) as { outcome: string }).outcome])
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
      expect(await asked(handler)).toMatchObject({ outcome: 'match' })
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

  test('stand on a page with their purpose and every value to type; the messages lead to it', async () => {
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

test('the registry answers what it holds', async () => {
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

test('the operator says how old a number is, 120 months when nobody said otherwise', async () => {
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

test('counts the calls of the platform, and no others', async () => {
  const none = { bank: 0, sms: 0, registry: 0, phones: 0 }
  await put(`/bank/cards/${account}`, held)
  await put('/phones/13800000000', { monthsOnNetwork: 2 })
  await call('GET', '/sms/messages')
  expect(await counted()).toEqual(none)
  for (const service of services) await calls[service]()
  await calls.bank()
  expect(await counted()).toEqual({ bank: 2, sms: 1, registry: 1, phones: 1 })
})

describe.each(services)('a fault of %s', (service) => {
  test('error: 500, counted, and the others go on', async () => {
    await put(`/bank/cards/${account}`, held)
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

  test('down: the connection closes', async () => {
    await put('/faults', { [service]: 'down' })
    await expect(calls[service]()).rejects.toThrow('fetch failed')
    expect(await counted()).toMatchObject({ [service]: 1 })
  })

  test('slow: the same answer, 30 s later', async () => {
    const fast = await (await calls[service]()).json()
    await put('/faults', { [service]: 'slow' })
    const answered = calls[service]()
    while (!paused[0]) await once(server, 'request')
    expect(paused[0].milliseconds).toBe(30_000)
    paused[0].goOn()
    expect(await (await answered).json()).toEqual(fast)
  })

  test('ok: ends it, and a fault of another stays', async () => {
    const other = services[(services.indexOf(service) + 1) % services.length] ?? service
    await put('/faults', { [service]: 'error' })
    await put('/faults', { [other]: 'error' })
    await put('/faults', { [service]: 'ok' })
    expect((await calls[service]()).status).not.toBe(500)
    expect((await calls[other]()).status).toBe(500)
  })
})

test('a slow gateway sends nothing for a caller that hung up', async () => {
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
  ['PUT', `/bank/cards/${account}`, { ...held, kind: 'gold' }, /kind/],
  ['PUT', `/bank/cards/${account}`, { ...held, outcome: 'maybe' }, /outcome/],
  ['PUT', `/bank/cards/${account}`, { ...held, idType: '身份证' }, /idType/],
  ['PUT', `/bank/cards/${account}`, { ...held, phone: 'many' }, /phone: must be a phone number/],
  ['PUT', `/bank/cards/${account}`, { ...held, name: undefined }, /name/],
  ['POST', '/bank/verifications', { ...claim, account: undefined }, /account/],
  ['POST', '/sms/messages', { ...message, text: '' }, /text/],
  ['PUT', '/registry/organisations/91350200776049653A', {}, /name.*legalRepresentative/],
  ['PUT', '/phones/13800000000', { monthsOnNetwork: -1 }, /monthsOnNetwork/],
  ['PUT', '/phones/mine', { monthsOnNetwork: 1 }, /must be a phone number/],
  ['PUT', '/faults', { bank: 'broken' }, /bank/],
  ['PUT', '/faults', { bnak: 'down' }, /bnak/],
  ['GET', '/sms/messages?phone=mine', undefined, /must be a phone number/],
])('%s %s %j: 400 with a sentence', async (method, path, body, sentence) => {
  const refused = await call(method, path, body)
  expect(refused.status).toBe(400)
  const { error } = (await refused.json()) as { error: string }
  expect(error).toMatch(sentence)
})

test('what there is not is said in JSON too', async () => {
  const missing = await call('GET', '/nothing')
  expect(missing.status).toBe(404)
  expect(await missing.json()).toEqual({ error: 'There is no GET /nothing.' })
})
