import { testClock } from '../support/clock.ts'
import { enrol, enrolled, enrolUnit } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { standaloneDigits } from '../support/leak-search.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  messagesOf,
  personFields,
  toCodeStep,
  unitFields,
  type Who,
  waitingForUsername,
} from '../support/recovering.ts'
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
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const begin = (at = personAtForms()) => at.open(`${platform.issuer}/recover/username`)

const messagesTo = (person: SamplePerson, count: number) => messagesOf(platform, person, count)
const waiting = (...of: Who) => waitingForUsername(platform, ...of)

describe('a person who forgot their username', () => {
  test('enters their identity and the code, and gets the username by SMS but on no page', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const identity = await begin(at)
    expect([identity.heading, identity.step]).toEqual([
      '验证身份',
      expect.stringContaining('验证身份'),
    ])
    expect(identity.text).toContain('单位用户请填写单位名称')
    const code = await at.send(identity, personFields(person))
    expect([code.heading, code.status]).toEqual(['验证手机校验码', 200])
    expect(code.text).toContain('动态验证')
    expect(code.text).toContain('未收到？请核对姓名和证件号，或点击“手机号已停用？”')
    const sent = await at.send(code, {}, 'send')
    const [message] = await messagesTo(person, 1)
    expect(message.template).toBe('code')
    const done = await at.send(sent, { smsCode: message.params.code })
    expect(done.heading).toBe('找回用户名成功')
    const [newest] = await messagesTo(person, 2)
    expect(newest).toMatchObject({ template: 'username', params: { username: person.username } })
    expect(newest.text).toContain(person.username)
    for (const { html } of [identity, code, sent, done]) {
      expect(html).not.toContain(person.username)
      expect(html).not.toMatch(standaloneDigits(person.phone.slice(-4)))
    }
    expect(done.link('返回登录')).toBe('/account')
  })

  test('gets English messages from English pages', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const page = await toCodeStep(
      platform,
      at,
      personFields(person),
      `${platform.issuer}/recover/username?lang=en`,
    )
    expect(page.heading).toBe('Code by SMS')
    const sent = await at.send(page, {}, 'send')
    const [message] = await messagesTo(person, 1)
    expect(message.text).toContain(`Your code is ${message.params.code}`)
    await at.send(sent, { smsCode: message.params.code })
    const [newest] = await messagesTo(person, 2)
    expect(newest.text).toContain(`Your username is ${person.username}`)
  })

  test.each<[string, Partial<SamplePerson>, Partial<SamplePerson>]>([
    [
      'with a renewed permit',
      { idType: 'hk_macau_permit', idNumber: 'H1234567801' },
      { idNumber: 'H1234567802' },
    ],
    [
      'who types another middle dot and spaces',
      { name: '阿依古丽·买买提' },
      { name: ' 阿依古丽•买买提 ' },
    ],
    ['who types the number in full width', {}, { idNumber: '' }],
  ])('%s is recognised', async (_, registered, typed) => {
    const person = await enrolled(platform, registered)
    const wide = person.idNumber.replace(/\d/g, (digit) =>
      String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
    )
    const written = { ...person, ...typed, idNumber: typed.idNumber ?? person.idNumber }
    const identity = personFields({ ...written, idNumber: written.idNumber || wide })
    const { at, page, code } = await waiting(person, personAtForms(), identity)
    expect((await at.send(page, { smsCode: code })).heading).toBe('找回用户名成功')
  })

  test('gets the code on the handler’s phone if the account is a unit’s', async () => {
    const unit = sampleUnit()
    const handler = await enrolUnit(platform, unit)
    const { at, page, code } = await waiting(handler, personAtForms(), unitFields(unit))
    expect((await at.send(page, { smsCode: code })).heading).toBe('找回用户名成功')
    const [newest] = await messagesTo(handler, 2)
    expect(newest.params).toEqual({ username: handler.username })
  })

  test('finds their own username and not that of the unit that they handle', async () => {
    const person = samplePerson()
    const unit = sampleUnit({ handler: person })
    await enrol(platform, person)
    await enrolUnit(platform, unit)
    const { at, page, code } = await waiting(person)
    await at.send(page, { smsCode: code })
    expect((await messagesTo(person, 2))[0].params).toEqual({ username: person.username })
  })
})

describe('the way back to the client', () => {
  test('continues the same authorization request', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const login = await at.open(`${platform.exam.url}/login`)
    const start = new URL(String(login.link('忘记用户名？')), login.url).href
    const page = await toCodeStep(platform, at, personFields(person), start)
    expect(page.html).toContain('来自：考生服务系统')
    const sent = await at.send(page, {}, 'send')
    const [message] = await messagesTo(person, 1)
    const done = await at.send(sent, { smsCode: message.params.code })
    expect(done.link('返回登录')).toBe(login.url.pathname)
    expect((await at.open(new URL(login.url.pathname, done.url).href)).heading).toBe('登录')
  })

  test('leads to the client itself when the authorization request has expired', async () => {
    const person = await enrolled(platform)
    const at = personAtForms()
    const login = await at.open(`${platform.exam.url}/login`)
    const start = new URL(String(login.link('忘记用户名？')), login.url).href
    const page = await toCodeStep(platform, at, personFields(person), start)
    const { redis, keyPrefix } = platform.stores
    await redis.unlink(await redis.keys(`${keyPrefix}oidc.Interaction*`))
    const sent = await at.send(page, {}, 'send')
    const [message] = await messagesTo(person, 1)
    const done = await at.send(sent, { smsCode: message.params.code })
    expect(done.link('返回登录')).toBe(`${platform.exam.url}/`)
  })
})

describe('input at 验证身份', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['no name', { name: ' ' }, 'name', chinese('name.missing')],
    ['a name with digits', { name: '林小满1' }, 'name', chinese('name.characters')],
    ['a name too long', { name: '林'.repeat(65) }, 'name', chinese('name.length', { most: 64 })],
    [
      'a unit’s name too long',
      { name: '林'.repeat(129), userType: 'organisation', idType: 'uscc' },
      'name',
      chinese('unitName.length', { most: 128 }),
    ],
    ['no kind of user', { userType: '' }, 'userType', '请选择用户类型'],
    ['an unknown type of ID', { idType: 'x' }, 'idType', chinese('idType.missing')],
    [
      'a person’s document of a unit',
      { userType: 'organisation' },
      'idType',
      '单位用户的证件类型是统一社会信用代码',
    ],
    [
      'a unit’s document of a person',
      { idType: 'uscc', idNumber: '91350200776049653A' },
      'idType',
      '统一社会信用代码是单位的证件，个人用户请选择本人的证件类型',
    ],
    [
      'a unit’s code under a person’s document',
      { userType: 'organisation', idNumber: '91350200776049653A' },
      'idType',
      '单位用户的证件类型是统一社会信用代码',
    ],
    ['no number', { idNumber: '' }, 'idNumber', chinese('idNumber.missing')],
    [
      'a number with a typing error',
      { idNumber: '110105194912310021' },
      'idNumber',
      chinese('idNumber.checksum'),
    ],
    [
      'a unit’s code with a digit missing',
      { userType: 'organisation', idType: 'uscc', idNumber: '9135020077604965' },
      'idNumber',
      chinese('uscc.short', { length: 18 }),
    ],
    ['no captcha', { captcha: '' }, 'captcha', '请输入图中的数字'],
    ['a wrong captcha', { captcha: 'XXXX' }, 'captcha', chinese('captcha.wrong')],
  ])(
    '%s is refused beside its field, and the other values stay',
    async (_, typed, field, sentence) => {
      const person = samplePerson()
      const at = personAtForms()
      const page = await at.send(await begin(at), { ...personFields(person), ...typed })
      expectRefusal(page, field, sentence)
      expect(page.faults).toHaveLength(1)
      if (!('name' in typed)) expect(page.value('name')).toBe(person.name)
      expect(page.value('captcha')).toBe('')
      expect(page.step).toContain('验证身份')
    },
  )

  test('leads to the same page for unknown people, and nobody gets a message', async () => {
    const person = await enrolled(platform)
    for (const typed of [
      personFields(samplePerson()),
      personFields({ ...person, name: '林大满' }),
      personFields({ ...samplePerson(), name: person.name }),
    ]) {
      const at = personAtForms()
      const page = await toCodeStep(platform, at, typed)
      expect([page.heading, page.status]).toEqual(['验证手机校验码', 200])
      const sent = await at.send(page, {}, 'send')
      expect(sent.faults).toEqual([])
      expect(sent.text).toContain('60 秒后仍未收到可再次发送')
    }
    await platform.settled()
    expect(await platform.messages(person.phone)).toEqual([])
  })

  test('invalidates the earlier code when it is changed', async () => {
    const [one, other] = [await enrolled(platform), await enrolled(platform)]
    const { at, page, code } = await waiting(one)
    const back = await at.open(page.url.href.replace(/code$/, 'identity'))
    const again = await at.send(back, personFields(other))
    expect(again.text).not.toContain('可再次发送')
    expectRefusal(await at.send(again, { smsCode: code }), 'smsCode', chinese('smsCode.expired'))
  })
})

describe('the code', () => {
  test('is refused when wrong, and needs a new one after five tries', async () => {
    const person = await enrolled(platform)
    const { at, page, code } = await waiting(person)
    for (let tries = 0; tries < 4; tries += 1)
      expectRefusal(
        await at.send(page, { smsCode: another(code) }),
        'smsCode',
        chinese('smsCode.wrong'),
      )
    for (const smsCode of [another(code), code])
      expectRefusal(await at.send(page, { smsCode }), 'smsCode', chinese('smsCode.spent'))
  })

  test.each([
    ['', '请点击“发送短信验证”，然后输入短信中的 6 位数字'],
    ['12345', '短信验证码是 6 位数字，请核对短信'],
    ['123456', chinese('smsCode.expired')],
  ])('is refused before one was sent: %j', async (smsCode, sentence) => {
    const at = personAtForms()
    const page = await toCodeStep(platform, at, personFields(await enrolled(platform)))
    expectRefusal(await at.send(page, { smsCode }), 'smsCode', sentence)
  })

  test('is valid for five minutes', async () => {
    const { at, page, code } = await waiting(await enrolled(platform))
    turn(301)
    expectRefusal(await at.send(page, { smsCode: code }), 'smsCode', chinese('smsCode.expired'))
  })

  test('is invalidated by a change of the account', async () => {
    const person = await enrolled(platform)
    const { at, page, code } = await waiting(person)
    const account = await platform.accounts.findByUsername(person.username)
    if (!account) throw new Error('nobody')
    await platform.accounts.change(account, { passwordHash: 'another' }, 'a reset')
    expectRefusal(await at.send(page, { smsCode: code }), 'smsCode', chinese('smsCode.expired'))
  })
})

describe('a phone number', () => {
  const years = 3

  test('that was reassigned since the bank proof leads to 更换手机号 after the right code', async () => {
    const provedAt = clock() - years * 365 * day * 1000
    const person = samplePerson()
    await enrol(platform, person, {
      card: { bank: '招商银行', account: person.account, provedAt },
    })
    await platform.simulator('PUT', `/phones/${person.phone}`, { monthsOnNetwork: 5 })
    const { at, page, code } = await waiting(person)
    const asked = await platform.simulator('GET', '/calls')
    expect((await at.send(page, { smsCode: another(code) })).heading).toBe('验证手机校验码')
    expect((await platform.simulator('GET', '/calls')).phones).toBe(asked.phones)
    const led = await at.send(page, { smsCode: code })
    expect([led.heading, led.step]).toEqual(['填写信息', expect.stringContaining('填写信息')])
    expect(led.text).toContain('您注册时填写的手机号码之后可能换过机主')
    expect(led.value('idNumber')).toBe(person.idNumber)
    expect(
      (await platform.messages(person.phone)).map(({ template }: { template: string }) => template),
    ).toEqual(['code'])
    expectRefusal(await at.send(page, { smsCode: code }), 'smsCode', chinese('smsCode.expired'))
  })

  test('that is older than the bank proof gets the username', async () => {
    const person = samplePerson()
    const provedAt = clock() - years * 365 * day * 1000
    await enrol(platform, person, {
      card: { bank: '招商银行', account: person.account, provedAt },
    })
    await platform.simulator('PUT', `/phones/${person.phone}`, { monthsOnNetwork: 120 })
    const { at, page, code } = await waiting(person)
    expect((await at.send(page, { smsCode: code })).heading).toBe('找回用户名成功')
  })
})

test('the same request completes an interrupted recovery without a second message', async () => {
  const person = await enrolled(platform)
  const { at, page, code } = await waiting(person)
  const { redis, keyPrefix } = platform.stores
  const flow = `${keyPrefix}flow:${page.url.pathname.split('/').at(-2)}`
  const before = await redis.dumpBuffer(flow)
  if (!before) throw new Error('no flow')
  expect((await at.send(page, { smsCode: code })).heading).toBe('找回用户名成功')
  await messagesTo(person, 2)
  await redis.restore(flow, 60_000, before, 'REPLACE')
  expect((await at.send(page, { smsCode: code })).heading).toBe('找回用户名成功')
  await messagesTo(person, 2)
})
