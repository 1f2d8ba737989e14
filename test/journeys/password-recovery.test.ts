import { signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { enrol, enrolled, enrolUnit, setQuestions, threeAnswers } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  messagesOf,
  newPassword,
  phoneProof,
  toMethodStep,
  toResetStep,
  withPhoneCode,
} from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'
import { sampleUnit } from '../support/units.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())
// The daily limits of phones, browsers and addresses must pass first.
beforeEach(() => turn(25 * 3600))

const day = 24 * 3600
const fresh = 'a brand new passphrase'
const another = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0')
const begin = (at = personAtForms()) => at.open(`${platform.issuer}/recover/password`)
const expectStep = (page: FilledPage, step: string) =>
  expect([page.heading, page.step]).toEqual([step, expect.stringContaining(step)])

/** Signs in and returns whether the password was right. */
async function opens(person: SamplePerson, password: string): Promise<boolean> {
  const { page } = await signedInAt(platform, { ...person, password })
  return page.heading === '用户信息'
}

/** A person with security questions, at the page that asks them. */
async function atQuestions(at = personAtForms()) {
  const person = await enrolled(platform)
  await setQuestions(platform, person)
  const method = await toMethodStep(platform, at, person.username)
  return { at, person, page: await at.send(method, {}, 'questions') }
}
const [answer1, answer2, answer3] = Object.values(threeAnswers)
const rightAnswers = { answer1, answer2, answer3 } as Record<string, string>

describe('a person who forgot their password', () => {
  test('proves ID number and phone, sets a new password and signs in with it', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const start = await begin(at)
    expectStep(start, '输入用户名')
    const method = await at.send(start, { username: person.username, captcha: fixedAnswer })
    expectStep(method, '选择找回方式')
    expect(method.buttons).toEqual(expect.arrayContaining(['证件号码+手机验证码', '密保问题']))
    const proof = await at.send(method, {})
    expectStep(proof, '验证身份')
    const sent = await at.send(proof, phoneProof(person), 'send')
    expect(sent.text).toContain(`短信已发送至 ${person.phone.slice(0, 3)}****`)
    expect(sent.value('idNumber')).toBe(person.idNumber)
    const smsCode = await platform.codeFor(person.phone)
    const reset = await at.send(sent, { ...phoneProof(person), smsCode })
    expectStep(reset, '重置密码')
    expect(reset.value('username')).toBe(person.username)
    const done = await at.send(reset, newPassword(fresh))
    expectStep(done, '重置成功')
    expect(done.text).toContain(person.username)
    expect(done.html).not.toContain(fresh)
    expect(done.link('返回登录')).toBe('/account')
    const [newest] = await messagesOf(platform, person, 2)
    expect(newest).toMatchObject({ template: 'password-reset', params: {} })
    expect(newest.text).toBe(
      '【统一用户平台】您在统一用户平台的密码已重置，如非本人操作请致电12333',
    )
    expect(await opens(person, person.password)).toBe(false)
    expect(await opens(person, fresh)).toBe(true)
  })

  test('can answer the three questions instead, in any case and width', async () => {
    const { at, person, page } = await atQuestions()
    expectStep(page, '验证身份')
    for (const code of Object.keys(threeAnswers))
      expect(page.text).toContain(chinese(`question.${code as keyof typeof threeAnswers}`))
    const reset = await at.send(page, {
      answer1: ' 王老师 ',
      answer2: 'ｂａｏ AN lu',
      answer3: threeAnswers.first_pet,
    })
    expectStep(reset, '重置密码')
    expectStep(await at.send(reset, newPassword(fresh)), '重置成功')
    expect(await opens(person, fresh)).toBe(true)
    expect(await messagesOf(platform, person, 1)).toMatchObject([{ template: 'password-reset' }])
  })

  test('can recover a unit’s account with the handler’s document or the unit’s code', async () => {
    const unit = sampleUnit()
    const handler = await enrolUnit(platform, unit)
    for (const document of [phoneProof(handler), { idType: 'uscc', idNumber: unit.code }]) {
      turn(61)
      const at = personAtForms()
      const { page, fields } = await withPhoneCode(platform, at, handler)
      expectStep(await at.send(page, { ...fields, ...document }), '重置密码')
    }
  })

  test('returns to the authorization request that they came from', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const login = await at.open(`${platform.exam.url}/login`)
    const start = new URL(String(login.link('忘记密码？')), login.url).href
    const forgotten = String((await at.open(start)).link('忘记用户名？'))
    expect(forgotten).toBe(
      `/recover/username?interaction=${login.url.pathname.split('/').at(-1)}&system=exam-service`,
    )
    const reset = await toResetStep(platform, at, person, start)
    const done = await at.send(reset, newPassword(fresh))
    expect(done.link('返回登录')).toBe(login.url.pathname)
    const page = await at.open(login.url.href)
    const signedIn = await at.send(page, signInFields({ ...person, password: fresh }))
    expect(signedIn.text).toContain(person.name)
  })
})

describe('输入用户名', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['nothing', { username: '' }, 'username', '请输入用户名'],
    [
      'too little',
      { username: 'abc' },
      'username',
      chinese('username.length', { least: 4, most: 32 }),
    ],
    ['a wrong first character', { username: '1abc' }, 'username', chinese('username.start')],
    ['wrong characters', { username: 'a b c d' }, 'username', chinese('username.characters')],
    ['no captcha', { captcha: '' }, 'captcha', '请输入图中的数字'],
    ['a wrong captcha', { captcha: 'XXXX' }, 'captcha', chinese('captcha.wrong')],
  ])('%s is refused beside its field', async (_, typed, field, sentence) => {
    const at = personAtForms()
    const page = await at.send(await begin(at), {
      username: samplePerson().username,
      captcha: fixedAnswer,
      ...typed,
    })
    expectRefusal(page, field, sentence)
  })
})

describe('密保问题', () => {
  test.each([
    ['an account without questions', () => enrolled(platform)],
    ['an unknown username', async () => samplePerson()],
  ])('%s is refused on the page that offers the questions', async (_, who) => {
    const at = personAtForms()
    const method = await toMethodStep(platform, at, (await who()).username)
    const refused = await at.send(method, {}, 'questions')
    expectRefusal(refused, 'form', '未设置密保，不能通过密保问题找回密码')
    expectStep(refused, '选择找回方式')
    expectStep(await at.send(refused, {}), '验证身份')
  })

  test('showing questions discloses an account, so a sixth time in a flow needs a captcha', async () => {
    const { at, page } = await atQuestions()
    const method = await at.open(page.url.href.replace(/questions$/, 'method'))
    const again = () => at.send(method, {}, 'questions')
    for (let hits = 1; hits < 5; hits += 1) expectStep(await again(), '验证身份')
    const owes = await again()
    expectRefusal(owes, 'captcha', '为保护您的账户，请先输入图中的数字再继续')
    // The other method discloses nothing, so it needs no captcha.
    expect((await at.send(owes, {})).has('smsCode')).toBe(true)
    expectStep(await at.send(owes, { captcha: fixedAnswer }, 'questions'), '验证身份')
  })

  test('a missing or overlong answer is refused beside its field', async () => {
    const { at, page } = await atQuestions()
    const refused = await at.send(page, { ...rightAnswers, answer2: ' ' })
    expectRefusal(refused, 'answer2', chinese('answer2.missing'))
    expectRefusal(
      await at.send(page, { ...rightAnswers, answer1: 'x'.repeat(65) }),
      'answer1',
      chinese('answer.long', { most: 64 }),
    )
    expect(refused.value('answer1')).toBe('')
  })

  test('a refusal does not disclose which answer was wrong', async () => {
    const { at, page } = await atQuestions()
    for (const wrong of ['answer1', 'answer2', 'answer3']) {
      const refused = await at.send(page, { ...rightAnswers, [wrong]: 'another' })
      expectRefusal(refused, 'form', '答案不正确，请核对 3 个答案后重新输入')
      expect(['answer1', 'answer2', 'answer3'].map(refused.faultAt)).toEqual(['', '', ''])
    }
  })

  test('a right fifth try of the answers passes and resets the count', async () => {
    const { at, page } = await atQuestions()
    for (let round = 0; round < 2; round += 1) {
      for (let tries = 1; tries < 5; tries += 1)
        expect((await at.send(page, { ...rightAnswers, answer3: 'another' })).status).toBe(422)
      expectStep(await at.send(page, rightAnswers), '重置密码')
    }
  })

  test('after five failures the questions are locked for 24 hours for every browser', async () => {
    const { at, person, page } = await atQuestions()
    for (let tries = 0; tries < 4; tries += 1)
      expect((await at.send(page, { ...rightAnswers, answer1: 'another' })).status).toBe(422)
    const fifth = await at.send(page, { ...rightAnswers, answer1: 'another' })
    const other = personAtForms()
    const method = await toMethodStep(platform, other, person.username)
    const elsewhere = await other.send(method, {}, 'questions')
    for (const refused of [
      fifth,
      await at.send(page, rightAnswers),
      await other.send(elsewhere, rightAnswers),
    ]) {
      expect(refused.status).toBe(429)
      expect(refused.headers.get('retry-after')).toBe(String(day))
      expect(refused.faults[0]).toMatch(
        /^密保问题多次回答不正确。为保护账户，请在明天 \d\d:\d\d 以后再用密保问题/,
      )
    }
    const back = await other.send(elsewhere, {}, 'back')
    expectStep(await other.send(back, {}), '验证身份')
    turn(day)
    const later = personAtForms()
    const anew = await later.send(
      await toMethodStep(platform, later, person.username),
      {},
      'questions',
    )
    expect((await later.send(anew, { ...rightAnswers, answer1: 'another' })).status).toBe(422)
    expectStep(await later.send(anew, rightAnswers), '重置密码')
  })

  test('20 concurrent wrong tries consume at most five tries', async () => {
    const { person } = await atQuestions()
    const pages = []
    for (let n = 0; n < 20; n += 1) {
      const at = personAtForms()
      const method = await toMethodStep(platform, at, person.username)
      pages.push({ at, page: await at.send(method, {}, 'questions') })
    }
    const answers = await Promise.all(
      pages.map(({ at, page }) => at.send(page, { ...rightAnswers, answer1: 'another' })),
    )
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(15)
    const audit = platform.stores.mongodb.collection('audit')
    const account = await platform.accounts.findByUsername(person.username)
    const refused = (detail: string) => audit.countDocuments({ accountId: account?.id, detail })
    expect([await refused('answers'), await refused('wait')]).toEqual([5, 15])
  })

  test('questions that were changed meanwhile restart the recovery', async () => {
    const { at, person, page } = await atQuestions()
    await setQuestions(platform, person, { nickname: 'a', deskmate: 'b', first_job: 'c' })
    const refused = await at.send(page, rightAnswers)
    expectRefusal(refused, 'form', '账户信息刚刚有变更，为了您的安全，请重新开始找回密码')
    expectStep(refused, '输入用户名')
  })
})

describe('证件号码+手机验证码', () => {
  const mismatch = '证件号或手机号码与注册信息不一致'

  test('the code goes to the typed phone, and form, code, ID and phone are checked in this order', async () => {
    const person = await enrolled(platform)
    const stranger = samplePerson()
    const at = personAtForms()
    const typed = { ...person, phone: stranger.phone }
    const { page, fields } = await withPhoneCode(platform, at, typed)
    const form = await at.send(page, { ...fields, idNumber: '', smsCode: '000' })
    expect(form.faults).toEqual([chinese('idNumber.missing'), chinese('smsCode.format')])
    const wrong = await at.send(page, { ...fields, smsCode: another(fields.smsCode) })
    expectRefusal(wrong, 'smsCode', chinese('smsCode.wrong'))
    const refused = await at.send(page, fields)
    expectRefusal(refused, 'form', mismatch)
    expect(refused.value('phone')).toBe(stranger.phone)
    expect(await platform.messages(person.phone)).toEqual([])
  })

  test.each<[string, (person: SamplePerson) => Partial<SamplePerson>]>([
    ['another ID number', () => ({ idNumber: samplePerson().idNumber })],
    ['another type of ID', () => ({ idType: 'passport', idCountry: 'CHN', idNumber: 'E12345678' })],
  ])('%s is refused and counts as one of the five tries', async (_, differs) => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, person)
    const typed = { ...fields, ...differs(person) }
    for (let tries = 0; tries < 4; tries += 1)
      expect((await at.send(page, typed)).faults).toEqual([mismatch])
    const fifth = await at.send(page, typed)
    expect(fifth.faults).toEqual([mismatch, chinese('smsCode.spent')])
    expectRefusal(await at.send(page, fields), 'smsCode', chinese('smsCode.spent'))
  })

  test('a right fifth try of ID number and code passes', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, person)
    const { idNumber } = samplePerson()
    for (let tries = 0; tries < 4; tries += 1)
      expectRefusal(await at.send(page, { ...fields, idNumber }), 'form', mismatch)
    expectStep(await at.send(page, fields), '重置密码')
  })

  test('an unknown username gets the same refusal', async () => {
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, samplePerson())
    expectRefusal(await at.send(page, fields), 'form', mismatch)
  })

  test.each<[string, Record<string, string>, string, string]>([
    ['no phone', { phone: '' }, 'phone', chinese('phone.missing')],
    ['a phone too short', { phone: '1380000000' }, 'phone', chinese('phone.short', { digits: 11 })],
    ['no code', { smsCode: '' }, 'smsCode', chinese('smsCode.required')],
    [
      'a unit’s code too short',
      { idType: 'uscc', idNumber: '9144' },
      'idNumber',
      chinese('uscc.short', { length: 18 }),
    ],
  ])('%s is refused beside its field', async (_, typed, field, sentence) => {
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, samplePerson())
    expectRefusal(await at.send(page, { ...fields, ...typed }), field, sentence)
  })

  test('a code is valid once', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, person)
    expectStep(await at.send(page, fields), '重置密码')
    expectRefusal(await at.send(page, fields), 'smsCode', chinese('smsCode.expired'))
  })

  test('an outage of the gateway is reported for known and unknown people alike', async () => {
    await platform.simulator('PUT', '/faults', { sms: 'error' })
    for (const person of [await enrolled(platform), samplePerson()]) {
      const at = personAtForms()
      const page = await at.send(await toMethodStep(platform, at, person.username), {})
      const refused = await at.send(page, phoneProof(person), 'send')
      expectRefusal(refused, 'form', '短信服务暂不可用，请稍后再试', 503)
    }
    await platform.simulator('PUT', '/faults', { sms: 'ok' })
  })

  test('a phone number that was reassigned since the bank proof leads to 更换手机号', async () => {
    const person = samplePerson()
    const provedAt = clock() - 3 * 365 * day * 1000
    await enrol(platform, person, { card: { bank: '招商银行', account: person.account, provedAt } })
    await platform.simulator('PUT', `/phones/${person.phone}`, { monthsOnNetwork: 5 })
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, person)
    const { phones } = await platform.simulator('GET', '/calls')
    const { idNumber } = samplePerson()
    expectRefusal(await at.send(page, { ...fields, idNumber }), 'form', mismatch)
    expect((await platform.simulator('GET', '/calls')).phones).toBe(phones)
    const led = await at.send(page, fields)
    expectStep(led, '填写信息')
    expect(led.text).toContain('您注册时填写的手机号码之后可能换过机主')
    expect(led.value('idNumber')).toBe(person.idNumber)
    expectRefusal(await at.send(page, fields), 'smsCode', chinese('smsCode.expired'))
  })

  test('without an answer of the operator a bank proof of the last six months is sufficient', async () => {
    const [young, old] = [samplePerson(), samplePerson()]
    const months = (count: number) => clock() - count * 31 * day * 1000
    const bank = '招商银行'
    await enrol(platform, young, { card: { bank, account: young.account, provedAt: months(4) } })
    await enrol(platform, old, { card: { bank, account: old.account, provedAt: months(7) } })
    await platform.simulator('PUT', '/faults', { phones: 'down' })
    expectStep(await toResetStep(platform, personAtForms(), young), '重置密码')
    expectStep(await toResetStep(platform, personAtForms(), old), '填写信息')
    await platform.simulator('PUT', '/faults', { phones: 'ok' })
  })
})

describe('重置密码', () => {
  test.each<[string, (person: SamplePerson) => Record<string, string>, string, string]>([
    ['nothing', () => newPassword(''), 'password', chinese('password.missing')],
    ['too little', () => newPassword('short'), 'password', chinese('password.short', { least: 8 })],
    ['a common password', () => newPassword('password1'), 'password', chinese('password.common')],
    [
      'the username',
      ({ username }) => newPassword(username),
      'password',
      chinese('password.personal'),
    ],
    ['the phone', ({ phone }) => newPassword(phone), 'password', chinese('password.personal')],
    [
      'the ID number',
      ({ idNumber }) => newPassword(idNumber),
      'password',
      chinese('password.personal'),
    ],
    [
      'two different ones',
      () => ({ password: fresh, passwordAgain: `${fresh}!` }),
      'passwordAgain',
      chinese('passwordAgain.differs'),
    ],
  ])('%s is refused beside its field and changes nothing', async (_, typed, field, sentence) => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const reset = await toResetStep(platform, at, person)
    const refused = await at.send(reset, typed(person))
    expectRefusal(refused, field, sentence)
    expect(refused.value('password')).toBe('')
    expect(await opens(person, person.password)).toBe(true)
  })

  test('removes the waits of the login', async () => {
    const person = await enrolled(platform)
    for (let tries = 0; tries < 5; tries += 1)
      expect(await opens(person, 'a wrong one')).toBe(false)
    expect(await opens(person, person.password)).toBe(false)
    const at = personAtForms()
    await at.send(await toResetStep(platform, at, person), newPassword(fresh))
    expect(await opens(person, fresh)).toBe(true)
  })

  test('invalidates every other recovery of the account', async () => {
    const person = await enrolled(platform)
    await setQuestions(platform, person)
    const [one, other, third] = [personAtForms(), personAtForms(), personAtForms()]
    const first = await toResetStep(platform, one, person)
    const method = await toMethodStep(platform, other, person.username)
    const questions = await other.send(method, {}, 'questions')
    const second = await other.send(questions, rightAnswers)
    expectStep(second, '重置密码')
    const asked = await third.send(
      await toMethodStep(platform, third, person.username),
      {},
      'questions',
    )
    expectStep(await one.send(first, newPassword(fresh)), '重置成功')
    for (const refused of [
      await other.send(second, newPassword('what a thief would like')),
      await third.send(asked, rightAnswers),
    ]) {
      expectRefusal(refused, 'form', '账户信息刚刚有变更，为了您的安全，请重新开始找回密码')
      expectStep(refused, '输入用户名')
    }
    expect(await opens(person, fresh)).toBe(true)
    // A new recovery works.
    const anew = await other.send(await other.open(second.url.href), { username: person.username })
    expectStep(anew, '选择找回方式')
  })

  /** Resets a password, as if the process had died before it updated the flow. */
  async function interruptedReset() {
    const person = await enrolled(platform)
    const at = personAtForms()
    const reset = await toResetStep(platform, at, person)
    const { redis, keyPrefix } = platform.stores
    const flow = `${keyPrefix}flow:${reset.url.pathname.split('/').at(-2)}`
    const before = await redis.dumpBuffer(flow)
    if (!before) throw new Error('no flow')
    expectStep(await at.send(reset, newPassword(fresh)), '重置成功')
    const restore = () => redis.restore(flow, 60_000, before, 'REPLACE')
    await restore()
    return { person, at, reset, restore }
  }

  test('completes after an interruption by the same request and notifies the phone once', async () => {
    const { person, at, reset } = await interruptedReset()
    expectStep(await at.send(reset, newPassword(fresh)), '重置成功')
    expect(await opens(person, fresh)).toBe(true)
    await messagesOf(platform, person, 2)
  })

  test('stores the last password that was sent after an interruption', async () => {
    const { person, at, reset, restore } = await interruptedReset()
    for (const password of ['the second that was typed', 'and after that a third']) {
      expectStep(await at.send(reset, newPassword(password)), '重置成功')
      expect(await opens(person, password)).toBe(true)
      await restore()
    }
    expect(await opens(person, fresh)).toBe(false)
    await messagesOf(platform, person, 2)
  })
})
