import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../sandbox/ports.mjs'
import { closingWithCode } from '../support/account-closing.ts'
import { registered, signedInAt } from '../support/account-pages.ts'
import { frequentPolling, testClock } from '../support/clock.ts'
import { chinese } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

const day = 24 * 3600
let platform: TestPlatform
const { clock, turn } = testClock()
beforeEach(async () => {
  platform = await testPlatform({ clock, policy: frequentPolling, env: { LIMITS_SCALE: '60000' } })
})
afterEach(() => platform.close())

const collection = (name: string) => platform.stores.mongodb.collection(name)
const accounts = () => collection('accounts').countDocuments()

/** Registers two people, of whom one requests 注销. Returns both and the closing account's id. */
async function closing() {
  const [gone, stays] = [samplePerson(), samplePerson()]
  await registered(platform, gone)
  const [goneId] = await collection('accounts').distinct('_id')
  await registered(platform, stays)
  await signedInAt(platform, stays)
  const { at } = await signedInAt(platform, gone)
  expect((await (await closingWithCode(platform, at, gone)).press()).heading).toBe('已申请注销')
  return { gone, stays, goneId: String(goneId) }
}

/** Advances the clock by fifteen days and waits for the erasure. */
async function cooledOff() {
  turn(15 * day)
  const done = async () => (await collection('tasks').countDocuments({ kind: 'erase' })) === 0
  await until(done, { seconds: 60, what: 'the erasure' })
}

test('an account is not erased a second before fifteen days have passed', async () => {
  await closing()
  turn(15 * day - 1)
  // The queue polls four times in this second.
  await sleep(1000)
  expect(await accounts()).toBe(2)
  turn(1)
  await until(async () => (await accounts()) === 1, { seconds: 60, what: 'the erasure' })
})

test('after fifteen days the account is gone, and its username and document are free', async () => {
  const { gone, stays } = await closing()
  await cooledOff()
  const refused = (await signedInAt(platform, gone)).page
  expect(refused.faults).toEqual([chinese('login.wrong')])
  expect((await signedInAt(platform, stays)).page.heading).toBe('用户信息')
  await registered(platform, gone)
  expect((await signedInAt(platform, gone)).page.heading).toBe('用户信息')
})

test('the erasure keeps events without the account id, and leaves it in no session, grant or task', async () => {
  const { goneId } = await closing()
  const audit = collection('audit')
  const events = await audit.countDocuments()
  const own = await audit.countDocuments({ accountId: goneId })
  expect(own).toBeGreaterThan(2)
  const [grants] = [await collection('oidc.Grant').distinct('account')]
  expect(grants).toHaveLength(2)
  await cooledOff()
  expect(await audit.countDocuments({ accountId: goneId })).toBe(0)
  expect(await audit.countDocuments()).toBe(events + 1)
  const erased = await audit.findOne({ what: 'account-erased' })
  expect(await audit.countDocuments({ accountId: erased?.['accountId'] })).toBe(own + 1)
  expect(await collection('oidc.Grant').distinct('account')).toHaveLength(1)
  const { redis, keyPrefix } = platform.stores
  const dump = JSON.stringify([
    await redis.keys(`${keyPrefix}*`),
    await Promise.all(
      (await platform.stores.mongodb.listCollections()).map(({ name }) =>
        collection(name).find().toArray(),
      ),
    ),
  ])
  expect(dump).not.toContain(goneId)
})

test('an erasure that was interrupted after deleting the account is completed later', async () => {
  const { goneId } = await closing()
  const { closingSince = 0 } = (await platform.accounts.findById(goneId)) ?? {}
  expect(await platform.accounts.erase(goneId, closingSince)).toBe(true)
  await cooledOff()
  expect(await collection('audit').countDocuments({ accountId: goneId })).toBe(0)
  expect(await collection('oidc.Grant').distinct('account')).toHaveLength(1)
})
