import { until } from '../../sandbox/ports.mjs'
import { enrolled, setQuestions, threeAnswers } from '../support/enrolled.ts'
import { digits, type SamplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  messagesOf,
  newPassword,
  personFields,
  toCodeStep,
  toMethodStep,
  toResetStep,
  waitingForUsername,
  withChangeCode,
} from '../support/recovering.ts'

let platform: TestPlatform
beforeAll(async () => {
  // Two processes stand behind a load balancer.
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' }, processes: 2 })
})
afterAll(() => platform.close())

const twenty = <T>(press: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 20 }, (_, n) => press(n)))
const headings = (pages: readonly FilledPage[]) => new Set(pages.map(({ heading }) => heading))
const versionOf = async ({ username }: SamplePerson) =>
  (await platform.accounts.findByUsername(username))?.version

/** Waits until the queue is empty, and returns the templates that the phone received. */
const templates = async (person: SamplePerson, count: number) => {
  const waiting = { kind: 'sms', sealed: { $exists: true } }
  const queued = () => platform.stores.mongodb.collection('tasks').countDocuments(waiting)
  await until(async () => (await queued()) === 0, { seconds: 60, what: 'the queue' })
  const messages = await messagesOf(platform, person, count)
  return messages.map(({ template }: { template: string }) => template)
}

test('20 concurrent requests of the last step of 找回用户名 send one message', async () => {
  const person = await enrolled(platform)
  const { at, page, code } = await waitingForUsername(platform, person)
  const pages = await twenty(() => at.send(page, { smsCode: code }))
  expect(headings(pages)).toEqual(new Set(['找回用户名成功']))
  expect(await templates(person, 2)).toEqual(['username', 'code'])
  expect(await versionOf(person)).toBe(1)
})

test('20 concurrent requests of 重置密码 change the account once and notify the phone once', async () => {
  const person = await enrolled(platform)
  const at = personAtForms()
  const reset = await toResetStep(platform, at, person)
  const pages = await twenty(() => at.send(reset, newPassword('a brand new passphrase')))
  expect(headings(pages)).toEqual(new Set(['重置成功']))
  expect(await templates(person, 2)).toEqual(['password-reset', 'code'])
  expect(await versionOf(person)).toBe(2)
})

test('only one of 20 concurrent recoveries of an account resets the password, and the others restart', async () => {
  const person = await enrolled(platform)
  await setQuestions(platform, person)
  const [answer1, answer2, answer3] = Object.values(threeAnswers)
  const proved: { at: ReturnType<typeof personAtForms>; reset: FilledPage }[] = []
  for (let n = 0; n < 20; n += 1) {
    const at = personAtForms()
    const questions = await at.send(
      await toMethodStep(platform, at, person.username),
      {},
      'questions',
    )
    const answers = { answer1, answer2, answer3 } as Record<string, string>
    proved.push({ at, reset: await at.send(questions, answers) })
  }
  const pages = await Promise.all(
    proved.map(({ at, reset }, n) => at.send(reset, newPassword(`the passphrase of number ${n}`))),
  )
  expect(pages.filter(({ heading }) => heading === '重置成功')).toHaveLength(1)
  expect(pages.filter(({ heading }) => heading === '输入用户名')).toHaveLength(19)
  expect(await templates(person, 1)).toEqual(['password-reset'])
  // Setting the questions was the first change.
  expect(await versionOf(person)).toBe(3)
})

test('20 concurrent requests of 更换手机号 change the account once, ask the bank once and notify each phone once', async () => {
  const before = await enrolled(platform)
  const now = { ...before, phone: `13${digits(9)}` }
  await platform.issueCard(now)
  const at = personAtForms()
  const offers = await toCodeStep(platform, at, personFields(before))
  const { page, fields } = await withChangeCode(platform, at, offers, now)
  const { bank } = await platform.simulator('GET', '/calls')
  const pages = await twenty(() => at.send(page, fields))
  expect(headings(pages)).toEqual(new Set(['更换成功']))
  expect((await platform.simulator('GET', '/calls')).bank).toBe(bank + 1)
  expect(await templates(now, 2)).toEqual(['phone-changed', 'code'])
  expect(await templates(before, 1)).toEqual(['phone-changed-old'])
  expect(await versionOf(before)).toBe(2)
})
