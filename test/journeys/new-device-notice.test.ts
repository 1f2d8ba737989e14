import { until } from '../../sandbox/ports.mjs'
import { registered, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields } from '../support/registering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())
// All tests share one network address, so its hourly limits must pass first.
beforeEach(() => turn(3600))

const messages = (phone: string): Promise<{ template: string; text: string }[]> =>
  platform.simulator('GET', `/sms/messages?phone=${phone}`)
const newDevices = async (phone: string): Promise<number> =>
  (await messages(phone)).filter(({ template }) => template === 'new-device').length

/** Waits until the queue is empty, then counts the notices that the phone received. */
async function noticeCount(phone: string): Promise<number> {
  const tasks = platform.stores.mongodb.collection('tasks')
  const waiting = { kind: 'sms', due: { $exists: true } }
  await until(async () => (await tasks.countDocuments(waiting)) === 0, {
    seconds: 60,
    what: 'the queue',
  })
  return newDevices(phone)
}

test('the first sign-in of a browser causes one notice', async () => {
  const person = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, person)
  expect(page.heading).toBe('用户信息')
  expect(await noticeCount(person.phone)).toBe(1)
  const [message] = await messages(person.phone)
  expect(message?.text).toContain('您的账户在一台新的设备上登录，如非本人操作请致电12333')
  // The same browser signs in again after its session has expired.
  turn(1801)
  await signedInAt(platform, person, '/account', at)
  expect(await noticeCount(person.phone)).toBe(1)
  await signedInAt(platform, person)
  expect(await noticeCount(person.phone)).toBe(2)
})

test('the browser that registered the account causes no notice within an hour', async () => {
  const [person, slow] = [samplePerson(), samplePerson()]
  const [at, slowly] = [personAtForms(), personAtForms()]
  await register(platform, at, person)
  await register(platform, slowly, slow)
  await signedInAt(platform, person, '/account', at)
  expect(await noticeCount(person.phone)).toBe(0)
  turn(3600)
  await signedInAt(platform, slow, '/account', slowly)
  expect(await noticeCount(slow.phone)).toBe(1)
})

test('a browser that registered one account is new to another account', async () => {
  const [mine, theirs] = [samplePerson(), await registered(platform, samplePerson())]
  const at = personAtForms()
  await register(platform, at, mine)
  await signedInAt(platform, theirs, '/account', at)
  expect(await noticeCount(theirs.phone)).toBe(1)
})

test('a wrong password causes no notice', async () => {
  const person = await registered(platform, samplePerson())
  await signedInAt(platform, { ...person, password: 'not that one' })
  expect(await noticeCount(person.phone)).toBe(0)
})

test('an account gets at most ten notices a day', async () => {
  const person = await registered(platform, samplePerson())
  for (let n = 0; n < 12; n += 1)
    expect((await signedInAt(platform, person)).page.heading).toBe('用户信息')
  expect(await noticeCount(person.phone)).toBe(10)
})

test('20 concurrent requests of 登录 cause one notice', async () => {
  const person = await registered(platform, samplePerson())
  const at = personAtForms()
  const login = await at.open(`${platform.issuer}/account`)
  await Promise.all(Array.from({ length: 20 }, () => at.send(login, signInFields(person))))
  expect(await noticeCount(person.phone)).toBe(1)
})

test('an outage of the gateway delays the notice but not the sign-in', async () => {
  const person = await registered(platform, samplePerson())
  await platform.simulator('PUT', '/faults', { sms: 'error' })
  expect((await signedInAt(platform, person)).page.heading).toBe('用户信息')
  expect(await newDevices(person.phone)).toBe(0)
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  turn(60)
  expect(await noticeCount(person.phone)).toBe(1)
})
