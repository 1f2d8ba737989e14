import { randomUUID } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import fc from 'fast-check'
import { generateKeyPair } from 'jose'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { until } from '../../sandbox/ports.mjs'
import { inChina } from '../../src/people/calendar.ts'
import { signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { operatorsOf } from '../support/console.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'
import { expireNow } from '../support/stores.ts'
import { terminal, terminalApi, terminalPath, wantedFor } from '../support/terminal.ts'

const { clock, turn } = testClock()
const machine = await terminal('terminal-1', clock)
const other = await terminal('terminal-2', clock)
const backend = {
  ...{ client_id: 'archive', client_secret: 'a-secret-of-the-tests-and-of-nothing-else' },
  ...{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' },
}

let platform: TestPlatform
let api: Awaited<ReturnType<typeof terminalApi>>
let token: string
beforeAll(async () => {
  platform = await testPlatform({
    clock,
    clients: [machine.metadata, other.metadata, backend],
    env: { LIMITS_SCALE: '100' },
  })
  api = await terminalApi(platform.issuer)
})
afterAll(() => platform.close())
beforeEach(async () => {
  token = await machine.token(platform.issuer)
})

const calls = () => callsOf(platform)
const audited = (what: string) =>
  platform.stores.mongodb.collection('audit').countDocuments({ what, clientId: machine.id })
const notices = async (phone: string): Promise<readonly string[]> => {
  const messages: { template: string }[] = await platform.messages(phone)
  return messages.map(({ template }) => template).filter((template) => template !== 'code')
}

/** A person who registered with a social-security card and has a new phone at the bank since. */
async function withNewPhone(kind = 'social-security') {
  const before = samplePerson()
  await register(platform, personAtForms(), before, undefined, kind)
  const after: SamplePerson = { ...before, phone: samplePerson().phone }
  await platform.issueCard(after, kind)
  return { before, after }
}

const ask = async (person: SamplePerson, key?: string, claims = {}) =>
  api.ask(token, await machine.body(wantedFor(person), platform.issuer, claims), key)

/** Returns the account page, which shows the masked phone. */
const phoneOnPage = async (person: SamplePerson) =>
  (await signedInAt(platform, person, '/account')).page.html

test('a refusal is logged with the terminal and the reason but no personal data', async () => {
  const before = platform.lines.length
  const nobody = samplePerson()
  const { status } = await ask(nobody)
  expect(status).toBe(404)
  const log = platform.lines.slice(before).join('')
  const refused = platform.lines.slice(before).map((line) => JSON.parse(line))
  expect(refused).toContainEqual(
    expect.objectContaining({ level: 30, msg: 'refused', client: machine.id, error: 'no-account' }),
  )
  for (const word of [nobody.name, nobody.idNumber, nobody.phone, nobody.account])
    expect(log).not.toContain(word)
})

test('a request changes the holder’s phone, ends their sessions and notifies both phones', async () => {
  const { before, after } = await withNewPhone()
  const { at, page } = await signedInAt(platform, before, '/account')
  const answer = await ask(after)
  expect(answer).toMatchObject({ status: 200, body: { changedAt: expect.any(String) } })
  expect(Date.parse(String(answer.body['changedAt']))).toBe(clock())
  expect((await at.open(page.url.href)).url.pathname).toMatch(/^\/interaction\//)
  const masked = (phone: string) => `${phone.slice(0, 3)}****${phone.slice(-4)}`
  expect(await phoneOnPage(before)).toContain(masked(after.phone))
  await until(async () => (await notices(before.phone)).length, { seconds: 60, what: 'notice' })
  await until(async () => (await notices(after.phone)).length, { seconds: 60, what: 'notice' })
  expect(await notices(after.phone)).toEqual(['phone-changed'])
  expect(await notices(before.phone)).toEqual(['phone-changed-old'])
  expect(await audited('phone-changed')).toBe(1)
})

test('a confirmed new name is stored, and document types are accepted in Chinese', async () => {
  const { after } = await withNewPhone()
  const renamed = { ...after, name: '林·大满', account: cardNumber('621483') }
  await platform.issueCard(renamed, 'social-security')
  const wanted = wantedFor(renamed)
  const holder = { ...wanted.holder, idType: '居民身份证' }
  const body = await machine.body({ ...wanted, holder, newPhone: renamed.phone }, platform.issuer)
  expect((await api.ask(token, body)).status).toBe(200)
  expect(await phoneOnPage(after)).toContain('林·大满')
})

test('a bank under maintenance is not asked, and the same key works when it is back', async () => {
  const { after } = await withNewPhone()
  const desk = await operatorsOf(platform)
  const console = await desk.signedIn(await desk.newOperator('system'))
  const save = (state: string) =>
    console.submit('/banks', `/banks/${encodeURIComponent(after.bank)}`, {
      state,
      to: inChina(clock() + 3_600_000)
        .toISOString()
        .slice(0, 16),
    })
  await save('suspended')
  const [before, key] = [await calls(), randomUUID()]
  const { status, body } = await ask(after, key)
  expect([status, body['type']]).toEqual([422, 'urn:uup:problem:invalid-values'])
  const sentence = /^该银行核验服务维护中，预计.*\d\d:\d\d恢复，可更换其他银行的借记卡$/
  expect(body['errors']).toEqual([
    { pointer: '/card/bank', detail: expect.stringMatching(sentence) },
  ])
  expect(body['detail']).toMatch(sentence)
  expect(await calls()).toEqual(before)
  await save('normal')
  expect((await ask(after, key)).status).toBe(200)
})

describe('authorization', () => {
  test('refuses a request without a valid token', async () => {
    const body = await machine.body(wantedFor(samplePerson()), platform.issuer)
    const headers = { 'idempotency-key': randomUUID() }
    for (const authorization of [undefined, 'Bearer', 'Bearer x', `Basic ${token}`, token]) {
      const given = { ...headers, ...(authorization && { authorization }) }
      const { status, body: problem, headers: sent } = await api.post(body, given)
      expect([authorization, status]).toEqual([authorization, 401])
      expect(problem).toMatchObject({ type: 'urn:uup:problem:invalid-token', status: 401 })
      expect(sent.get('www-authenticate')).toMatch(/^Bearer realm="/)
    }
  })

  test('refuses a token without the scope', async () => {
    const response = await fetch(`${platform.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ client_id: backend.client_id, client_secret: backend.client_secret },
        grant_type: 'client_credentials',
      }),
    })
    const { access_token: narrow } = (await response.json()) as { access_token: string }
    const scopeless = await machine.token(platform.issuer, '')
    for (const weak of [narrow, scopeless]) {
      const { status, headers, body } = await api.ask(weak, {})
      expect([status, body['type']]).toEqual([403, 'urn:uup:problem:insufficient-scope'])
      expect(headers.get('www-authenticate')).toContain('scope="terminal:phone-change"')
    }
  })

  test('refuses a revoked token', async () => {
    const assertion = await machine.sign({
      ...{ iss: machine.id, sub: machine.id, aud: platform.issuer, jti: randomUUID() },
      exp: Math.floor(Date.now() / 1000) + 60,
    })
    const revoked = await fetch(`${platform.issuer}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({
        token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    expect(revoked.status).toBe(200)
    expect((await api.ask(token, {})).status).toBe(401)
  })
})

describe('the statement', () => {
  const refusedFor = async (claims: object, of = machine) => {
    const { after } = await withNewPhone()
    const body = await of.body(wantedFor(after), platform.issuer, { ...claims })
    const asked = await calls()
    const { status, body: problem } = await api.ask(token, body)
    expect([status, problem['type']]).toEqual([403, 'urn:uup:problem:invalid-statement'])
    expect(await calls()).toEqual(asked)
    return problem['detail']
  }
  const seconds = () => Math.floor(clock() / 1000)

  test('must be signed by this terminal for this platform', async () => {
    expect(await refusedFor({}, other)).toBe('声明不是由该终端登记的密钥签名的 JWS')
    const parties = '声明的 iss 应为该终端的 client_id，aud 应为本平台的 issuer'
    expect(await refusedFor({ iss: other.id })).toBe(parties)
    for (const aud of ['https://elsewhere.test', [platform.issuer, 'https://elsewhere.test'], []])
      expect(await refusedFor({ aud })).toBe(parties)
  })

  test('must be signed by a key in the terminal’s metadata', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const { after } = await withNewPhone()
    const forged = await machine.body(wantedFor(after), platform.issuer, {}, privateKey)
    const [, payload] = String(forged['statement']).split('.')
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const statement of [forged['statement'], `${unsigned}.${payload}.`, 'x', 'a.b.c']) {
      const { status } = await api.ask(token, { ...forged, statement })
      expect([statement, status]).toEqual([statement, 403])
    }
  })

  test('must say that the PIN was entered', async () => {
    for (const pin of [false, 'true', 1, null])
      expect(await refusedFor({ pin })).toContain('pin 应为 true')
  })

  test('must be at most two minutes old and not from the future', async () => {
    const late = '声明已过时，iat 不得早于 120 秒前，请重新签名'
    expect(await refusedFor({ iat: seconds() - 125 })).toBe(late)
    expect(await refusedFor({ iat: seconds() + 60 })).toBe(late)
    const { after } = await withNewPhone()
    expect((await ask(after, undefined, { iat: seconds() - 110 })).status).toBe(200)
  })

  test('must have all required claims', async () => {
    for (const name of ['iss', 'aud', 'jti', 'iat', 'sha256'])
      expect(await refusedFor({ [name]: undefined })).toContain('声明应有')
  })

  test('must match the content of the request in any member order', async () => {
    const { after } = await withNewPhone()
    const wanted = wantedFor(after)
    const body = await machine.body(wanted, platform.issuer)
    const asked = await calls()
    const stranger = samplePerson()
    for (const changed of [
      { newPhone: `+86${stranger.phone}` },
      { card: { ...wanted.card, account: stranger.account } },
      { holder: { ...wanted.holder, name: stranger.name.slice(0, 2) } },
    ]) {
      const { status, body: problem } = await api.ask(token, { ...body, ...changed })
      expect([status, problem['detail']]).toEqual([
        403,
        '声明的 sha256 与 holder、card、newPhone 的规范 JSON 不符',
      ])
    }
    expect(await calls()).toEqual(asked)
    const { statement, newPhone, card, holder } = body
    const turned = JSON.stringify({ statement, newPhone, card, holder }, null, 3)
    expect((await api.ask(token, turned)).status).toBe(200)
  })

  test('is valid for only one of two concurrent requests', async () => {
    const [one, two] = [await withNewPhone(), await withNewPhone()]
    const jti = randomUUID()
    const answers = await Promise.all([
      ask(one.after, undefined, { jti }),
      ask(two.after, undefined, { jti }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    expect((await ask(one.after, undefined, { jti })).body['detail']).toBe(
      '声明的 jti 已用于另一请求',
    )
  })
})

describe('the account', () => {
  test('must exist', async () => {
    const stranger = samplePerson()
    await platform.issueCard(stranger, 'social-security')
    const asked = await calls()
    const { status, body } = await ask(stranger)
    expect([status, body['type']]).toEqual([404, 'urn:uup:problem:no-account'])
    expect(await calls()).toEqual(asked)
    expect(await audited('terminal-refused')).toBeGreaterThan(0)
  })

  test('must have been proved by a social-security card', async () => {
    const { after } = await withNewPhone('debit')
    const { status, body } = await ask(after)
    expect([status, body['type']]).toEqual([404, 'urn:uup:problem:no-account'])
  })
})

describe('the bank', () => {
  test('decides about the change, and a refusal has a case number', async () => {
    const { after, before } = await withNewPhone()
    await platform.issueCard(before, 'social-security')
    const { status, body } = await ask(after)
    expect([status, body]).toEqual([
      422,
      {
        type: 'urn:uup:problem:bank-refused',
        title: '银行核验未通过',
        status: 422,
        detail: '人员姓名或证件名或证件号与银行登记不匹配',
        caseNumber: expect.stringMatching(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/),
      },
    ])
    expect(await notices(after.phone)).toEqual([])
  })

  test('can refuse the card as another kind', async () => {
    const { after } = await withNewPhone()
    await platform.issueCard(after, 'debit')
    const { status, body } = await ask(after)
    expect([status, body['errors']]).toEqual([
      422,
      [{ pointer: '/card/account', detail: '银行登记该卡不是社保卡' }],
    ])
    await platform.issueCard(after, 'credit')
    expect((await ask(after)).body['detail']).toContain('不支持信用卡')
  })

  test('counts nothing during an outage, after which the same request succeeds', async () => {
    const { after } = await withNewPhone()
    const key = randomUUID()
    await platform.simulator('PUT', '/faults', { bank: 'error' })
    const { status, headers, body } = await ask(after, key)
    await platform.simulator('PUT', '/faults', { bank: 'ok' })
    expect([status, body['detail']]).toEqual([503, '银行核验服务暂不可用，请稍后再试'])
    expect(headers.get('retry-after')).toBe('15')
    expect((await ask(after, key)).status).toBe(200)
  })
})

describe('a repeated request', () => {
  test('with one idempotency key changes the phone once in 20 concurrent requests with the same answer', async () => {
    const { before, after } = await withNewPhone()
    const key = randomUUID()
    const asked = await calls()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(after, key)))
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    expect((await calls()).bank).toBe(asked.bank + 1)
    await until(async () => (await notices(before.phone)).length, { seconds: 60, what: 'notice' })
    await until(async () => (await notices(after.phone)).length, { seconds: 60, what: 'notice' })
    expect([await notices(before.phone), await notices(after.phone)]).toEqual([
      ['phone-changed-old'],
      ['phone-changed'],
    ])
  })

  test('gets the same answer a day later and after a restart', async () => {
    const { after } = await withNewPhone()
    const key = randomUUID()
    const body = await machine.body(wantedFor(after), platform.issuer)
    const first = await api.ask(token, body, key)
    expect(first.status).toBe(200)
    turn(24 * 3600)
    await platform.restart()
    const later = await machine.token(platform.issuer)
    expect((await api.ask(later, body, key)).body).toEqual(first.body)
  })

  test('gets the same refusal without a second bank check', async () => {
    const { before, after } = await withNewPhone()
    await platform.issueCard(before, 'social-security')
    const key = randomUUID()
    const first = await ask(after, key)
    const asked = await calls()
    const again = await ask(after, key)
    expect([again.status, again.body]).toEqual([422, first.body])
    expect(await calls()).toEqual(asked)
  })

  test('with other content is answered with 409, while another terminal can use the same key', async () => {
    const [one, two] = [await withNewPhone(), await withNewPhone()]
    const key = randomUUID()
    expect((await ask(one.after, key)).status).toBe(200)
    const { status, body } = await ask(two.after, key)
    expect([status, body['type']]).toEqual([409, 'urn:uup:problem:key-reused'])
    const theirs = await other.body(wantedFor(two.after), platform.issuer)
    expect((await api.ask(await other.token(platform.issuer), theirs, key)).status).toBe(200)
  })
})

test('checks of a card, requests of a terminal and the lifetime of a token are limited', async () => {
  const strict = await testPlatform({
    clock,
    clients: [machine.metadata],
    policy: (usual) => ({
      ...usual,
      terminals: {
        ...usual.terminals,
        perClient: { ...usual.terminals.perClient, count: 7 },
      },
    }),
  })
  try {
    const there = await terminalApi(strict.issuer)
    const before = samplePerson()
    await register(strict, personAtForms(), before, undefined, 'social-security')
    const wrong = { ...before, phone: samplePerson().phone }
    const strictToken = await machine.token(strict.issuer)
    const send = async (key = randomUUID()) =>
      there.ask(strictToken, await machine.body(wantedFor(wrong), strict.issuer), key)
    // The registration has used one check.
    for (let n = 0; n < 4; n += 1) expect((await send()).status).toBe(422)
    const spent = await send()
    expect([spent.status, spent.body['type']]).toEqual([429, 'urn:uup:problem:over-limit'])
    expect(spent.body['detail']).toMatch(
      /^这张银行卡今天的核验次数已用完，请在明天 \d\d:\d\d 以后再试$/,
    )
    expect(Number(spent.headers.get('retry-after'))).toBeGreaterThan(23 * 3600)
    for (let n = 0; n < 2; n += 1) expect((await send()).status).toBe(429)
    const busy = await send()
    expect(busy.status).toBe(429)
    expect(Number(busy.headers.get('retry-after'))).toBeLessThanOrEqual(3600)
    const lifetime = await expireNow(strict.stores, 'oidc.ClientCredentials:*')
    expect(lifetime).toBeGreaterThan(0)
    expect(lifetime).toBeLessThanOrEqual(policy().tokens.access)
    expect((await send()).status).toBe(401)
  } finally {
    await strict.close()
  }
})

describe('a malformed request', () => {
  const headers = () => ({ authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() })

  test.each<[string, number, string | Buffer, Record<string, string>]>([
    ['with invalid JSON', 400, '{"holder":', {}],
    ['with a JSON text', 400, '"text"', {}],
    ['of another type', 415, '{}', { 'content-type': 'text/plain' }],
    ['in another charset', 415, '{}', { 'content-type': 'application/json; charset=gbk' }],
    ['that is compressed', 415, '{}', { 'content-encoding': 'gzip' }],
    ['that is too large', 413, JSON.stringify({ statement: 'x'.repeat(20_000) }), {}],
    ['with a list', 422, '[]', {}],
    ['with invalid UTF-8', 422, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), {}],
    ['without a key', 400, '{}', { 'idempotency-key': '' }],
    ['with invalid characters in the key', 400, '{}', { 'idempotency-key': 'a b' }],
    ['with a long key', 400, '{}', { 'idempotency-key': 'x'.repeat(256) }],
  ])('%s is answered with %i', async (_, status, body, more) => {
    expect((await api.post(body, { ...headers(), ...more })).status).toBe(status)
  })

  test('is answered with a pointer to each invalid value, in the requested language', async () => {
    const wanted = wantedFor(samplePerson())
    const body = {
      holder: { ...wanted.holder, idNumber: '440524188001010015' },
      card: { bank: '火星银行', account: '123', kind: 'x' },
      newPhone: '12345678901',
      statement: 'x.y.z',
    }
    const { status, body: problem } = await api.post(body, {
      ...headers(),
      'accept-language': 'en-GB, zh;q=0.5',
    })
    expect(status).toBe(422)
    expect(problem['title']).toBe('Some values are not right')
    const errors = problem['errors'] as { pointer: string }[]
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/card',
      '/card/account',
      '/card/bank',
      '/holder/idNumber',
      '/newPhone',
    ])
  })

  test('to another address or method below /api is answered with problem+json', async () => {
    for (const [method, path, status] of [
      ['GET', terminalPath, 405],
      ['DELETE', terminalPath, 405],
      ['POST', '/api/openapi.json', 405],
      ['GET', '/api/nothing', 404],
    ] as const) {
      const response = await fetch(platform.issuer + path, { method })
      expect([method, path, response.status]).toEqual([method, path, status])
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ status })
    }
  })
})

describe('a random body', () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      '',
      '\u0000',
      '\ufffd',
      '{"$gt":""}',
      'x'.repeat(5000),
      '__proto__',
      [],
      {},
      null,
    ),
  )
  const members = ['holder', 'card', 'newPhone', 'statement', 'extra', '__proto__'] as const

  test('is refused, whether it fits the OpenAPI schema or not', async () => {
    const asked = await calls()
    const right = await machine.body(wantedFor(samplePerson()), platform.issuer)
    const mutation = fc.record({
      at: fc.constantFrom(...members),
      inside: fc.option(fc.constantFrom('name', 'idType', 'idNumber', 'bank', 'account', 'extra')),
      by: odd,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(odd, fc.array(mutation, { minLength: 1, maxLength: 3 })),
        async (given) => {
          const body = isMutationList(given) ? given.reduce(mutated, right) : given
          const { status } = await api.ask(token, body)
          expect(status).toBeLessThan(500)
          if (!api.operation.takes(body)) expect([400, 403, 413, 422]).toContain(status)
          expect(status).not.toBe(200)
        },
      ),
      // Regression: an empty statement was refused as an invalid signature.
      { numRuns: 300, examples: [[[{ at: 'statement', inside: null, by: '' }]]] },
    )
    expect(await calls()).toEqual(asked)
    const levels = platform.lines.map((line) => JSON.parse(line).level)
    expect(levels.filter((level) => level >= 50)).toEqual([])
  })

  type Mutation = { readonly at: string; readonly inside: string | null; readonly by: unknown }
  const isMutationList = (given: unknown): given is Mutation[] =>
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((each) => Object(each) === each && 'by' in each && 'at' in each)

  function mutated(body: Readonly<Record<string, unknown>>, { at, inside, by }: Mutation) {
    const inner = body[at]
    const nested = inside && typeof inner === 'object' && inner !== null
    return { ...body, [at]: nested ? { ...inner, [inside]: by } : by }
  }
})

test('the description is a valid OpenAPI document and sets no cookie', async () => {
  const response = await fetch(`${platform.issuer}/api/openapi.json`)
  expect(response.headers.getSetCookie()).toEqual([])
  const { valid, errors } = await new Validator().validate(
    (await response.json()) as Record<string, unknown>,
  )
  expect([valid, errors]).toEqual([true, undefined])
})
