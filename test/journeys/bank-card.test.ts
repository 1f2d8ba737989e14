import { load } from 'cheerio'
import type { BankOutcome } from '../../src/ports/services/bank-verification.ts'
import { testClock } from '../support/clock.ts'
import { waitEndText } from '../support/displayed-times.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'

/** What the bank link answers whatever it is asked; undefined: the simulator answers. */
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
  // Another hour for the address, which all of us share.
  turn(3600)
})

const mismatch = '人员姓名或证件名或证件号与银行登记不匹配'
const onlyDebit = '不支持信用卡，请使用借记卡或深圳金融社保卡'
/** The limit that was reached, until when, and what still works. */
function expectSpent(page: FilledPage, limit: string, works: string) {
  const when = waitEndText(clock(), Number(page.headers.get('retry-after')))
  expectRefusal(page, 'form', `${limit}今天的核验次数已用完，请在${when}再试`, 429)
  expect(page.text).toContain(works)
}
const otherCard = '现在可以换一张本人的银行卡核验。'
const otherCardAndPhone = '如在其他银行卡预留了另一个手机号码，现在可以用那张卡和那个号码核验。'
const isRegistered = ({ heading }: FilledPage) => heading === '注册成功'

/** Somebody at the last step, with a code on their phone. */
async function atLastStep(person: SamplePerson = samplePerson()) {
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  return { person, try: (more = {}) => at.send(page, { ...fields, ...more }) }
}

describe('the last step looks in this order', () => {
  test('form, SMS code, card kind, bank', async () => {
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

  test('a wrong form costs no try of the code', async () => {
    const { try: send, person } = await atLastStep()
    for (let n = 0; n < 6; n += 1) await send({ smsCode: '000000', account: '123' })
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })
})

describe('what the card’s first digits tell', () => {
  test('is said before anyone is paid, and costs nothing', async () => {
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

  test('and what they do not tell, the bank does', async () => {
    const { try: send, person } = await atLastStep(samplePerson({ account: cardNumber('699999') }))
    await platform.issueCard(person, 'credit')
    expectRefusal(await send(), 'account', onlyDebit)
    await platform.issueCard(person, 'debit')
    expect(isRegistered(await send())).toBe(true)
  })
})

describe('what the bank finds', () => {
  test.each<[BankOutcome, field: string, sentence: string]>([
    ['mismatch', 'form', mismatch],
    ['no_record', 'form', mismatch],
    ['card_unusable', 'form', mismatch],
    ['not_debit', 'account', onlyDebit],
    ['unsupported_bank', 'bank', '暂不支持该银行'],
    ['unsupported_document', 'form', '该证件类型暂不能在线核验，请致电12333'],
  ])('%s is said in its words, and the code stays good', async (found, field, sentence) => {
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

  test('quota is an outage: it costs nothing', async () => {
    const { try: send, person } = await atLastStep()
    outcome = 'quota'
    for (let n = 0; n < 6; n += 1)
      expectRefusal(await send(), 'form', '银行核验服务暂不可用，请稍后再试', 503)
    outcome = undefined
    await platform.issueCard(person)
    expect(isRegistered(await send())).toBe(true)
  })

  test('one of name, ID, phone and bank that differs is told like any other', async () => {
    const person = samplePerson()
    const { try: send } = await atLastStep(person)
    const told = new Set<string>()
    for (const other of [
      { name: '林小滿' },
      { idNumber: samplePerson().idNumber },
      { phone: samplePerson().phone },
      { bank: '平安银行' },
    ]) {
      await platform.issueCard({ ...person, ...other })
      const { html, status } = await send()
      told.add(
        `${status} ${html.replace(/[\w-]{20,}|[2-9A-Z]{4}-[2-9A-Z]{4}|今天还可核验 \d 次/g, '')}`,
      )
    }
    expect(told.size).toBe(1)
  })
})

describe('a refusal of the bank', () => {
  test('walks through question 七 of the guide in its order, with a case number', async () => {
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

  test('that says by itself what to do has no such help', async () => {
    const { try: send } = await atLastStep()
    outcome = 'not_debit'
    expect((await send()).html).not.toContain('bank-help')
  })
})

describe('a day', () => {
  const refusedBy = async (send: () => Promise<FilledPage>, times: number) => {
    for (let n = 0; n < times; n += 1) expectRefusal(await send(), 'form', mismatch)
  }

  test('has 5 checks of a card, whoever asks', async () => {
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
    // Another card of theirs may be asked about at once.
    const own = { ...second.person, account: cardNumber('621483') }
    await platform.issueCard(own)
    expect(isRegistered(await second.try({ account: own.account }))).toBe(true)
  })

  test('has 5 checks of an ID from one phone, and 10 in all', async () => {
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

  test('is 24 hours from the first', async () => {
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
