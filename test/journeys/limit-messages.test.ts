import { randomBytes } from 'node:crypto'
import { load } from 'cheerio'
import { caseCommand } from '../../src/cli/case-command.ts'
import type { BankOutcome } from '../../src/ports/services/bank-outcomes.ts'
import { signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { timeOf, waitEndText } from '../support/displayed-times.ts'
import { enrolled } from '../support/enrolled.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { commandOf } from '../support/operator-command.ts'
import { cardNumber, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { phoneProof, toMethodStep } from '../support/recovering.ts'
import {
  bankFields,
  loginFields,
  signInFields,
  toBankStep,
  withCode,
} from '../support/registering.ts'

const secrets = {
  DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
  DIGEST_KEY: randomBytes(32).toString('base64'),
}

/** The bank's answer to every request; if undefined, the simulator answers. */
let outcome: BankOutcome | undefined
let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({
    clock,
    env: secrets,
    interceptSimulators: (simulators) => (request, response) => {
      if (request.url !== '/bank/verifications' || !outcome) return simulators(request, response)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ outcome }))
    },
  })
})
afterAll(() => platform.close())
beforeEach(() => {
  outcome = undefined
  // The daily limits of phones, cards and addresses must pass first.
  turn(48 * 3600)
})

const { done: lookUp } = commandOf(caseCommand, () => ({
  MONGODB_URI: platform.stores.mongodbUri,
  ...secrets,
}))

/** Reads the summary at the top: its heading and the notes below the refusals. */
function summaryOf({ html }: FilledPage) {
  const $ = load(html)
  return {
    heading: $('.summary h2').text(),
    notes: $('.summary p')
      .toArray()
      .map((note) => $(note).text()),
    caseNumber: $('.case strong').text(),
    help: $('section.help').text(),
  }
}

const mismatch = '人员姓名或证件名或证件号与银行登记不匹配'
const toCorrect = '请先处理以下问题'
const codeGood = (sentAt: number) =>
  `短信验证码在 ${timeOf(sentAt + 300_000)} 前仍然有效，不必重新发送`

/** A person at the last step of the registration who has received a code. */
async function atLastStep(person = samplePerson()) {
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  return { person, at, page, try: (more = {}) => at.send(page, { ...fields, ...more }) }
}

describe('a refusal of the bank', () => {
  test('says how often the card can still be checked today, and until when the code is valid', async () => {
    const { try: send } = await atLastStep()
    const good = codeGood(clock())
    for (const checks of [4, 3, 2, 1]) {
      const refused = await send()
      expectRefusal(refused, 'form', mismatch)
      const { heading, notes } = summaryOf(refused)
      expect([heading, ...notes]).toEqual([toCorrect, `此卡今天还可核验 ${checks} 次`, good])
    }
    const [none, anew, works, code] = summaryOf(await send()).notes
    expect(none).toBe(`此卡今天还可核验 0 次，${waitEndText(clock(), 24 * 3600)}可再核验`)
    // The ID number with this phone and the flow have reached their limits too, so another card alone does not help.
    expect(anew).toBe('现在可以重新办理。')
    expect(works).toContain('用那张卡和那个号码核验')
    expect(code).toBe(good)
  })

  test('says that another card works when only the card has reached its limit', async () => {
    const account = cardNumber('621483')
    const first = await atLastStep(samplePerson({ account }))
    for (let n = 0; n < 4; n += 1) await first.try()
    const { notes } = summaryOf(await (await atLastStep(samplePerson({ account }))).try())
    expect(notes[0]).toContain('此卡今天还可核验 0 次')
    expect(notes[1]).toBe('现在可以换一张本人的银行卡核验。')
  })

  test('counts the checks of the person as well when the card is another one', async () => {
    const { try: send } = await atLastStep()
    for (let n = 0; n < 3; n += 1) await send()
    const other = summaryOf(await send({ account: cardNumber('621483') }))
    expect(other.notes[0]).toBe('此卡今天还可核验 1 次')
  })

  test('does not mention a code that expires within a minute', async () => {
    const { try: send } = await atLastStep()
    turn(241)
    expect(summaryOf(await send()).notes).toEqual(['此卡今天还可核验 4 次'])
  })

  test.each([
    ['a refusal by the card’s prefix', undefined, { account: cardNumber('622575') }],
    ['a refusal of the card by the bank', 'not_debit', {}],
  ] as const)('%s leaves the code valid, and the page says so', async (_, found, more) => {
    const { try: send } = await atLastStep()
    const good = codeGood(clock())
    outcome = found
    expect(summaryOf(await send(more)).notes).toEqual([good])
  })
})

describe('an outage', () => {
  test('of the bank has its own heading, counts no try, keeps the input and leaves the code valid', async () => {
    const { try: send, person } = await atLastStep()
    const good = codeGood(clock())
    outcome = 'unavailable'
    const refused = await send()
    expectRefusal(refused, 'form', '银行核验服务暂不可用，请稍后再试', 503)
    const { heading, notes, help } = summaryOf(refused)
    expect(heading).toBe('服务暂时不可用')
    expect(notes).toEqual([good, '本次未计入次数，您填写的内容已保留'])
    expect(refused.value('account')).toBe(person.account)
    expect(help).toBe('')
    outcome = undefined
    expect(summaryOf(await send()).notes[0]).toBe('此卡今天还可核验 4 次')
  })

  test('of the SMS gateway leaves the earlier code valid', async () => {
    const { at, page } = await atLastStep()
    const good = codeGood(clock())
    turn(60)
    await platform.simulator('PUT', '/faults', { sms: 'error' })
    const refused = await at.send(page, {}, 'send')
    await platform.simulator('PUT', '/faults', { sms: 'ok' })
    expectRefusal(refused, 'form', '短信服务暂不可用，请稍后再试', 503)
    const { heading, notes } = summaryOf(refused)
    expect([heading, ...notes]).toEqual([
      '服务暂时不可用',
      good,
      '本次未计入次数，您填写的内容已保留',
    ])
  })
})

describe('a limit', () => {
  test('names the card, the end of the limit, an alternative, the contacts and a case number', async () => {
    const account = cardNumber('621483')
    const first = await atLastStep(samplePerson({ account }))
    for (let n = 0; n < 5; n += 1) await first.try()
    const { try: send } = await atLastStep(samplePerson({ account }))
    const refused = await send()
    const sentence = `这张银行卡今天的核验次数已用完，请在${waitEndText(clock(), 24 * 3600)}再试`
    expectRefusal(refused, 'form', sentence, 429)
    expect(refused.headers.get('retry-after')).toBe(String(24 * 3600))
    const { heading, notes, help, caseNumber } = summaryOf(refused)
    expect(heading).toBe('今天的次数已用完')
    expect(notes).toEqual([
      '现在可以换一张本人的银行卡核验。',
      codeGood(clock()),
      '本次未计入次数，您填写的内容已保留',
    ])
    expect(help).toContain(
      '请致电 (0755)12333，(0755)88100099 或发邮件至 ksykwb@hrss.sz.gov.cn，并告知受理编号。',
    )
    expect(await lookUp(caseNumber)).toMatch(
      /^finding: +limit\.card: Today’s checks of this bank card are used up\.$/m,
    )
  })

  test('with a short wait is shown in seconds, without a case number, and leaves the code valid', async () => {
    const { at, page } = await atLastStep()
    const refused = await at.send(page, {}, 'send')
    expectRefusal(refused, 'form', '操作过于频繁，请在 60 秒后再试', 429)
    const { heading, notes, help } = summaryOf(refused)
    expect([heading, help]).toEqual(['请稍后再试', ''])
    expect(notes).toEqual([codeGood(clock()), '本次未计入次数，您填写的内容已保留'])
  })

  test('of a phone at 找回密码 points to recovery by security questions', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const proof = await at.send(await toMethodStep(platform, at, person.username), {})
    for (let sent = 0; sent < 5; sent += 1) {
      expect((await at.send(proof, phoneProof(person), 'send')).faults).toEqual([])
      turn(60)
    }
    const refused = await at.send(proof, phoneProof(person), 'send')
    expect(refused.faults[0]).toContain('这个手机号码今天在此浏览器的短信次数已用完')
    expect(summaryOf(refused).notes).toContain(
      '设置过密保问题的，现在可以返回上一步，用“密保问题”找回。',
    )
  })

  test('of wrong passwords names the time of day and the contacts', async () => {
    const person = await enrolled(platform)
    for (let n = 0; n < 5; n += 1) await signedInAt(platform, { ...person, password: 'wrong one' })
    turn(60)
    const { at, page } = await signedInAt(platform, { ...person, password: 'wrong one' })
    const when = waitEndText(clock(), 120)
    expectRefusal(
      page,
      'form',
      `多次输入不正确。为保护账户，请在${when}再登录，或点击“忘记密码？”`,
      429,
    )
    const { heading, notes, help } = summaryOf(page)
    // There is no note that the try was not counted, since wrong passwords are.
    expect([heading, notes]).toEqual(['请稍后再试', []])
    expect(help).toContain('请致电 (0755)12333，(0755)88100099 或发邮件至 ksykwb@hrss.sz.gov.cn，')
    const { caseNumber } = summaryOf(page)
    const again = await at.send(page, signInFields(person))
    expect([again.status, summaryOf(again).caseNumber]).toEqual([429, caseNumber])
    expect(await lookUp(caseNumber)).toMatch(
      /^tries: +2\nfinding: +login\.wait: Too many wrong tries\.$/m,
    )
    // The case number belongs to the authorization request and does not prevent the sign-in.
    turn(121)
    expect((await at.send(again, signInFields(person))).heading).toBe('用户信息')
  })

  test('names the hour and the day in English', async () => {
    const at = personAtForms()
    await at.open(`${platform.issuer}/register?lang=en`)
    const account = cardNumber('621483')
    const { page, fields } = await withCode(platform, at, samplePerson({ account }))
    for (let n = 0; n < 5; n += 1) await at.send(page, fields)
    const refused = await at.send(page, fields)
    expect(refused.faults[0]).toMatch(
      /^Today’s checks of this bank card are used up. Please try again after \d\d:\d\d tomorrow$/,
    )
    expect(summaryOf(refused).heading).toBe('No tries are left for today')
  })
})

describe('the case number', () => {
  test('stays the same for all retries of a flow, and shows support the newest facts and the tries', async () => {
    const { try: send } = await atLastStep()
    outcome = 'no_record'
    const { caseNumber } = summaryOf(await send())
    outcome = 'mismatch'
    const account = cardNumber('621483')
    expect(summaryOf(await send({ account })).caseNumber).toBe(caseNumber)
    expect(summaryOf(await send({ account })).caseNumber).toBe(caseNumber)
    const out = await lookUp(caseNumber)
    expect(out).toMatch(/^tries: +3$/m)
    expect(out).toMatch(/^finding: +mismatch/m)
    expect(out).toMatch(new RegExp(`^card: +招商银行 .*${account.slice(-4)}$`, 'm'))
    expect(summaryOf(await (await atLastStep()).try()).caseNumber).not.toBe(caseNumber)
  })

  test('stays the same when refusals of the bank lead to the limit', async () => {
    const { try: send } = await atLastStep()
    const { caseNumber } = summaryOf(await send())
    for (let n = 0; n < 4; n += 1) await send()
    const limit = await send()
    expect(limit.status).toBe(429)
    expect(summaryOf(limit).caseNumber).toBe(caseNumber)
    const out = await lookUp(caseNumber)
    expect(out).toMatch(/^tries: +6$/m)
    expect(out).toMatch(/^finding: +limit\.card/m)
    expect(out).toMatch(/^name: +林\*\*$/m)
  })
})

test('a page with an SMS code never calls the captcha 验证码', async () => {
  const strict = await testPlatform({
    clock,
    policy: (usual) => {
      const perAddress = { ...usual.smsCode.perAddress, count: 0, most: 10 } as unknown
      const smsCode = { ...usual.smsCode, perAddress } as typeof usual.smsCode
      return { ...usual, smsCode }
    },
  })
  try {
    const at = personAtForms()
    const labelOf = ({ html }: FilledPage) => load(html)('label[for=captcha]').text()
    const start = await at.open(`${strict.issuer}/register`)
    expect(labelOf(start)).toBe('验证码')
    const person = samplePerson()
    expect((await at.send(start, { ...loginFields(person), captcha: '' })).faults).toEqual([
      '请输入图中的数字',
    ])
    const bank = await toBankStep(strict, at, person)
    const page = await at.send(bank, bankFields(person), 'send')
    expect(labelOf(page)).toBe('图中的数字')
    const wrong = await at.send(page, { captcha: 'ZZZZ' }, 'send')
    expect(wrong.faults).toEqual(['图中的数字不正确或已过期，请输入新的数字'])
    const $ = load(wrong.html)
    expect(wrong.buttons).toEqual(expect.arrayContaining(['换一张', '听验证码']))
    $('button').remove()
    const words = [$('main').text(), $('img').attr('alt') ?? ''].join(' ')
    expect(words.replace(/短信验证码|“听验证码”/g, '')).not.toContain('验证码')
  } finally {
    await strict.close()
  }
})
