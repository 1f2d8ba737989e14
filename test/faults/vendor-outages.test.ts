import { policy } from '../../config/limits-and-lifetimes.ts'
import { until } from '../../sandbox/ports.mjs'
import { testClock } from '../support/clock.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, toBankStep, withCode } from '../support/registering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
/** The breaker opens so late that every attempt reaches the service. */
const manyFailures = 20
beforeAll(async () => {
  platform = await testPlatform({
    clock,
    policy: (usual) => ({
      ...usual,
      externalServices: breaker(usual.externalServices, manyFailures),
    }),
    interceptSimulators: (simulators) => async (request, response) => {
      if (request.url === '/bank/verifications') await bankMayAnswer
      simulators(request, response)
    },
  })
})
afterAll(() => platform.close())
/** The bank receives every request and answers when this resolves. */
let bankMayAnswer = Promise.resolve()
afterEach(() => platform.simulator('PUT', '/faults', { bank: 'ok', sms: 'ok' }))

const breaker = <Rule extends object>(usual: Rule, breakerFailures: number) =>
  ({ ...usual, breakerFailures }) as unknown as Rule

const fails = (service: 'bank' | 'sms', how: string, at = platform) =>
  at.simulator('PUT', '/faults', { [service]: how })
const isRegistered = ({ heading }: FilledPage) => heading === '注册成功'
const noBank = '银行核验服务暂不可用，请稍后再试'
const noSms = '短信服务暂不可用，请稍后再试'

function expectOutage(page: FilledPage, sentence: string) {
  expectRefusal(page, 'form', sentence, 503)
  expect(page.headers.get('retry-after')).toBe('15')
  expect(page.step).toContain('填写验证信息')
}

/** A person at the last step whose card the bank knows. */
async function atLastStep(of = platform) {
  const [at, person] = [personAtForms(), samplePerson()]
  await of.issueCard(person)
  const { page, fields } = await withCode(of, at, person)
  return { person, finish: () => at.send(page, fields) }
}

describe.each(['error', 'down'])('a bank whose service is in the state %s', (how) => {
  test('is reported on the page; no limit is counted, the input is kept, and registration works when the bank does', async () => {
    const { person, finish } = await atLastStep()
    await fails('bank', how)
    // These are more checks than the card, the ID and the phone may have in a day.
    for (let n = 0; n < 6; n += 1) {
      const page = await finish()
      expectOutage(page, noBank)
      expect(page.value('account')).toBe(person.account)
    }
    await fails('bank', 'ok')
    expect(isRegistered(await finish())).toBe(true)
  })
})

describe.each(['error', 'down'])('an SMS gateway in the state %s', (how) => {
  test('is reported on the page; no limit is counted, the input is kept, and a code is sent when the gateway works', async () => {
    const [at, person] = [personAtForms(), samplePerson()]
    await platform.issueCard(person)
    const page = await toBankStep(platform, at, person)
    await fails('sms', how)
    for (let n = 0; n < 6; n += 1) {
      const refused = await at.send(page, bankFields(person), 'send')
      expectOutage(refused, noSms)
      expect(refused.value('phone')).toBe(person.phone)
      expect(refused.text).not.toContain('短信已发送至')
    }
    await fails('sms', 'ok')
    const sent = await at.send(page, bankFields(person), 'send')
    expect(sent.text).toContain('短信已发送至')
    const smsCode = await platform.codeFor(person.phone)
    expect(isRegistered(await at.send(sent, { smsCode }))).toBe(true)
  })
})

test('a bank and a gateway that answer after 30 s are reported before', async () => {
  // The specification promises an answer within 10 s (section 5).
  expect(policy().externalServices.timeout).toBeLessThan(10)
  const { finish } = await atLastStep()
  const [at, person] = [personAtForms(), samplePerson()]
  const page = await toBankStep(platform, at, person)
  await platform.simulator('PUT', '/faults', { bank: 'slow', sms: 'slow' })
  const [noAnswer, notSent] = await Promise.all([
    finish(),
    at.send(page, bankFields(person), 'send'),
  ])
  expectOutage(noAnswer, noBank)
  expectOutage(notSent, noSms)
  await platform.simulator('PUT', '/faults', { bank: 'ok', sms: 'ok' })
  expect(isRegistered(await finish())).toBe(true)
})

describe('an answer of the bank that comes after the deadline', () => {
  const bankCalls = async () => (await platform.simulator('GET', '/calls')).bank
  /** Expects an outage because the bank has not answered yet. Returns a function that lets the bank answer. */
  async function outageWhileBankIsSlow(finish: () => Promise<FilledPage>) {
    let answer = () => {}
    bankMayAnswer = new Promise((resolve) => {
      answer = resolve
    })
    expectOutage(await finish(), noBank)
    return answer
  }

  test('is used by the next attempt, so the bank is called once', async () => {
    const { finish } = await atLastStep()
    const before = await bankCalls()
    const answer = await outageWhileBankIsSlow(finish)
    const next = finish()
    answer()
    expect(isRegistered(await next)).toBe(true)
    expect(await bankCalls()).toBe(before + 1)
  })

  test('is used by one further attempt only if it is no match', async () => {
    const { person, finish } = await atLastStep()
    await platform.simulator('DELETE', `/bank/cards/${person.account}`)
    const before = await bankCalls()
    const answer = await outageWhileBankIsSlow(() => finish())
    answer()
    await until(async () => (await bankCalls()) === before + 1, { seconds: 60, what: 'the bank' })
    const mismatch = '人员姓名或证件名或证件号与银行登记不匹配'
    expectRefusal(await finish(), 'form', mismatch)
    expect(await bankCalls()).toBe(before + 1)
    await platform.issueCard(person)
    expect(isRegistered(await finish())).toBe(true)
    expect(await bankCalls()).toBe(before + 2)
  })
})

test('a code that was sent before an outage of the gateway is still valid', async () => {
  const [at, person] = [personAtForms(), samplePerson()]
  await platform.issueCard(person)
  const { page, fields } = await withCode(platform, at, person)
  turn(60)
  await fails('sms', 'down')
  expectOutage(await at.send(page, fields, 'send'), noSms)
  expect(isRegistered(await at.send(page, fields))).toBe(true)
})

describe('the circuit breaker', () => {
  let withLowThreshold: TestPlatform
  beforeAll(async () => {
    withLowThreshold = await testPlatform({
      clock,
      policy: (usual) => ({ ...usual, externalServices: breaker(usual.externalServices, 3) }),
    })
  })
  afterAll(() => withLowThreshold.close())

  test.each(['bank', 'sms'] as const)(
    'stops calls to a %s that fails, and sends a trial request after 15 s',
    async (service) => {
      const calls = async () => (await withLowThreshold.simulator('GET', '/calls'))[service]
      const { finish } = await atLastStep(withLowThreshold)
      const [at, person] = [personAtForms(), samplePerson()]
      const page = await toBankStep(withLowThreshold, at, person)
      const send = () => at.send(page, bankFields(person), 'send')
      const [press, sentence] = service === 'bank' ? [finish, noBank] : [send, noSms]

      await fails(service, 'error', withLowThreshold)
      const before = await calls()
      for (let n = 0; n < 5; n += 1) expectOutage(await press(), sentence)
      expect(await calls()).toBe(before + 3)

      turn(15)
      expectOutage(await press(), sentence)
      expectOutage(await press(), sentence)
      expect(await calls()).toBe(before + 4)

      await fails(service, 'ok', withLowThreshold)
      expectOutage(await press(), sentence)
      turn(15)
      const recovered = await press()
      expect(recovered.faults).toEqual([])
      expect(await calls()).toBe(before + 5)
    },
  )

  test('logs when it opens and closes', () => {
    const lines = withLowThreshold.lines.map((line) => JSON.parse(line))
    const states = lines.filter(({ msg }) => msg === 'circuit breaker')
    expect(states.map(({ service, state }) => `${service} ${state}`)).toEqual([
      'bank open',
      'bank closed',
      'sms open',
      'sms closed',
    ])
  })
})
