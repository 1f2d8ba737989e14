import { countedBy } from '../support/counted.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields, withCode } from '../support/registering.ts'

let platform: TestPlatform
let counted: Awaited<ReturnType<typeof countedBy>>
beforeAll(async () => {
  platform = await testPlatform()
  counted = await countedBy(platform)
})
afterAll(async () => {
  await counted.counters.stop()
  await platform.close()
})

test('journeys are counted: steps, bank checks, messages, sign-ins, clients and limits', async () => {
  const at = personAtForms()
  const person = samplePerson()
  const done = await register(platform, at, person, `${platform.exam.url}/register`)
  const login = await at.open(new URL(String(done.link('返回业务系统登录')), done.url).href)
  const wrong = await at.send(login, { ...signInFields(person), password: 'a wrong password' })
  expect(wrong.status).toBe(422)
  expect((await at.send(wrong, signInFields(person))).url.href).toBe(`${platform.exam.url}/`)

  // Nobody put this card into the bank; the next code is asked for within a minute.
  const other = personAtForms()
  const { page, fields } = await withCode(platform, other, samplePerson())
  const refused = await other.send(page, fields)
  expect((await other.send(refused, fields, 'send')).status).toBe(429)
  expect((await other.send(refused, {})).status).toBe(422)

  // A process that stops stores what it has counted.
  await platform.restart()
  expect(await counted.today('flow-steps')).toEqual({
    'register start begun': 2,
    'register login passed': 2,
    'register identity passed': 2,
    'register bank sent': 2,
    'register bank passed': 1,
    'register bank refused': 1,
    'register bank limited': 1,
    'register bank invalid': 1,
  })
  expect(await counted.today('bank-checks')).toEqual({
    '招商银行 match': 1,
    '招商银行 no_record': 1,
  })
  expect(await counted.today('sms')).toMatchObject({ 'code sent': 2, 'code used': 1 })
  expect(await counted.today('sign-ins')).toEqual({ wrong: 1, password: 1 })
  expect(await counted.today('client-sign-ins')).toEqual({ [platform.exam.clientId]: 1 })
  // The pauses of the phone and of the browser end within the same second.
  const limits = Object.entries(await counted.today('limits'))
  expect(limits).toEqual([[expect.stringMatching(/^sms\.(browser-)?pause$/), 1]])
})
