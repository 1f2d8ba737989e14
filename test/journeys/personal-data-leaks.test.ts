import { randomBytes } from 'node:crypto'
import * as oidc from 'openid-client'
import { clients, relyingParty, signIn } from '../sso/platform.ts'
import { recordFetches } from '../support/fetch-recorder.ts'
import { leaksIn, mongoDump, redisDump } from '../support/leak-search.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, register, signInFields, withCode } from '../support/registering.ts'
import {
  loginPersonOf,
  registerUnit,
  type SampleUnit,
  sampleUnit,
  successor,
  toHandlersCode,
  toUnitStep,
  unitFields,
} from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ clients: [clients.exam] })
})
afterAll(() => platform.close())

const valuesOf = (whose: string, person: SamplePerson) =>
  Object.fromEntries(
    (['username', 'password', 'name', 'idNumber', 'account', 'phone'] as const).map((field) => [
      `${field} of ${whose}`,
      person[field],
    ]),
  )

const valuesOfUnit = ({ unitName, code, legalRepresentative, username, password }: SampleUnit) => ({
  'name of the unit': unitName,
  'code of the unit': code,
  'username of the unit': username,
  'password of the unit': password,
  'name of the legal representative': legalRepresentative.name,
  'idNumber of the legal representative': legalRepresentative.idNumber,
})

/** Registers a unit after a refusal, changes its handler and signs in. Returns all values that were typed. */
async function useUnitFlows() {
  const unit = sampleUnit()
  const next = successor({ name: '尉迟\u{20BB7}新' })
  const at = personAtForms()
  const about = await toUnitStep(platform, at, unit)
  expect((await at.send(about, unitFields(unit))).status).toBe(422)
  expect((await registerUnit(platform, unit)).heading).toBe('注册成功')
  await causeErrorPages({ ...unitFields(unit) }, new URL(about.action, about.url).href)

  await platform.issueCard(next.person)
  const { page, fields } = await toHandlersCode(platform, at, unit, next)
  await causeErrorPages(fields, new URL(page.action, page.url).href)
  expect((await at.send(page, fields)).heading).toBe('更换成功')
  const login = await at.open(`${platform.exam.url}/login`)
  const holder = loginPersonOf({ ...unit, handler: next.person, password: next.password })
  expect((await at.send(login, signInFields(holder))).text).toContain(unit.unitName)
  return {
    ...valuesOfUnit(unit),
    ...valuesOf('the handler', { ...unit.handler, username: unit.username }),
    ...valuesOf('the new handler', holder),
    'code of the new handler': String(fields.smsCode),
  }
}

/** Sends requests with personal data that are answered with error pages. */
async function causeErrorPages(typed: Readonly<Record<string, string>>, action: string) {
  const at = personAtForms()
  const form = new URLSearchParams(typed).toString()
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    at.open(action, { method: 'POST', headers: { 'content-type': type }, body })
  const errorPages = [
    await post(form),
    await post(`${form}&name=x&name=y`),
    await post(form, 'text/plain'),
    await post(`${form}&x=${'y'.repeat(100_000)}`),
    await at.open(`${platform.issuer}/register/${'x'.repeat(22)}/bank`),
    await at.open(`${platform.issuer}/nowhere`),
    await at.open(`${platform.issuer}/auth?client_id=nobody`),
  ]
  expect(errorPages.map(({ status }) => status)).toEqual([403, 400, 415, 413, 410, 404, 400])
}

test('no personal value or credential leaks in clear into stores, log, addresses or error pages', async () => {
  const recorded = recordFetches(platform.issuer, platform.exam.url)
  const [owner, refused] = [samplePerson({ name: '欧阳𠮷' }), samplePerson({ name: '司马懿之' })]

  const at = personAtForms()
  await register(platform, at, owner)
  const ownersCode = await platform.codeFor(owner.phone)

  const refusedAt = personAtForms()
  const { page, fields } = await withCode(platform, refusedAt, refused)
  expect((await refusedAt.send(page, fields)).status).toBe(422)
  await platform.simulator('PUT', '/faults', { bank: 'error' })
  expect((await refusedAt.send(page, fields)).status).toBe(503)
  await platform.simulator('PUT', '/faults', { bank: 'ok' })
  await causeErrorPages({ ...refused, ...bankFields(refused) }, new URL(page.action, page.url).href)

  const login = await at.open(`${platform.exam.url}/login`)
  const mistyped = `mistyped ${randomBytes(8).toString('hex')}`
  const wrong = await at.send(login, { ...signInFields(owner), password: mistyped })
  expect(wrong.status).toBe(422)
  expect((await at.send(wrong, signInFields(owner))).text).toContain(owner.name)

  const ofUnit = await useUnitFlows()

  const { config, ask } = await relyingParty(platform.issuer, 'exam')
  const scope = 'openid offline_access profile phone identity'
  const asked = await ask({ scope, prompt: 'consent' })
  const answer = await signIn(at.browser, asked.url)
  const tokens = await asked.tokens(answer)
  const renewed = await oidc.refreshTokenGrant(config, String(tokens.refresh_token))
  recorded.stop()

  const typed = {
    ...ofUnit,
    ...valuesOf('the owner', owner),
    ...valuesOf('the refused', refused),
    mistyped,
    captcha: fixedAnswer,
    'code of the owner': ownersCode,
    'code of the refused': String(fields['smsCode']),
  }
  const given = {
    ...Object.fromEntries(recorded.credentials),
    'code of the relying party': String(answer.searchParams.get('code')),
    'first refresh token': String(tokens.refresh_token),
    'renewed access token': renewed.access_token,
    'client secret': platform.exam.clientSecret,
    ...Object.fromEntries(
      ['uup_session', 'flow', 'known', 'browser'].map((name) => {
        const [value = ''] = recorded.cookies.get(name)?.split('.') ?? []
        return [`cookie ${name}`, value]
      }),
    ),
  }
  // A credential that was not recorded would not be searched for.
  const all: Readonly<Record<string, string>> = { ...typed, ...given }
  expect(Object.keys(recorded.credentials.size ? all : {})).toEqual(
    expect.arrayContaining(['code', 'access_token', 'id_token', 'refresh_token']),
  )
  expect(Object.entries(all).filter(([, value]) => value.length < 4)).toEqual([])

  const { code: _, 'code of the relying party': __, ...notInAddresses } = all
  const leaks = {
    MongoDB: leaksIn(await mongoDump(platform.stores), all),
    Redis: leaksIn(await redisDump(platform.stores), all),
    log: leaksIn(platform.lines.join(''), all),
    // The protocol sends authorization codes in addresses (RFC 6749, 4.1.2). A code is valid once and for a minute.
    addresses: leaksIn(recorded.addresses.join('\n'), notInAddresses),
    'error pages': leaksIn(recorded.errorPages.join('\n'), all),
  }
  expect(recorded.errorPages.length).toBeGreaterThanOrEqual(7)
  expect(recorded.addresses.length).toBeGreaterThan(20)
  expect(platform.lines.length).toBeGreaterThan(20)
  expect(leaks).toEqual({ MongoDB: [], Redis: [], log: [], addresses: [], 'error pages': [] })
})

test.each([
  ['plain', (value: string) => `"${value}"`],
  ['hex', (value: string) => Buffer.from(value).toString('hex')],
  ['base64', (value: string) => Buffer.from(`xy${value}z`).toString('base64')],
  ['percent-encoded', encodeURIComponent],
])('the search finds values in the form %s', async (_, written) => {
  const { redis, mongodb, keyPrefix } = platform.stores
  const values = { name: '张三丰和他的朋友们', phone: '13812345678', code: '482913' }
  const { code, ...long } = values
  const text = Object.values(long).map(written).join(' ')
  await redis.hset(`${keyPrefix}probe`, 'field', text)
  await mongodb.collection('probe').insertOne({ text: `${text} "${code}"` })
  expect(leaksIn(await redisDump(platform.stores), long)).toEqual(['name', 'phone'])
  expect(leaksIn(await mongoDump(platform.stores), values)).toEqual(['name', 'phone', 'code'])
  await mongodb.collection('probe').drop()
})
