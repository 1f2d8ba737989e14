import { testClock } from '../support/clock.ts'
import { waitEndText } from '../support/displayed-times.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, toBankStep, withCode } from '../support/registering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

const expired = '短信验证码已失效，请重新发送（有效期 5 分钟，仅限本次填写的手机号码）'
const wrong = '短信验证码不正确，请核对最近收到的短信'
const spent = '这个短信验证码的 5 次机会已用完，请重新发送短信验证'
const another = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0')

/** A person with a valid card at the page that asks for the SMS code, and the code. */
async function waiting(person: SamplePerson = samplePerson(), at = personAtForms()) {
  await platform.issueCard(person)
  const { page, fields } = await withCode(platform, at, person)
  const type = (smsCode: string, more = {}) => at.send(page, { ...fields, smsCode, ...more })
  return { at, person, page, code: fields.smsCode, type }
}
const isRegistered = ({ heading }: FilledPage) => heading === '注册成功'

test('a code is sent to the phone in one sentence, and the page shows the masked number', async () => {
  const { page, person, code } = await waiting()
  const [message] = await platform.messages(person.phone)
  expect(message).toMatchObject({ phone: person.phone, template: 'code', params: { code } })
  expect(message.text).toContain(`验证码${code}，5分钟内有效`)
  const masked = `${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`
  expect(page.text).toContain(`短信已发送至 ${masked}，5 分钟内有效。60 秒后仍未收到可再次发送。`)
  expect(page.value('phone')).toBe(person.phone)
})

describe('a code', () => {
  test('is accepted at the fifth try', async () => {
    const { code, type } = await waiting()
    for (let tries = 1; tries < 5; tries += 1)
      expectRefusal(await type(another(code, tries)), 'smsCode', wrong)
    expect(isRegistered(await type(code))).toBe(true)
  })

  test('is refused after five wrong tries, which the fifth refusal says', async () => {
    const { code, type } = await waiting()
    for (let tries = 0; tries < 4; tries += 1)
      expectRefusal(await type(another(code)), 'smsCode', wrong)
    const last = await type(another(code))
    expectRefusal(last, 'smsCode', spent)
    expect(last.text).not.toContain('5 分钟内有效')
    expectRefusal(await type(code), 'smsCode', spent)
  })

  test('allows at most five of 20 concurrent tries', async () => {
    const { code, type } = await waiting()
    const tries = Array.from({ length: 20 }, (_, n) => type(another(code, n + 1)))
    const pages = await Promise.all(tries)
    expect(pages.filter(({ faults }) => faults[0] === wrong)).toHaveLength(4)
    expect(pages.filter(({ faults }) => faults[0] === spent)).toHaveLength(16)
    expectRefusal(await type(code), 'smsCode', spent)
  })

  test('is valid for five minutes', async () => {
    const [early, late] = [await waiting(), await waiting()]
    turn(299)
    expect(isRegistered(await early.type(early.code))).toBe(true)
    turn(1)
    expectRefusal(await late.type(late.code), 'smsCode', expired)
  })

  test('is not valid for another phone', async () => {
    const { code, type } = await waiting()
    const other = samplePerson().phone
    expectRefusal(await type(code, { phone: other }), 'smsCode', expired)
    expect(isRegistered(await type(code))).toBe(true)
  })

  test('is not valid in another flow of the same person, phone and browser', async () => {
    const first = await waiting()
    const other = await toBankStep(platform, first.at, first.person)
    const typed = { ...bankFields(first.person), smsCode: first.code }
    expectRefusal(await first.at.send(other, typed), 'smsCode', expired)
    turn(60)
    await first.at.send(other, bankFields(first.person), 'send')
    const smsCode = await platform.codeFor(first.person.phone)
    expectRefusal(await first.at.send(other, typed), 'smsCode', wrong)
    expectRefusal(await first.type(smsCode), 'smsCode', wrong)
    expect(isRegistered(await first.type(first.code))).toBe(true)
  })

  test('is invalidated by a new one, which resets the tries', async () => {
    const { at, person, page, code, type } = await waiting()
    for (let tries = 0; tries < 5; tries += 1) await type(another(code))
    turn(60)
    const sent = await at.send(page, bankFields(person), 'send')
    expect(sent.faults).toEqual([])
    const newest = await platform.codeFor(person.phone)
    if (newest !== code) expectRefusal(await type(code), 'smsCode', wrong)
    expect(isRegistered(await type(newest))).toBe(true)
  })

  test('is invalidated by a code to another phone', async () => {
    const { at, page, code, type } = await waiting()
    await at.send(page, { phone: samplePerson().phone }, 'send')
    expectRefusal(await type(code), 'smsCode', expired)
  })

  test('can be typed with spaces and in full width', async () => {
    const { code, type } = await waiting()
    const wide = [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    expect(isRegistered(await type(wide.join(' ')))).toBe(true)
  })
})

describe('limits', () => {
  /** Advances the clock by a minute and presses 发送短信验证. */
  async function sendAgain(at: ReturnType<typeof personAtForms>, page: FilledPage, phone: string) {
    turn(60)
    return at.send(page, { phone }, 'send')
  }

  test('a phone gets one code a minute from all browsers together', async () => {
    const first = await waiting()
    turn(18)
    const stranger = personAtForms()
    const elsewhere = await toBankStep(platform, stranger, samplePerson())
    for (const page of [
      await first.at.send(first.page, {}, 'send'),
      await stranger.send(elsewhere, { phone: `+86 ${first.person.phone}` }, 'send'),
    ]) {
      expectRefusal(page, 'form', '操作过于频繁，请在 42 秒后再试', 429)
      expect(page.headers.get('retry-after')).toBe('42')
      expect(page.value('phone')).toContain(first.person.phone)
    }
    expect(await platform.messages(first.person.phone)).toHaveLength(1)
    expect(isRegistered(await first.type(first.code))).toBe(true)
  })

  test('a phone gets 5 codes a day from one browser in all flows together', async () => {
    const { at, page, person } = await waiting()
    for (let sent = 1; sent < 4; sent += 1)
      expect((await sendAgain(at, page, person.phone)).faults).toEqual([])
    const other = await toBankStep(platform, at, samplePerson())
    expect((await sendAgain(at, other, person.phone)).faults).toEqual([])
    const sixth = await sendAgain(at, other, person.phone)
    const spent = `这个手机号码今天在此浏览器的短信次数已用完，请在${waitEndText(clock(), 24 * 3600 - 300)}再试`
    expectRefusal(sixth, 'form', spent, 429)
    expect(sixth.text).toContain('现在可以改用另一个已在银行预留的手机号码。')
    expect(sixth.headers.get('retry-after')).toBe(String(24 * 3600 - 5 * 60))
    expect(await platform.messages(person.phone)).toHaveLength(5)
    turn(24 * 3600 - 6 * 60)
    const anew = await toBankStep(platform, at, samplePerson())
    expect((await sendAgain(at, anew, person.phone)).faults).toEqual([])
  })

  test('a flow sends 5 messages, to whatever phones', async () => {
    const at = personAtForms()
    const page = await toBankStep(platform, at, samplePerson())
    for (let sent = 0; sent < 5; sent += 1)
      expect((await at.send(page, { phone: samplePerson().phone }, 'send')).faults).toEqual([])
    const { phone } = samplePerson()
    const sixth = await at.send(page, { phone }, 'send')
    const when = waitEndText(clock(), 24 * 3600)
    expectRefusal(sixth, 'form', `本次办理的短信次数已用完，请在${when}再试`, 429)
    expect(sixth.text).toContain('现在可以重新办理。')
    expect(await platform.messages(phone)).toEqual([])
    const anew = await toBankStep(platform, at, samplePerson())
    expect((await at.send(anew, { phone }, 'send')).faults).toEqual([])
  })

  test('a phone gets 10 codes a day in all, before one an hour for a captcha', async () => {
    const { phone } = samplePerson()
    const send = async () => {
      const at = personAtForms()
      return sendAgain(at, await toBankStep(platform, at, samplePerson()), phone)
    }
    for (let sent = 0; sent < 10; sent += 1) expect((await send()).faults).toEqual([])
    const eleventh = await send()
    expectRefusal(eleventh, 'captcha', chinese('captcha.hardest'))
    expect(await platform.messages(phone)).toHaveLength(10)
  })
})
