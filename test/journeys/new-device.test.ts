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
// Another hour for the address, which all of us share.
beforeEach(() => turn(3600))

const messages = (phone: string): Promise<{ template: string; text: string }[]> =>
  platform.simulator('GET', `/sms/messages?phone=${phone}`)
const newDevices = async (phone: string): Promise<number> =>
  (await messages(phone)).filter(({ template }) => template === 'new-device').length

/** Notices go out by the queue: once nothing waits in it. */
async function told(phone: string): Promise<number> {
  const tasks = platform.stores.mongodb.collection('tasks')
  const waiting = { kind: 'sms', due: { $exists: true } }
  await until(async () => (await tasks.countDocuments(waiting)) === 0, {
    seconds: 60,
    what: 'the queue',
  })
  return newDevices(phone)
}

test('a browser that never signed in with the account is told of, once', async () => {
  const person = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, person)
  expect(page.heading).toBe('用户信息')
  expect(await told(person.phone)).toBe(1)
  const [message] = await messages(person.phone)
  expect(message?.text).toContain('您的账户在一台新的设备上登录，如非本人操作请致电12333')
  // By the same browser again, although it signed out meanwhile.
  turn(1801)
  await signedInAt(platform, person, '/account', at)
  expect(await told(person.phone)).toBe(1)
  await signedInAt(platform, person)
  expect(await told(person.phone)).toBe(2)
})

test('the browser that registered is not new, within an hour', async () => {
  const [person, slow] = [samplePerson(), samplePerson()]
  const [at, slowly] = [personAtForms(), personAtForms()]
  await register(platform, at, person)
  await register(platform, slowly, slow)
  await signedInAt(platform, person, '/account', at)
  expect(await told(person.phone)).toBe(0)
  turn(3600)
  await signedInAt(platform, slow, '/account', slowly)
  expect(await told(slow.phone)).toBe(1)
})

test('who registered here is no stranger to that account alone', async () => {
  const [mine, theirs] = [samplePerson(), await registered(platform, samplePerson())]
  const at = personAtForms()
  await register(platform, at, mine)
  await signedInAt(platform, theirs, '/account', at)
  expect(await told(theirs.phone)).toBe(1)
})

test('a wrong password tells nobody', async () => {
  const person = await registered(platform, samplePerson())
  await signedInAt(platform, { ...person, password: 'not that one' })
  expect(await told(person.phone)).toBe(0)
})

test('ten a day are enough, whoever goes on signing in', async () => {
  const person = await registered(platform, samplePerson())
  for (let n = 0; n < 12; n += 1)
    expect((await signedInAt(platform, person)).page.heading).toBe('用户信息')
  expect(await told(person.phone)).toBe(10)
})

test('twenty presses of 登录 at once are one sign-in and one notice', async () => {
  const person = await registered(platform, samplePerson())
  const at = personAtForms()
  const login = await at.open(`${platform.issuer}/account`)
  await Promise.all(Array.from({ length: 20 }, () => at.send(login, signInFields(person))))
  expect(await told(person.phone)).toBe(1)
})

test('a gateway that rests delays the notice, and the sign-in not at all', async () => {
  const person = await registered(platform, samplePerson())
  await platform.simulator('PUT', '/faults', { sms: 'error' })
  expect((await signedInAt(platform, person)).page.heading).toBe('用户信息')
  expect(await newDevices(person.phone)).toBe(0)
  await platform.simulator('PUT', '/faults', { sms: 'ok' })
  turn(60)
  expect(await told(person.phone)).toBe(1)
}, 20_000)
