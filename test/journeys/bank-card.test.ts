import { load } from 'cheerio'
import type { BankOutcome } from '../../src/ports/services/bank-outcomes.ts'
import { testClock } from '../support/clock.ts'
import { waitEndText } from '../support/displayed-times.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'

/** The bank's answer to every request; if undefined, the simulator answers. */
let outcome: BankOutcome | undefined
let asked = 0
let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({
    clock,
    interceptSimulators: (simulators) => (request, response) => {
      const isBank = request.url === '/bank/verifications'
      asked += isBank ? 1 : 0
      if (!isBank || !outcome) return simulators(request, response)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ outcome }))
    },
  })
})
afterAll(() => platform.close())
beforeEach(() => {
  outcome = undefined
  asked = 0
  // All tests share one network address, so its hourly limits must pass first.
  turn(3600)
})

const mismatch = '人员姓名或证件名或证件号与银行登记不匹配'
const onlyDebit = '不支持信用卡，请使用借记卡或深圳金融社保卡'
/** Expects the message of a reached limit, its end, and an alternative. */
function expectSpent(page: FilledPage, limit: string, works: string) {
  const when = waitEndText(clock(), Number(page.headers.get('retry-after')))
  expectRefusal(page, 'form', `${limit}今天的核验次数已用完，请在${when}再试`, 429)
  expect(page.text).toContain(works)
}
const otherCard = '现在可以换一张本人的银行卡核验。'
const otherCardAndPhone = '如在其他银行卡预留了另一个手机号码，现在可以用那张卡和那个号码核验。'
const isRegistered = ({ heading }: FilledPage) => heading === '注册成功'

/** A person at the last step who has received a code. */
async function atLastStep(person: SamplePerson = samplePerson()) {
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  return {
    person,
    try: (more = {}) => at.send(page, { ...fields, ...more }),
    /** Requests and reads a code for another phone. */
    async codeTo(phone: string) {
      await at.send(page, { ...fields, phone }, 'send')
      return platform.codeFor(phone)
    },
  }
}

describe('the last step', () => {
  test('checks the form, the SMS code, the card kind and the bank in this order', async () => {
    const { try: send, person } = await atLastStep()
    const credit = cardNumber('622575')
    const wrongForm = await send({ bankConsent: '', smsCode: '000000', account: credit })
    expectRefusal(
      wrongForm,
      'bankConsent',
      '请勾选“我同意将银行账号仅用于核验身份”，否则无法核验身份',
    )
    const wrongCode = await send({ smsCode: '000000', account: credit })
    expectRefusal(wrongCode, 'smsCode', '短信验证码不正确，请核对最近收到的短信')
    expectRefusal(await send({ account: credit }), 'account', onlyDebit)
    expect(asked).toBe(0)
    expectRefusal(await send(), 'form', mismatch)
    expect(asked).toBe(1)
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
    expect(asked).toBe(2)
  })

  test('does not count a try of the code for an invalid form', async () => {
    const { try: send, person } = await atLastStep()
    for (let n = 0; n < 6; n += 1) await send({ smsCode: '000000', account: '123' })
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })
})

describe('the card’s first digits', () => {
  test('refuse a credit card or another bank before the paid bank check, and count no try', async () => {
    const { try: send, person } = await atLastStep()
    for (let n = 0; n < 6; n += 1) {
      expectRefusal(await send({ account: cardNumber('622575') }), 'account', onlyDebit)
      const other = await send({ bank: '建设银行' })
      expectRefusal(other, 'account', '银行账号与所选银行不一致，请检查银行或账号')
    }
    expect(asked).toBe(0)
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })

  test('leave an unknown prefix to the bank', async () => {
    const { try: send, person } = await atLastStep(samplePerson({ account: cardNumber('699999') }))
    await platform.issueCard(person, 'credit')
    expectRefusal(await send(), 'account', onlyDebit)
    await platform.issueCard(person, 'debit')
    expect(isRegistered(await send())).toBe(true)
  })
})

describe('a finding of the bank', () => {
  test.each<[BankOutcome, field: string, sentence: string]>([
    ['mismatch', 'form', mismatch],
    ['no_record', 'form', mismatch],
    ['card_unusable', 'form', mismatch],
    ['not_debit', 'account', onlyDebit],
    ['unsupported_bank', 'bank', '暂不支持该银行'],
    ['unsupported_document', 'form', '该证件类型暂不能在线核验，请致电12333'],
  ])('%s has its own message, and the code stays valid', async (found, field, sentence) => {
    const { try: send, person } = await atLastStep()
    outcome = found
    const refused = await send()
    expectRefusal(refused, field, sentence)
    expect(refused.faults).toEqual([sentence])
    for (const kept of ['bank', 'account', 'phone'] as const)
      expect(refused.value(kept)).toBe(person[kept])
    expect(refused.value('smsCode')).toBe('')
    outcome = undefined
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })

  test('quota is treated as an outage and counts no try', async () => {
    const { try: send, person } = await atLastStep()
    outcome = 'quota'
    for (let n = 0; n < 6; n += 1)
      expectRefusal(await send(), 'form', '银行核验服务暂不可用，请稍后再试', 503)
    outcome = undefined
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })

  test('the audit trail has the checks that reached the bank, and none of an open circuit breaker', async () => {
    const { try: send, person } = await atLastStep()
    const recorded = () =>
      platform.stores.mongodb.collection('audit').countDocuments({ what: 'bank-checked' })
    const before = await recorded()
    outcome = 'unavailable'
    for (let n = 0; n < 8; n += 1)
      expectRefusal(await send(), 'form', '银行核验服务暂不可用，请稍后再试', 503)
    expect([asked, (await recorded()) - before]).toEqual([5, 5])
    outcome = undefined
    turn(15)
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })

  test('a mismatch gets the same page whether name, ID, phone or bank differs', async () => {
    const person = samplePerson()
    const { try: send } = await atLastStep(person)
    const answers = new Set<string>()
    for (const other of [
      { name: '林小滿' },
      { idNumber: samplePerson().idNumber },
      { phone: samplePerson().phone },
      { bank: '平安银行' },
    ]) {
      await platform.issueCard({ ...person, ...other })
      const { html, status } = await send()
      answers.add(
        `${status} ${html.replace(/[\w-]{20,}|[2-9A-Z]{4}-[2-9A-Z]{4}|今天还可核验 \d 次/g, '')}`,
      )
    }
    expect(answers.size).toBe(1)
  })
})

describe('a refusal of the bank', () => {
  test('shows the advice of question 七 of the guide in its order, with a case number', async () => {
    const { try: send } = await atLastStep()
    outcome = 'no_record'
    const refused = await send()
    const $ = load(refused.html)
    expect($('#bank-help').text()).toBe('银行核验未通过怎么办')
    const steps = $('section.help li')
      .toArray()
      .map((item) => $(item).text())
    expect(steps).toHaveLength(4)
    for (const [at, words] of ['核对填写信息', '更换银行卡', '发卡行窗口', '与我们联系'].entries())
      expect(steps[at]).toContain(words)
    expect(steps[3]).toMatch(/受理编号 [2-9A-Z]{4}-[2-9A-Z]{4}/)
    expect(steps[3]).toContain('ksykwb@hrss.sz.gov.cn')
  })

  test('shows no such advice when its message already says what to do', async () => {
    const { try: send } = await atLastStep()
    outcome = 'not_debit'
    expect((await send()).html).not.toContain('bank-help')
  })
})

describe('the daily limit', () => {
  const refusedBy = async (send: () => Promise<FilledPage>, times: number) => {
    for (let n = 0; n < times; n += 1) expectRefusal(await send(), 'form', mismatch)
  }

  test('allows 5 checks of a card in all flows together', async () => {
    const account = cardNumber('621483')
    const [first, second] = [
      await atLastStep(samplePerson({ account })),
      await atLastStep(samplePerson({ account })),
    ]
    await refusedBy(first.try, 3)
    await refusedBy(second.try, 2)
    for (const { try: send } of [first, second]) {
      const refused = await send()
      expectSpent(refused, '这张银行卡', otherCard)
      expect(refused.headers.get('retry-after')).toBe(String(24 * 3600))
      expect(refused.value('account')).toBe(account)
    }
    expect(asked).toBe(5)
    // Another card of the same person can be checked at once.
    const own = { ...second.person, account: cardNumber('621483') }
    await platform.issueCard(own)
    expect(isRegistered(await second.try({ account: own.account }))).toBe(true)
  })

  test('allows 5 checks of an ID with one phone, and 10 in all', async () => {
    const person = samplePerson()
    const fromPhone = async () => {
      const { phone } = samplePerson()
      const { try: send } = await atLastStep({ ...person, phone })
      return () => send({ account: cardNumber('621483') })
    }
    const [one, two, three] = [await fromPhone(), await fromPhone(), await fromPhone()]
    await refusedBy(one, 5)
    expectSpent(await one(), '这个证件号和手机号码', otherCardAndPhone)
    await refusedBy(two, 4)
    await refusedBy(three, 1)
    for (const send of [two, three])
      expectSpent(await send(), '这个证件号', '这段时间可以先到发卡行核对')
    expect(asked).toBe(10)
  })

  test('allows 10 checks with one proved phone, whoever it is said to belong to', async () => {
    const { phone } = samplePerson()
    const newPerson = async () => {
      turn(60)
      const { try: send } = await atLastStep(samplePerson({ phone }))
      return () => send({ account: cardNumber('621483') })
    }
    for (const times of [4, 4, 2]) await refusedBy(await newPerson(), times)
    expectSpent(await (await newPerson())(), '这个手机号码', otherCardAndPhone)
    expect(asked).toBe(10)
  })

  test('allows 5 checks in one flow, with whatever card and phone', async () => {
    const { try: send, codeTo } = await atLastStep()
    const another = () => send({ account: cardNumber('621483') })
    await refusedBy(another, 3)
    const { phone } = samplePerson()
    const smsCode = await codeTo(phone)
    const withOther = () => send({ account: cardNumber('621483'), phone, smsCode })
    await refusedBy(withOther, 2)
    const sixth = await withOther()
    const when = waitEndText(clock(), Number(sixth.headers.get('retry-after')))
    expectRefusal(sixth, 'form', `本次办理的核验次数已用完，请在${when}再试`, 429)
    expect(sixth.text).toContain('现在可以重新办理。')
    expect(asked).toBe(5)
  })

  test('ends 24 hours after the first check', async () => {
    const person = samplePerson()
    const { try: send } = await atLastStep(person)
    await refusedBy(send, 5)
    turn(24 * 3600 - 1)
    const { try: tooEarly } = await atLastStep(person)
    const oneSecond = '这张银行卡今天的核验次数已用完，请在 1 秒后再试'
    expectRefusal(await tooEarly(), 'form', oneSecond, 429)
    turn(1)
    await platform.issueCard(person)
    expect(isRegistered(await tooEarly())).toBe(true)
  })
})
