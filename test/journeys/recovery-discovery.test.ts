import { testClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { enrol } from '../support/enrolled.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { changeFields, personFields, phoneProof } from '../support/recovering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

const twoDays = 48 * 3600 * 1000
const begun = clock()

/** Advances the clock past every limit to the same time of day, since pages show the time at which a limit ends. */
const anotherDay = () => turn((twoDays - ((clock() - begun) % twoDays)) / 1000)

/** The answer to one request. */
type Answer = {
  readonly asked: string
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

/** A person without script whose every answer is recorded, redirects included. */
function recordingPerson() {
  const answers: Answer[] = []
  const browser = cookieBrowser()
  const recording: typeof browser = {
    ...browser,
    async visit(address, _until, init) {
      const path = [new URL(address)]
      let response = await browser.request(address, init)
      for (;;) {
        const body = await response.clone().text()
        const asked = `${init?.method ?? 'GET'} ${path.at(-1)?.pathname} ${response.status}`
        answers.push({ asked, status: response.status, headers: headersOf(response), body })
        const location = response.headers.get('location')
        if (!location) return { response, text: body, path }
        path.push(new URL(location, path.at(-1)))
        response = await browser.request(String(path.at(-1)))
      }
    },
  }
  return { at: personAtForms(recording), answers }
}

const headersOf = ({ headers }: Response) =>
  [...headers]
    .filter(([name]) => !['date', 'x-request-id'].includes(name))
    .map(
      ([name, value]) => `${name}: ${value.replace(/=[^;]+/, '=…').replace(/expires=[^;]+/, '')}`,
    )

/** Replaces random values: ids of flows and captchas, tokens, cookies, case numbers. */
const normalised = ({ asked, headers, ...answer }: Answer) => ({
  ...answer,
  asked: withoutRandom(asked),
  headers: headers.map(withoutRandom),
  body: withoutRandom(answer.body),
})
const withoutRandom = (text: string) =>
  text
    .replace(/(recover\/\w+\/)[\w-]{22}/g, '$1ID')
    .replace(/name="token" value="[\w-]{43}"/g, 'name="token" value="TOKEN"')
    .replace(/\/captcha\/[\w-]+\./g, '/captcha/ID.')
    .replace(/>[0-9A-Z]{4}-[0-9A-Z]{4}</g, '>NUMBER<')

const wrongCodes = ['', '12', '000000', '000001', '000002', '000003', '000004', '000005']

/** Presses every button of 找回用户名 without access to the phone. */
async function findUsername(person: SamplePerson): Promise<readonly Answer[]> {
  const { at, answers } = recordingPerson()
  const identity = await at.open(`${platform.issuer}/recover/username`)
  await at.send(identity, { ...personFields(person), captcha: '' })
  const code = await at.send(identity, personFields(person))
  await at.send(code, { smsCode: '000000' })
  await at.send(code, {}, 'send')
  await at.send(code, {}, 'send')
  for (const smsCode of wrongCodes) await at.send(code, { smsCode })
  turn(61)
  await at.open(code.url.href)
  await at.send(code, {}, 'send')
  for (let sent = 2; sent < 6; sent += 1) {
    turn(61)
    await at.send(code, {}, 'send')
  }
  await at.send(code, {}, 'back')
  await at.send(identity, { name: person.name })
  await changePhone(person, await at.send(code, {}, 'otherPhone'), at)
  return answers
}

/** Presses every button of 找回密码, with the code sent to the attacker's own phone. */
async function resetPassword(person: SamplePerson): Promise<readonly Answer[]> {
  const { at, answers } = recordingPerson()
  const start = await at.open(`${platform.issuer}/recover/password`)
  const method = await at.send(start, { username: person.username, captcha: fixedAnswer })
  for (let tries = 0; tries < 7; tries += 1) await at.send(method, {}, 'questions')
  const proof = await at.send(method, {})
  const own = { ...phoneProof(person), phone: '13912345678' }
  await at.send(proof, own)
  await at.send(proof, own, 'send')
  await at.send(proof, { ...own, smsCode: '000' })
  const smsCode = await platform.codeFor(own.phone)
  for (let tries = 0; tries < 6; tries += 1) await at.send(proof, { ...own, smsCode })
  await at.send(proof, {}, 'back')
  await changePhone(person, await at.send(proof, own, 'otherPhone'), at)
  return answers
}

/** Goes through 更换手机号 without a confirmation by the bank. */
async function changePhone(
  person: SamplePerson,
  details: Awaited<ReturnType<ReturnType<typeof personAtForms>['open']>>,
  at: ReturnType<typeof personAtForms>,
) {
  const own = { ...changeFields(person), phone: '13987654321' }
  await at.send(details, own, 'send')
  const smsCode = await platform.codeFor(own.phone)
  for (let tries = 0; tries < 6; tries += 1) await at.send(details, { ...own, smsCode })
}

describe.each([
  ['找回用户名', findUsername, 40],
  ['找回密码', resetPassword, 35],
] as const)('%s', (_, walk, atLeast) => {
  test('gives the same answers for an account without 密保 and for an unknown one', async () => {
    const person = samplePerson()
    anotherDay()
    const nobody = await walk(person)
    await enrol(platform, person)
    anotherDay()
    const somebody = await walk(person)
    expect(somebody.length).toBeGreaterThan(atLeast)
    expect(somebody.map(normalised)).toEqual(nobody.map(normalised))
    expect(new Set(somebody.map(({ status }) => status))).toEqual(new Set([200, 303, 422, 429]))
  })
})

test('找回用户名 gives the same answers for a wrong name and for an unknown person', async () => {
  const person = samplePerson()
  const another = { ...person, name: '林大满' }
  anotherDay()
  const nobody = await findUsername(another)
  await enrol(platform, person)
  anotherDay()
  expect((await findUsername(another)).map(normalised)).toEqual(nobody.map(normalised))
})

test('the comparison detects a difference', async () => {
  const [one, other] = [samplePerson(), samplePerson()]
  anotherDay()
  const first = await findUsername(one)
  anotherDay()
  expect((await findUsername(other)).map(normalised)).not.toEqual(first.map(normalised))
})
