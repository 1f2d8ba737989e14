import { until } from '../../sandbox/ports.mjs'
import { testClock } from '../support/clock.ts'
import { waitEndText } from '../support/displayed-times.ts'
import { enrolled } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { messagesOf, personFields, toCodeStep } from '../support/recovering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())
// The daily limits of phones, browsers and addresses must pass first.
beforeEach(() => turn(25 * 3600))

const messagesTo = (person: SamplePerson, count: number) => messagesOf(platform, person, count)

/** Expects the limit of the typed identity, which is worded alike for known and unknown people. */
function expectSpent(page: FilledPage) {
  const when = waitEndText(clock(), Number(page.headers.get('retry-after')))
  expectRefusal(page, 'form', chinese('limit.identity', { when }), 429)
  expect(page.text).toContain(chinese('works.changePhone'))
}

describe('the limits of SMS codes apply to the typed identity', () => {
  const nobody = samplePerson
  const somebody = () => enrolled(platform)

  test.each([
    ['a known person', somebody],
    ['an unknown person', nobody],
  ])('%s gets one code a minute from all browsers together', async (_, who) => {
    const typed = personFields(await who())
    const first = personAtForms()
    const page = await toCodeStep(platform, first, typed)
    expect((await first.send(page, {}, 'send')).faults).toEqual([])
    turn(18)
    const other = personAtForms()
    const elsewhere = await toCodeStep(platform, other, typed)
    for (const early of [
      await first.send(page, {}, 'send'),
      await other.send(elsewhere, {}, 'send'),
    ]) {
      expectRefusal(early, 'form', '操作过于频繁，请在 42 秒后再试', 429)
      expect(early.headers.get('retry-after')).toBe('42')
    }
  })

  test.each([
    ['a known person', somebody],
    ['an unknown person', nobody],
  ])('%s gets 5 codes a day from one network, whatever the browser', async (_, who) => {
    const typed = personFields(await who())
    const at = personAtForms()
    const page = await toCodeStep(platform, at, typed)
    for (let sent = 0; sent < 5; sent += 1) {
      turn(60)
      expect((await at.send(page, {}, 'send')).faults).toEqual([])
    }
    turn(60)
    const other = personAtForms()
    expectSpent(await other.send(await toCodeStep(platform, other, typed), {}, 'send'))
  })

  test('the codes that strangers request for a phone are not theirs, so that they cannot use them up', async () => {
    const person = await enrolled(platform)
    for (let sent = 0; sent < 10; sent += 1) {
      turn(60)
      const at = personAtForms()
      const typed = await at.open(`${platform.issuer}/recover/password`)
      const method = await at.send(typed, { username: 'whoever', captcha: fixedAnswer })
      const page = await at.send(await at.send(method, {}), { phone: person.phone }, 'send')
      expect(page.faults).toEqual([])
    }
    await messagesTo(person, 10)
    const at = personAtForms()
    const page = await toCodeStep(platform, at, personFields(person))
    expect((await at.send(page, {}, 'send')).faults).toEqual([])
    await messagesTo(person, 11)
  })

  test('an address must solve a captcha for each code beyond thirty an hour', async () => {
    const at = personAtForms()
    for (let sent = 0; sent < 30; sent += 1) {
      const page = await toCodeStep(platform, at, personFields(samplePerson()))
      expect((await at.send(page, {}, 'send')).faults).toEqual([])
    }
    const page = await toCodeStep(platform, at, personFields(samplePerson()))
    const owes = await at.send(page, {}, 'send')
    expectRefusal(owes, 'captcha', '为保护您的账户，请先输入图中的数字再继续')
    expect(owes.has('captcha')).toBe(true)
    expectRefusal(
      await at.send(owes, {}, 'send'),
      'captcha',
      '为保护您的账户，请先输入图中的数字再继续',
    )
    // 手机号已停用？ sends no message, so it needs no captcha.
    expect((await at.send(owes, {}, 'otherPhone')).heading).toBe('填写信息')
    expect((await at.send(owes, { captcha: fixedAnswer }, 'send')).faults).toEqual([])
  })
})

describe('the SMS gateway', () => {
  afterEach(async () => {
    await platform.simulator('PUT', '/faults', { sms: 'ok' })
    await platform.settled()
    // The circuit breaker allows a new try after 15 seconds.
    turn(15)
  })

  test('does not count a failed message against the phone', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const page = await toCodeStep(platform, at, personFields(person))
    await platform.simulator('PUT', '/faults', { sms: 'error' })
    await at.send(page, {}, 'send')
    await platform.settled()
    await platform.simulator('PUT', '/faults', { sms: 'ok' })
    turn(60)
    await at.send(page, {}, 'send')
    await messagesTo(person, 1)
  })

  test('shows an outage only once the circuit breaker is open, to known and unknown people alike', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => enrolled(platform)))
    await platform.simulator('PUT', '/faults', { sms: 'down' })
    for (const person of people) {
      const at = personAtForms()
      const page = await toCodeStep(platform, at, personFields(person))
      expect((await at.send(page, {}, 'send')).faults).toEqual([])
      await platform.settled()
    }
    for (const person of [await enrolled(platform), samplePerson()]) {
      const at = personAtForms()
      const page = await toCodeStep(platform, at, personFields(person))
      const refused = await at.send(page, {}, 'send')
      expectRefusal(refused, 'form', '短信服务暂不可用，请稍后再试', 503)
      expect(refused.headers.get('retry-after')).toBe('15')
    }
  })

  test('does not delay the page, which is sent before the message', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const page = await toCodeStep(platform, at, personFields(person))
    await platform.simulator('PUT', '/faults', { sms: 'slow' })
    const before = await platform.simulator('GET', '/calls')
    const sent = await at.send(page, {}, 'send')
    // The gateway answers after 30 seconds, so the page cannot have waited for it.
    expect([sent.status, sent.faults]).toEqual([200, []])
    await until(async () => (await platform.simulator('GET', '/calls')).sms > before.sms, {
      seconds: 20,
      what: 'the call of the gateway',
    })
    expect(await platform.messages(person.phone)).toEqual([])
  })
})
