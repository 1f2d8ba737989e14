import { until } from '../../sandbox/ports.mjs'
import { testClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { enrolled } from '../support/enrolled.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { personFields, toCodeStep, withChangeCode } from '../support/recovering.ts'
import { bankFields, toBankStep, withCode } from '../support/registering.ts'

/** Two processes behind a proxy, with the same small budgets. */
let platform: TestPlatform
const { clock, turn } = testClock()
beforeEach(async () => {
  platform = await testPlatform({
    clock,
    processes: 2,
    env: { TRUST_PROXY: '1', SMS_BUDGET_HOUR: '10', BANK_BUDGET_HOUR: '2' },
  })
})
afterEach(() => platform.close())

let hosts = 0
/** A person at a new address in a network of its own (RFC 2544). */
function stranger() {
  hosts += 1
  return personAtForms(cookieBrowser({ 'x-forwarded-for': `198.18.${hosts}.1` }))
}
const sent = async () => (await platform.simulator('GET', '/calls')).sms
const audited = (what: string) =>
  platform.stores.mongodb.collection('audit').find({ what }).toArray()
const alarms = async () => (await audited('budget-alarm')).map(({ detail }) => detail).sort()

/** Requests a code for a new phone from a new address. Returns the answer. */
async function requestCode() {
  const [at, person] = [stranger(), samplePerson()]
  const page = await toBankStep(platform, at, person)
  return () => at.send(page, bankFields(person), 'send')
}

describe('the budget for messages', () => {
  test('is never exceeded, its reserve serves registered people, and notices wait for it', async () => {
    const requests = await Promise.all(Array.from({ length: 50 }, requestCode))
    const pages = await Promise.all(requests.map((request) => request()))
    for (const page of pages) {
      expect([page.status, page.faults]).toEqual([200, []])
      expect(page.text).toContain('短信已发送至')
    }
    // 30 % are reserved for registered people.
    expect(await sent()).toBe(7)
    const recorded = await audited('sms-sent')
    expect(recorded).toHaveLength(7)
    expect(new Set(recorded.map(({ flow }) => flow)).size).toBe(7)
    expect(await alarms()).toEqual(['sms.hour.50', 'sms.hour.shared'])

    const owners = [await enrolled(platform), await enrolled(platform), await enrolled(platform)]
    const recoveries = []
    for (const owner of owners) {
      const at = stranger()
      const page = await toCodeStep(platform, at, personFields(owner))
      const answer = await at.send(page, {}, 'send')
      recoveries.push({ at, page: answer, smsCode: await platform.codeFor(owner.phone) })
    }
    expect(await sent()).toBe(10)
    expect(await audited('sms-sent')).toContainEqual(
      expect.objectContaining({ accountId: expect.any(String), detail: 'username-recovery' }),
    )
    expect(await alarms()).toEqual([
      'sms.hour.100',
      'sms.hour.50',
      'sms.hour.80',
      'sms.hour.shared',
    ])
    expect(platform.lines.filter((line) => line.includes('"budget alarm"'))).toHaveLength(4)
    const alerts = platform.stores.mongodb.collection('operator_alerts')
    expect((await alerts.distinct('detail', { kind: 'budget' })).sort()).toEqual(await alarms())

    // The username is a notice: it waits until the messages are an hour old.
    const [first] = recoveries
    const [owner] = owners
    if (!first || !owner) throw new Error('nobody has recovered anything')
    const done = await first.at.send(first.page, { smsCode: first.smsCode })
    expect(done.heading).toBe('找回用户名成功')
    const postponed = () =>
      platform.stores.mongodb
        .collection('tasks')
        .countDocuments({ kind: 'sms', lease: { $exists: false }, due: { $gt: new Date(clock()) } })
    await until(async () => (await postponed()) === 1, { seconds: 60, what: 'the wait' })
    expect(await sent()).toBe(10)
    turn(3660)
    const templates = async () =>
      (await platform.messages(owner.phone)).map(({ template }: { template: string }) => template)
    await until(async () => (await templates()).includes('username'), {
      seconds: 60,
      what: 'the username',
    })
    expect(await sent()).toBe(11)
  })
})

describe('the budget for bank checks', () => {
  test('is an outage for strangers once only the reserve is left, which serves registered people', async () => {
    const checkOf = async () => {
      const [at, person] = [stranger(), samplePerson()]
      await platform.issueCard(person)
      const { page, fields } = await withCode(platform, at, person)
      return at.send(page, fields)
    }
    expect((await checkOf()).heading).toBe('注册成功')
    expectRefusal(await checkOf(), 'form', '银行核验服务暂不可用，请稍后再试', 503)
    // The bank was asked once, so one check is in the audit trail.
    expect(await audited('bank-checked')).toHaveLength(1)

    const owner = await enrolled(platform)
    const changed = { ...owner, phone: samplePerson().phone }
    await platform.issueCard(changed)
    const at = stranger()
    const offers = await toCodeStep(platform, at, personFields(owner))
    const { page, fields } = await withChangeCode(platform, at, offers, changed)
    expect((await at.send(page, fields)).faults).toEqual([])
    expect((await platform.simulator('GET', '/calls')).bank).toBe(2)
    expect(await audited('bank-checked')).toContainEqual(
      expect.objectContaining({
        ...{ accountId: expect.any(String), flow: expect.any(String), detail: 'match' },
      }),
    )
    expect((await alarms()).filter((alarm) => alarm.startsWith('bank'))).toEqual([
      'bank.hour.100',
      'bank.hour.50',
      'bank.hour.80',
      'bank.hour.shared',
    ])
  })
})
