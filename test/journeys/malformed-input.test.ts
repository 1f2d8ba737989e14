import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { clients, relyingParty } from '../sso/platform.ts'
import {
  encoded,
  expectExplanation,
  invalidValues,
  malformedBodies,
} from '../support/malformed-input.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { rawRequest } from '../support/raw-request.ts'
import {
  bankFields,
  identityFields,
  loginFields,
  register,
  signInFields,
} from '../support/registering.ts'
import { settled } from '../support/settled.ts'
import {
  addToRegistry,
  claimantFields,
  registerUnit,
  sampleUnit,
  successor,
  unitFields,
  unitLoginFields,
} from '../support/units.ts'

type Form = {
  readonly page: FilledPage
  readonly right: Readonly<Record<string, string>>
  /** A field that accepts any text, since only a later page checks it. */
  readonly free?: string
}

let platform: TestPlatform
let forms: readonly Form[]
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' }, clients: [clients.shop] })
  forms = await everyForm()
})
afterAll(() => platform.close())

const at = personAtForms()

/** Every page with a form, and its valid input. */
async function everyForm(): Promise<readonly Form[]> {
  const [owner, person, other] = [samplePerson(), samplePerson(), samplePerson()]
  await register(platform, at, owner)
  const login = await at.open(`${platform.issuer}/register`)
  const identity = await at.send(login, loginFields(person))
  const bank = await at.send(identity, identityFields(person))
  const signIn = await at.open(`${platform.exam.url}/login`)
  const { url } = await (await relyingParty(platform.issuer, 'shop')).ask()
  const consent = await at.send(await at.open(url), signInFields(owner))
  return [
    { page: await at.open(`${platform.issuer}/register`), right: loginFields(other) },
    { page: identity, right: identityFields(person) },
    { page: bank, right: { ...bankFields(person), smsCode: '123456' } },
    { page: signIn, right: signInFields(owner) },
    { page: consent, right: {} },
    ...(await formsOfUnits()),
  ]
}

async function formsOfUnits(): Promise<readonly Form[]> {
  const [unit, next] = [sampleUnit(), successor()]
  await addToRegistry(platform, unit)
  const login = await at.open(`${platform.issuer}/register/organisation`)
  const about = await at.send(login, unitLoginFields(unit))
  const handler = await at.send(about, unitFields(unit))
  const bank = await at.send(handler, claimantFields(unit.handler))
  const registered = sampleUnit()
  await registerUnit(platform, registered)
  const { username, password } = registered
  const account = await at.open(`${platform.issuer}/organisation/handler`)
  const credentials = { username, password, captcha: fixedAnswer }
  const person = await at.send(account, credentials)
  const chosen = await at.send(person, claimantFields(next.person))
  const both = { password: next.password, passwordAgain: next.password }
  const last = await at.send(chosen, both)
  const { unitName, idType, idNumber } = unitFields(unit)
  const named = { unitName, idType, idNumber, captcha: fixedAnswer }
  const representative = await at.open(`${platform.issuer}/organisation/legal-representative`)
  return [
    { page: about, right: { ...unitFields(unit) } },
    { page: handler, right: claimantFields(unit.handler) },
    { page: bank, right: { ...bankFields(unit.handler), smsCode: '123456' } },
    { page: await at.open(account.url.href.replace(/[\w-]+\/account$/, '')), right: credentials },
    { page: person, right: claimantFields(next.person) },
    { page: last, right: { ...bankFields(next.person), smsCode: '123456' } },
    { page: representative, right: named, free: 'unitName' },
  ]
}

const formType = 'application/x-www-form-urlencoded'

const post = ({ action, url }: FilledPage, body: string, type = formType) =>
  at.open(new URL(action, url).href, { method: 'POST', headers: { 'content-type': type }, body })

/** `audit` and `counters` also record refused input, and each minute a process signs a head. */
const growing = ['audit', 'audit_heads', 'counters']

/** Counts the documents of each other collection. */
async function stored(): Promise<readonly (readonly [string, number])[]> {
  await settled(platform)
  const { mongodb } = platform.stores
  const names = (await mongodb.listCollections()).map(({ name }) => name).sort()
  return Promise.all(
    names
      .filter((name) => !growing.includes(name))
      .map(async (name) => [name, await mongodb.collection(name).countDocuments()] as const),
  )
}

test('the list covers a form of each kind', () => {
  expect(forms.map(({ page: { heading } }) => heading)).toEqual([
    '填写登录信息',
    '填写身份信息',
    '填写验证信息',
    '登录',
    '授权',
    '填写单位信息',
    '填写经办人信息',
    '填写验证信息',
    '验证单位账户',
    '填写经办人信息',
    '填写验证信息',
    '填写单位信息',
  ])
})

test('every invalid value of every field is refused with an explanation and stores nothing', async () => {
  const before = await stored()
  for (const { page, right, free } of forms) {
    const whole = { ...page.typed, ...right, action: 'next' }
    // The captcha comes first, since it is not checked again after a right answer.
    for (const field of new Set(['captcha', ...Object.keys(whole)])) {
      if (!(field in whole)) continue
      const about = `${page.heading}: ${field}`
      for (const [how, spoil] of Object.entries(invalidValues)) {
        if (field === free && how === 'another type') continue
        // The issuing country counts for 护照 alone, and no form here has one.
        if (field === 'idCountry') continue
        const wrong = { ...whole, [field]: spoil(right[field] ?? '') }
        expectExplanation(await post(page, encoded(wrong)), `${about} ${how}`)
      }
      for (const [how, body] of Object.entries(malformedBodies(whole, field)))
        expectExplanation(await post(page, body), `${about} ${how}`)
    }
  }
  expect(await stored()).toEqual(before)
})

test('a body that is not a valid form is refused with an explanation', async () => {
  const before = await stored()
  for (const { page, right } of forms) {
    const fields = encoded({ ...page.typed, ...right, action: 'next' })
    for (const [body, type] of [
      [fields, `${formType}; charset=gbk`],
      [fields, `${formType}; charset=utf-16`],
      [JSON.stringify(right), 'application/json'],
      [fields, 'text/plain'],
      [`--x\r\n${fields}\r\n--x--`, 'multipart/form-data; boundary=x'],
      [`${fields}&x=${'y'.repeat(100_000)}`, formType],
      [`${fields}&${'x&'.repeat(10_000)}`, formType],
      [`${fields}&x${'[x]'.repeat(5000)}=y`, formType],
      ['', formType],
    ] as const)
      expectExplanation(await post(page, body, type), `${page.heading}: ${type} ${body.length}`)
  }
  expect(await stored()).toEqual(before)
})

test.each<[string, Record<string, string>, string | Buffer | undefined]>([
  ['without a type', {}, 'username=abcd'],
  ['without a body', { 'content-type': formType }, undefined],
  ['without either', {}, undefined],
  ['with an invalid type', { 'content-type': ';;;' }, 'username=abcd'],
  ['in invalid UTF-8', { 'content-type': formType }, Buffer.from([0x61, 0x3d, 0xff])],
  [
    'with gzip',
    { 'content-type': formType, 'content-encoding': 'gzip' },
    gzipSync('username=abcd'),
  ],
  ['with invalid gzip', { 'content-type': formType, 'content-encoding': 'gzip' }, 'username=abcd'],
  ['with an unknown encoding', { 'content-type': formType, 'content-encoding': 'zzz' }, 'a=b'],
])('a form %s is refused with an explanation', async (_, headers, body) => {
  for (const { page } of forms) {
    const path = new URL(page.action, page.url).pathname
    const request = { method: 'POST', headers, ...(body !== undefined && { body }) }
    const { status, text } = await rawRequest(platform.issuer, path, request)
    expect([page.heading, status >= 400 && status < 500]).toEqual([page.heading, true])
    expect(text).toMatch(/<p>.*。/)
  }
})

test('invalid cookies are ignored', async () => {
  const junk = ['%', '%E0%A4%A', 'a.b.c', '"', '\\u0000', 'x'.repeat(3000)]
  const names = [
    'flow',
    'browser',
    'lang',
    'text',
    'system',
    'known',
    'uup_session',
    'uup_interaction',
  ]
  const paths = [
    '/register',
    ...forms.map(({ page }) => page.url.pathname),
    '/interaction/x',
    '/auth/x',
  ]
  for (const value of junk) {
    const cookie = names.map((name) => `${name}=${value}`).join('; ')
    for (const path of paths) {
      const { status } = await rawRequest(platform.issuer, path, { headers: { cookie } })
      expect([path, value, status < 500]).toEqual([path, value, true])
    }
  }
})

test('no combination of fields causes a server error', async () => {
  const before = await stored()
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('__proto__', 'constructor', '[]', '%', 'yes', '+86', 'resident_id'),
  )
  const known = [...new Set(forms.flatMap(({ right }) => Object.keys(right)))]
  const field = fc.oneof(odd, fc.constantFrom('action', ...known))
  await fc.assert(
    fc.asyncProperty(
      fc.nat(forms.length - 1),
      fc.dictionary(field, odd, { maxKeys: 6 }),
      fc.boolean(),
      fc.boolean(),
      async (which, fields, withToken, withRest) => {
        const form = forms[which]
        if (!form) throw new Error('no such form')
        const { page, right } = form
        const rest = withRest ? right : {}
        const token = withToken ? { token: page.typed['token'] ?? '' } : {}
        // On the consent page `next` needs no other input, so it would succeed.
        const action = page.heading === '授权' ? 'odd' : 'next'
        const answer = await post(page, encoded({ action, ...rest, ...fields, ...token }))
        expect(answer.status).toBeLessThan(500)
        expect(answer.heading).not.toBe('')
      },
    ),
    { numRuns: 150 },
  )
  expect(await stored()).toEqual(before)
})

test('no request above has logged an error', () => {
  const levels = platform.lines.map((line) => JSON.parse(line).level)
  expect(levels.filter((level) => level >= 50)).toEqual([])
})
