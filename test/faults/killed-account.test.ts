import { until } from '../../sandbox/ports.mjs'
import { closingWithCode } from '../support/account-closing.ts'
import { detailsWithCode, isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { expectAtomicChange, withOtherProof } from '../support/atomic-change.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { noticesOn } from '../support/phone-notices.ts'

jest.setTimeout(600_000)

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform()
})
afterAll(() => platform.close())
const sms = (fault: string) => platform.simulator('PUT', '/faults', { sms: fault })

test('a process killed at any change saves 用户信息 completely or not at all', () =>
  expectAtomicChange(
    platform,
    async () => {
      const { before, after } = await withOtherProof(platform)
      const { at } = await signedInAt(platform, before)
      const { save } = await detailsWithCode(platform, at, after)
      return { before, after, press: async () => (await save()).heading }
    },
    '用户信息已保存',
    1,
  ))

test('a process killed at any change requests 注销 completely or not at all, which ends all sessions and notifies the phone once', async () => {
  const closing: SamplePerson[] = []
  const seen = new Set<boolean>()
  await killAtEveryChange(platform, {
    from: 'now',
    first: 2,
    setUp: async () => {
      await sms('ok')
      const person = await registered(platform, samplePerson())
      const elsewhere = (await signedInAt(platform, person)).at
      const { at } = await signedInAt(platform, person)
      const { press } = await closingWithCode(platform, at, person)
      await sms('error')
      return { person, at, elsewhere, press }
    },
    act: ({ press }) => press(),
    check: async ({ person, at, elsewhere, press }, moment) => {
      const isClosing = async () =>
        (await platform.accounts.findByUsername(person.username))?.closingSince !== undefined
      const wasClosing = await isClosing()
      seen.add(wasClosing)
      if (!wasClosing) expect([moment, (await press()).heading]).toEqual([moment, '已申请注销'])
      expect([moment, await isClosing()]).toEqual([moment, true])
      for (const browser of [at, elsewhere])
        expect([moment, await isSignedIn(platform, browser)]).toEqual([moment, false])
      closing.push(person)
    },
  })
  expect([...seen]).toEqual([false, true])
  await sms('ok')
  for (const { phone } of closing) {
    const notices = async () =>
      (await noticesOn(platform, phone)).filter((template) => template === 'account-closing')
    await until(async () => (await notices()).length, { seconds: 60, what: 'SMS' })
    expect(await notices()).toEqual(['account-closing'])
  }
  const { mongodb } = platform.stores
  expect(await mongodb.collection('tasks').countDocuments({ kind: 'erase' })).toBe(closing.length)
})
