import { signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { waitEndText } from '../support/displayed-times.ts'
import { enrolled, enrolUnit } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  askForChangeCode,
  messagesOf,
  personFields,
  toCodeStep,
  toMethodStep,
  toResetStep,
  unitFields,
  waitingForUsername,
  withChangeCode,
  withPhoneCode,
} from '../support/recovering.ts'
import { sampleUnit } from '../support/units.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())
// The daily limits of phones, browsers, cards and addresses must pass first.
beforeEach(() => turn(25 * 3600))

type AtForms = ReturnType<typeof personAtForms>
const mismatch = '人员姓名或证件名或证件号与银行登记不匹配'
const expectStep = (page: FilledPage, step: string) =>
  expect([page.heading, page.step]).toEqual([step, expect.stringContaining(step)])

const fromUsername = (at: AtForms, person: SamplePerson, start?: string) =>
  toCodeStep(platform, at, personFields(person), start)
const fromPassword = async (at: AtForms, { username }: SamplePerson, start?: string) =>
  at.send(await toMethodStep(platform, at, username, start), {})
const bothWays = [
  ['找回用户名', 'recover/username', fromUsername],
  ['找回密码', 'recover/password', fromPassword],
] as const

/** Gives the person a new phone at the bank. */
async function withNewPhone(person: SamplePerson, more: Partial<SamplePerson> = {}) {
  const now = { ...person, phone: `13${digits(9)}`, ...more }
  await platform.issueCard(now)
  return now
}

const accountOf = async ({ username }: SamplePerson) => {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('nobody of that name')
  return account
}
const templates = async (person: SamplePerson, count: number) =>
  (await messagesOf(platform, person, count)).map(({ template }: { template: string }) => template)

describe.each(bothWays)('更换手机号 from %s', (_, path, offering) => {
  test('a confirmation by the bank changes the account’s phone, name and card', async () => {
    const before = await enrolled(platform)
    const now = await withNewPhone(before, { name: '林大满', account: cardNumber('621483') })
    const at = personAtForms()
    const details = await at.send(await offering(at, before), {}, 'otherPhone')
    expectStep(details, '填写信息')
    expect(details.text).toMatch(/^\s*.*填写信息\s*请先到银行修改预留手机号码/)
    expect(details.text).toContain('新手机号码')
    const { page, fields } = await askForChangeCode(platform, at, details, now)
    const done = await at.send(page, fields)
    expectStep(done, '更换成功')
    const account = await accountOf(before)
    expect(account).toMatchObject({
      name: now.name,
      phone: `+86${now.phone}`,
      card: {
        masked: `${now.account.slice(0, 4)} **** **** ${now.account.slice(-4)}`,
        kind: 'debit',
        provedAt: clock(),
      },
      document: { number: before.idNumber },
    })
    expect(await templates(now, 2)).toEqual(['phone-changed', 'code'])
    const [old] = await messagesOf(platform, before, 1)
    expect(old.text).toBe('【统一用户平台】您在统一用户平台的手机号已更换，如非本人操作请致电12333')
    const link = path === 'recover/username' ? '返回找回用户名' : '返回找回密码'
    expect(done.link(link)).toBe(`/${path}`)
  })

  test('all sessions end, and the recovery can be restarted with the new phone', async () => {
    const before = await enrolled(platform)
    const now = await withNewPhone(before)
    const signedIn = await signedInAt(platform, before)
    expect(signedIn.page.heading).toBe('用户信息')
    const at = personAtForms()
    const { page, fields } = await withChangeCode(platform, at, await offering(at, before), now)
    const done = await at.send(page, fields)
    expect((await signedIn.at.open(`${platform.issuer}/account`)).heading).toBe('登录')
    turn(61)
    if (path === 'recover/password')
      return expectStep(
        await toResetStep(platform, at, now, `${platform.issuer}/${path}`),
        '重置密码',
      )
    const start = new URL(String(done.link('返回找回用户名')), done.url).href
    const code = await toCodeStep(platform, at, personFields(now), start)
    const sent = await at.send(code, {}, 'send')
    const [message] = await messagesOf(platform, now, 3)
    expectStep(await at.send(sent, { smsCode: message.params.code }), '找回用户名成功')
  })

  test('the client that the person came from is kept', async () => {
    const before = await enrolled(platform)
    const now = await withNewPhone(before)
    const at = personAtForms()
    const login = await at.open(`${platform.exam.url}/login`)
    const uid = login.url.pathname.split('/').at(-1)
    const start = `${platform.issuer}/${path}?interaction=${uid}`
    const { page, fields } = await withChangeCode(
      platform,
      at,
      await offering(at, before, start),
      now,
    )
    const done = await at.send(page, fields)
    expect(done.html).toContain('来自：考生服务系统')
    const link = path === 'recover/username' ? '返回找回用户名' : '返回找回密码'
    const again = await at.open(new URL(String(done.link(link)), done.url).href)
    expect(again.html).toContain('来自：考生服务系统')
  })

  test('the handler changes the phone of a unit’s account', async () => {
    const unit = sampleUnit()
    const handler = await enrolUnit(platform, unit)
    const now = await withNewPhone(handler)
    const at = personAtForms()
    const offers =
      path === 'recover/username'
        ? await toCodeStep(platform, at, unitFields(unit))
        : await fromPassword(at, handler)
    const { page, fields } = await withChangeCode(platform, at, offers, now)
    expectStep(await at.send(page, fields), '更换成功')
    expect(await accountOf(handler)).toMatchObject({
      kind: 'organisation',
      unit: { code: unit.code },
      phone: `+86${now.phone}`,
    })
  })
})

describe('access to 更换手机号', () => {
  test('the bare address redirects to 找回用户名', async () => {
    const page = await personAtForms().open(`${platform.issuer}/recover/phone?lang=en`)
    expect(page.url.pathname).toMatch(/^\/recover\/username\/[\w-]+\/identity$/)
  })

  test('the typed document is filled in already', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const details = await at.send(await fromUsername(at, person), {}, 'otherPhone')
    expect([details.value('name'), details.value('idNumber')]).toEqual([
      person.name,
      person.idNumber,
    ])
    const proof = await fromPassword(at, person)
    const typed = await at.send(proof, { idNumber: person.idNumber }, 'otherPhone')
    expect(typed.value('idNumber')).toBe(person.idNumber)
    const unit = sampleUnit()
    await enrolUnit(platform, unit)
    const ofUnit = await at.send(await toCodeStep(platform, at, unitFields(unit)), {}, 'otherPhone')
    expect([ofUnit.value('name'), ofUnit.value('idNumber')]).toEqual(['', ''])
  })
})

describe('input at 填写信息', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['no name', { name: '' }, 'name', chinese('name.missing')],
    ['no ID number', { idNumber: '' }, 'idNumber', chinese('idNumber.missing')],
    ['a unit’s code', { idType: 'uscc' }, 'idType', chinese('idType.missing')],
    ['no bank', { bank: '' }, 'bank', chinese('bank.missing')],
    ['no agreement', { bankConsent: '' }, 'bankConsent', chinese('bankConsent.missing')],
    ['no account', { account: '' }, 'account', chinese('account.missing')],
    ['no phone', { phone: '' }, 'phone', chinese('phone.missing')],
    ['no code', { smsCode: '' }, 'smsCode', chinese('smsCode.required')],
    [
      'a credit card',
      { account: cardNumber('622575') },
      'account',
      '不支持信用卡，请使用借记卡或深圳金融社保卡',
    ],
    [
      'a card of another bank',
      { account: cardNumber('621700') },
      'account',
      chinese('account.otherBank'),
    ],
  ])(
    '%s is refused beside its field, and the other values stay',
    async (_, typed, field, sentence) => {
      const before = await enrolled(platform)
      const now = await withNewPhone(before)
      const at = personAtForms()
      const { page, fields } = await withChangeCode(
        platform,
        at,
        await fromUsername(at, before),
        now,
      )
      const { bank } = await platform.simulator('GET', '/calls')
      const refused = await at.send(page, { ...fields, ...typed })
      expectRefusal(refused, field, sentence)
      if (!('name' in typed)) expect(refused.value('name')).toBe(now.name)
      expect((await platform.simulator('GET', '/calls')).bank).toBe(bank)
      expect((await accountOf(before)).phone).toBe(`+86${before.phone}`)
      // The refusal counted no try, so valid input succeeds.
      expectStep(await at.send(page, fields), '更换成功')
    },
  )

  test('the form, the code, the card and the bank are checked in this order', async () => {
    const before = await enrolled(platform)
    const now = samplePerson({ ...before, phone: `13${digits(9)}` })
    const at = personAtForms()
    const { page, fields } = await withChangeCode(platform, at, await fromUsername(at, before), now)
    const wrong = String((Number(fields.smsCode) + 1) % 1_000_000).padStart(6, '0')
    const credit = { account: cardNumber('622575') }
    const all = await at.send(page, { ...fields, ...credit, name: '', smsCode: wrong })
    expect(all.faults).toEqual([chinese('name.missing')])
    const code = await at.send(page, { ...fields, ...credit, smsCode: wrong })
    expect(code.faults).toEqual([chinese('smsCode.wrong')])
    const card = await at.send(page, { ...fields, ...credit })
    expect(card.faults).toEqual([chinese('bank.notDebit')])
    expect((await at.send(page, fields)).faults).toEqual([mismatch])
  })
})

describe('the same refusal after the bank check is shown when', () => {
  /** Sends the input, expects one bank check and the common refusal, and returns the page. */
  async function refused(offers: (at: AtForms) => Promise<FilledPage>, typed: SamplePerson) {
    const at = personAtForms()
    const { page, fields } = await withChangeCode(platform, at, await offers(at), typed)
    const { bank } = await platform.simulator('GET', '/calls')
    const answer = await at.send(page, fields)
    expect((await platform.simulator('GET', '/calls')).bank).toBe(bank + 1)
    expectRefusal(answer, 'form', mismatch)
    const number = /受理编号 ([0-9A-Z]{4}-[0-9A-Z]{4})/.exec(answer.text)?.[1]
    expect(number).toBeDefined()
    // The text is the same as for any mismatch, so that it does not disclose whose account exists.
    expect(answer.text).toContain('此卡今天还可核验 4 次')
    expect(answer.text).toMatch(/短信验证码在 \d\d:\d\d 前仍然有效，不必重新发送/)
    return answer
  }

  test('the bank has another phone', async () => {
    const before = await enrolled(platform)
    await platform.issueCard(before)
    const page = await refused((at) => fromUsername(at, before), {
      ...before,
      phone: `13${digits(9)}`,
    })
    // The page has the advice of question 七 of the guide in its order.
    expect(page.text).toMatch(/请核对填写信息.*更换银行卡.*发卡行窗口.*与我们联系/s)
    expect((await accountOf(before)).phone).toBe(`+86${before.phone}`)
  })

  test('the bank confirms a person who has no account', async () => {
    const stranger = await withNewPhone(samplePerson())
    await refused((at) => fromUsername(at, stranger), stranger)
  })

  test('the bank confirms another person than the named one', async () => {
    const [named, other] = [await enrolled(platform), await enrolled(platform)]
    const now = await withNewPhone(other)
    await refused((at) => fromPassword(at, named), now)
    expect((await accountOf(named)).phone).toBe(`+86${named.phone}`)
    expect((await accountOf(other)).phone).toBe(`+86${other.phone}`)
  })

  test('the named username does not exist', async () => {
    const person = await enrolled(platform)
    const now = await withNewPhone(person)
    await refused((at) => fromPassword(at, samplePerson()), now)
  })

  test('the bank confirms a person who is not the unit’s handler', async () => {
    const [unit, other] = [sampleUnit(), await enrolled(platform)]
    await enrolUnit(platform, unit)
    const now = await withNewPhone(other)
    await refused((at) => toCodeStep(platform, at, unitFields(unit)), now)
    expect((await accountOf(other)).phone).toBe(`+86${other.phone}`)
  })

  test('the account is unknown, with the same text except the case number', async () => {
    const known = await enrolled(platform)
    const stranger = await withNewPhone(samplePerson())
    const texts = []
    for (const typed of [await withNewPhone(known), stranger]) {
      const { text } = await refused((at) => fromPassword(at, samplePerson()), typed)
      texts.push(
        text.replace(/[0-9A-Z]{4}-[0-9A-Z]{4}/, 'NUMBER').replace(/\d{3}\*{4}\d{4}/, 'PHONE'),
      )
    }
    expect(texts[0]).toBe(texts[1])
  })
})

describe('the bank check', () => {
  afterEach(() => platform.simulator('PUT', '/faults', { bank: 'ok' }))

  test('reports an outage, keeps the input and leaves the code valid', async () => {
    const before = await enrolled(platform)
    const now = await withNewPhone(before)
    const at = personAtForms()
    const { page, fields } = await withChangeCode(platform, at, await fromUsername(at, before), now)
    await platform.simulator('PUT', '/faults', { bank: 'error' })
    const refused = await at.send(page, fields)
    expectRefusal(refused, 'form', '银行核验服务暂不可用，请稍后再试', 503)
    expect(refused.value('account')).toBe(now.account)
    await platform.simulator('PUT', '/faults', { bank: 'ok' })
    expectStep(await at.send(refused, { smsCode: fields.smsCode, bankConsent: 'yes' }), '更换成功')
  })

  test('is limited to five times a day for a card', async () => {
    const before = await enrolled(platform)
    const typed = { ...before, phone: `13${digits(9)}` }
    const at = personAtForms()
    const { page, fields } = await withChangeCode(
      platform,
      at,
      await fromUsername(at, before),
      typed,
    )
    for (let tries = 0; tries < 5; tries += 1)
      expectRefusal(await at.send(page, fields), 'form', mismatch)
    const spent = await at.send(page, fields)
    const when = waitEndText(clock(), Number(spent.headers.get('retry-after')))
    expectRefusal(spent, 'form', chinese('limit.card', { when }), 429)
  })
})

test('a phone that stays the same is notified once', async () => {
  const person = await enrolled(platform)
  await platform.issueCard(person)
  const at = personAtForms()
  const { page, fields } = await withChangeCode(
    platform,
    at,
    await fromUsername(at, person),
    person,
  )
  expectStep(await at.send(page, fields), '更换成功')
  expect(await templates(person, 2)).toEqual(['phone-changed', 'code'])
})

test('a bank proof stays valid if the account changes during the check', async () => {
  const before = await enrolled(platform)
  const now = await withNewPhone(before)
  const at = personAtForms()
  const { page, fields } = await withChangeCode(platform, at, await fromUsername(at, before), now)
  await platform.accounts.change(await accountOf(before), { passwordHash: 'another' }, 'a reset')
  expectStep(await at.send(page, fields), '更换成功')
})

test('the change invalidates recoveries that were begun with the old phone', async () => {
  const before = await enrolled(platform)
  const now = await withNewPhone(before)
  const username = await waitingForUsername(platform, before)
  turn(61)
  const passwordAt = personAtForms()
  const byPhone = await withPhoneCode(platform, passwordAt, before)
  const at = personAtForms()
  const { page, fields } = await withChangeCode(platform, at, await fromUsername(at, before), now)
  expectStep(await at.send(page, fields), '更换成功')
  expectRefusal(
    await username.at.send(username.page, { smsCode: username.code }),
    'smsCode',
    chinese('smsCode.expired'),
  )
  expectRefusal(
    await passwordAt.send(byPhone.page, byPhone.fields),
    'form',
    '证件号或手机号码与注册信息不一致',
  )
})

test('the same request completes a change that was interrupted, with one bank check and one notice for each phone', async () => {
  const before = await enrolled(platform)
  const now = await withNewPhone(before)
  const at = personAtForms()
  const { page, fields } = await withChangeCode(platform, at, await fromUsername(at, before), now)
  const { redis, keyPrefix } = platform.stores
  const flow = `${keyPrefix}flow:${page.url.pathname.split('/').at(-2)}`
  const saved = await redis.dumpBuffer(flow)
  if (!saved) throw new Error('no flow')
  expectStep(await at.send(page, fields), '更换成功')
  const { bank } = await platform.simulator('GET', '/calls')
  await redis.restore(flow, 60_000, saved, 'REPLACE')
  expectStep(await at.send(page, fields), '更换成功')
  expect((await platform.simulator('GET', '/calls')).bank).toBe(bank)
  expect(await templates(now, 2)).toEqual(['phone-changed', 'code'])
  expect(await templates(before, 1)).toEqual(['phone-changed-old'])
})
