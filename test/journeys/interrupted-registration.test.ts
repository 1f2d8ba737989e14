import { testClock } from '../support/clock.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { loginFields, withCode } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

/** Counts the accounts and the paid calls, which must not grow. */
const counted = async () => ({
  accounts: await platform.stores.mongodb.collection('accounts').countDocuments(),
  calls: await callsOf(platform),
})

/** Saves the value of a Redis key. The returned function restores it. */
async function saveKey(key: string): Promise<() => Promise<unknown>> {
  const { redis, keyPrefix } = platform.stores
  const value = await redis.dumpBuffer(`${keyPrefix}${key}`)
  if (!value) throw new Error(`nothing at ${key}`)
  return () => redis.restore(`${keyPrefix}${key}`, 60_000, value, 'REPLACE')
}

/** Registers a person, as if the process had died before it updated the flow. */
async function interruptedAfterCreation(person: SamplePerson) {
  await platform.issueCard(person)
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const restore = await saveKey(`flow:${page.url.pathname.split('/').at(-2)}`)
  expect((await at.send(page, fields)).heading).toBe('注册成功')
  await restore()
  return { at, page, fields, before: await counted() }
}

test('the same request completes a registration that was interrupted after the account was created', async () => {
  const person = samplePerson()
  const { at, page, fields, before } = await interruptedAfterCreation(person)
  expect((await at.open(page.url.href)).step).toContain('填写验证信息')
  const again = await at.send(page, fields)
  expect(again.heading).toBe('注册成功')
  expect(again.text).toContain(`“${person.username}”`)
  expect(await counted()).toEqual(before)
})

test('a person who then chooses another username is shown the one that the account has', async () => {
  const person = samplePerson()
  const { at, page, fields, before } = await interruptedAfterCreation(person)
  const login = await at.open(page.url.href.replace(/bank$/, 'login'))
  const { captcha: _, ...other } = loginFields(samplePerson())
  expect((await at.send(login, other)).step).toContain('填写验证信息')
  expect((await at.send(page, fields)).text).toContain(`“${person.username}”`)
  expect(await counted()).toEqual(before)
})

test('the same request with the same code completes a registration that was interrupted before the account was created', async () => {
  const person = samplePerson()
  await platform.issueCard(person)
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  // The process died while it waited for the bank, and left nothing but its lock.
  const { redis, keyPrefix } = platform.stores
  const flow = `${keyPrefix}flow:${page.url.pathname.split('/').at(-2)}`
  await redis.hset(flow, 'holder', 'a process that is dead', 'until', clock() + 15_000)
  turn(15)
  expect((await at.send(page, fields)).heading).toBe('注册成功')
})
