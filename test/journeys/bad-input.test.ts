import fc from 'fast-check'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, identityFields, loginFields, signInFields } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())

const at = personAtForms()
const person = samplePerson()

/** Every form of the platform, with what would be right for it. */
async function forms(): Promise<
  readonly (readonly [FilledPage, Readonly<Record<string, string>>])[]
> {
  const login = await at.open(`${platform.issuer}/register`)
  const identity = await at.send(login, loginFields(person))
  const bank = await at.send(identity, identityFields(person))
  const signIn = await at.open(`${platform.exam.url}/login`)
  const first = await at.open(`${platform.issuer}/register`)
  const { captcha, ...others } = loginFields({ ...person, username: `o.${person.username}` })
  return [
    // The captcha first: answered rightly it isn't asked again.
    [first, { captcha, ...others }],
    [identity, identityFields(person)],
    [bank, { ...bankFields(person), smsCode: '123456' }],
    [signIn, signInFields(person)],
  ]
}

const post = (page: FilledPage, body: string, type = 'application/x-www-form-urlencoded') =>
  at.open(new URL(page.action, page.url).href, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })

const encoded = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString()

/** A 4xx that says something; never a fault. */
function expectTold(page: FilledPage, what: string): void {
  expect([what, page.status >= 400 && page.status < 500]).toEqual([what, true])
  expect(page.heading).not.toBe('')
}

const spoiled: Readonly<Record<string, (value: string) => string>> = {
  empty: () => '',
  'over-long': () => 'a1'.repeat(2000),
  'with control characters': (value) => `${value}\u0000\u0007`,
  'half a character': () => '\ufffd',
  'another type': () => '{"$gt":""}',
}

test('each field of each form, spoiled in every way, is told and stores nothing', async () => {
  const { mongodb } = platform.stores
  for (const [page, right] of await forms()) {
    for (const field of Object.keys(right)) {
      for (const [how, spoil] of Object.entries(spoiled)) {
        const fields = { ...page.typed, ...right, action: 'next', captcha: fixedAnswer }
        const wrong = { ...fields, [field]: spoil(right[field] ?? '') }
        expectTold(await post(page, encoded(wrong)), `${page.heading}: ${field} ${how}`)
      }
      const whole = { ...page.typed, ...right, action: 'next' }
      const shapes = {
        doubled: `${encoded(whole)}&${field}=x`,
        'an array': encoded(whole).replace(`${field}=`, `${field}[]=`),
        nested: encoded(whole).replace(`${field}=`, `${field}[$ne]=`),
        'no percent-encoding': `${encoded(whole)}&x=%E5%A7&y=%zz`,
      }
      for (const [how, body] of Object.entries(shapes))
        expectTold(await post(page, body), `${page.heading}: ${field} ${how}`)
    }
  }
  expect(await mongodb.collection('accounts').countDocuments()).toBe(0)
}, 120_000)

test('a body that is no form of ours is told', async () => {
  for (const [page, right] of await forms()) {
    const fields = encoded({ ...page.typed, ...right, action: 'next' })
    const form = 'application/x-www-form-urlencoded'
    for (const [body, type] of [
      [fields, `${form}; charset=gbk`],
      [fields, `${form}; charset=utf-16`],
      [JSON.stringify(right), 'application/json'],
      [fields, 'text/plain'],
      [`${fields}&x=${'y'.repeat(100_000)}`, form],
      ['', form],
    ] as const)
      expectTold(await post(page, body, type), `${page.heading}: ${type} ${body.length}`)
  }
}, 60_000)

test('whatever else is sent, it is never a fault', async () => {
  const pages = await forms()
  const odd = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', '[]', '%', 'next'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.nat(pages.length - 1),
      fc.dictionary(fc.oneof(odd, fc.constantFrom('action', 'token', 'captcha', 'name')), odd),
      fc.boolean(),
      async (which, fields, withToken) => {
        const page = pages[which]?.[0]
        if (!page) throw new Error('no such page')
        const typed = withToken ? { ...fields, token: page.typed['token'] ?? '' } : fields
        const answer = await post(page, encoded(typed))
        expect(answer.status).toBeLessThan(500)
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)
