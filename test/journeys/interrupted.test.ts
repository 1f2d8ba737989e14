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

/** What must not grow: accounts, and calls that somebody pays for. */
const counted = async () => ({
  accounts: await platform.stores.mongodb.collection('accounts').countDocuments(),
  calls: await callsOf(platform),
})

/** What Redis holds under a key; the function puts it back, as if nothing had been written since. */
async function kept(key: string): Promise<() => Promise<unknown>> {
  const { redis, keyPrefix } = platform.stores
  const value = await redis.dumpBuffer(`${keyPrefix}${key}`)
  if (!value) throw new Error(`nothing at ${key}`)
  return () => redis.restore(`${keyPrefix}${key}`, 60_000, value, 'REPLACE')
}

/** Registers; then the process died before it could note that in the flow. */
async function cutOff(person: SamplePerson) {
  await platform.issueCard(person)
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const restore = await kept(`flow:${page.url.pathname.split('/').at(-2)}`)
  expect((await at.send(page, fields)).heading).toBe('注册成功')
  await restore()
  return { at, page, fields, before: await counted() }
}

test('a registration that was cut off after the account was made is finished by the same press', async () => {
  const person = samplePerson()
  const { at, page, fields, before } = await cutOff(person)
  expect((await at.open(page.url.href)).step).toContain('填写验证信息')
  const again = await at.send(page, fields)
  expect(again.heading).toBe('注册成功')
  expect(again.text).toContain(`“${person.username}”`)
  expect(await counted()).toEqual(before)
})

test('whoever goes back then and takes another name is told the one that the account has', async () => {
  const person = samplePerson()
  const { at, page, fields, before } = await cutOff(person)
  const login = await at.open(page.url.href.replace(/bank$/, 'login'))
  const { captcha: _, ...other } = loginFields(samplePerson())
  expect((await at.send(login, other)).step).toContain('填写验证信息')
  expect((await at.send(page, fields)).text).toContain(`“${person.username}”`)
  expect(await counted()).toEqual(before)
})

test('one that was cut off before the account was made is done by the same press, with the same code', async () => {
  const person = samplePerson()
  await platform.issueCard(person)
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  // The process died while the bank was asked: what it had to keep others out is all that it left.
  const { redis, keyPrefix } = platform.stores
  const flow = `${keyPrefix}flow:${page.url.pathname.split('/').at(-2)}`
  await redis.hset(flow, 'holder', 'a process that is dead', 'until', clock() + 15_000)
  turn(15)
  expect((await at.send(page, fields)).heading).toBe('注册成功')
})
