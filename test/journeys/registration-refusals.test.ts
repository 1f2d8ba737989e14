import { fieldMessages } from '../../config/messages/fields-messages.ts'
import type { MessageCode } from '../../config/messages.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { withCheck } from '../support/id-numbers.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  bankFields,
  identityFields,
  loginFields,
  register,
  toBankStep,
} from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { PHONE_REGIONS: '+86,+852', PASSWORD_CLASSES: '2' } })
})
afterAll(() => platform.close())

type Row = readonly [
  field: string,
  code: MessageCode,
  typed: Readonly<Record<string, string>>,
  params?: Readonly<Record<string, string | number>>,
]

const person = samplePerson({ username: 'Lin.XiaoMan' })
const eighteen = { length: 18 }

const login: readonly Row[] = [
  ['captcha', 'captcha.required', { captcha: ' ' }],
  ['captcha', 'captcha.wrong', { captcha: 'ZZZZ' }],
  ['username', 'username.missing', { username: '' }],
  ['username', 'username.length', { username: 'abc' }, { least: 4, most: 32 }],
  ['username', 'username.length', { username: 'a'.repeat(33) }, { least: 4, most: 32 }],
  ['username', 'username.start', { username: '4ever' }],
  ['username', 'username.characters', { username: '林小满abcd' }],
  ['username', 'text.unreadable', { username: 'abc\u0007d' }],
  ['password', 'password.missing', { password: '' }],
  ['password', 'password.short', { password: 'Abc-123' }, { least: 8 }],
  ['password', 'password.long', { password: `${'Ab1-'.repeat(32)}x` }, { most: 128 }],
  ['password', 'password.classes', { password: 'onlysmallletters' }, { classes: 2 }],
  ['password', 'password.common', { password: 'Password123' }],
  [
    'password',
    'password.personal',
    { password: 'lin.xiaoman-88', passwordAgain: 'lin.xiaoman-88' },
  ],
  ['passwordAgain', 'passwordAgain.missing', { passwordAgain: '' }],
  ['passwordAgain', 'passwordAgain.differs', { passwordAgain: `${person.password}!` }],
  ['agreement', 'agreement.missing', { agreement: '' }],
]

const identity: readonly Row[] = [
  ['name', 'name.missing', { name: '  ' }],
  ['name', 'name.length', { name: '林'.repeat(65) }, { most: 64 }],
  ['name', 'name.characters', { name: '林小满2' }],
  ['idType', 'idType.missing', { idType: 'library_card' }],
  ['idNumber', 'idNumber.missing', { idNumber: '' }],
  ['idNumber', 'idNumber.short', { idNumber: '4403001990030712' }, eighteen],
  ['idNumber', 'idNumber.long', { idNumber: `${person.idNumber}1` }, eighteen],
  ['idNumber', 'idNumber.eighteen', { idNumber: '44030019900307A12X' }],
  ['idNumber', 'idNumber.fifteen', { idNumber: '440300900307123' }],
  ['idNumber', 'idNumber.checksum', { idNumber: '110105194912310021' }],
  ['idNumber', 'idNumber.date', { idNumber: withCheck('44030019900230123') }],
  ['idNumber', 'idNumber.isResidencePermit', { idNumber: withCheck('81000019900307123') }],
  ['idNumber', 'idNumber.notResidencePermit', { idType: 'hmt_residence_permit' }],
  ['idNumber', 'idNumber.isForeigner', { idNumber: withCheck('93268219900307123') }],
  ['idNumber', 'idNumber.foreigner', { idType: 'foreigner_residence_id', idNumber: 'AB12' }],
  ['idNumber', 'idNumber.hkMacau', { idType: 'hk_macau_permit', idNumber: 'A12345678' }],
  ['idNumber', 'idNumber.taiwan', { idType: 'taiwan_permit', idNumber: '1234567' }],
  ['idNumber', 'idNumber.passport', { idType: 'passport', idCountry: 'CHN', idNumber: 'E-12' }],
  ['idCountry', 'idCountry.missing', { idType: 'passport', idCountry: '' }],
  ['gender', 'gender.missing', { gender: 'other' }],
  ['gender', 'gender.differs', { gender: 'female' }],
  ['birthdate', 'birthdate.missing', { birthdate: '' }],
  ['birthdate', 'birthdate.format', { birthdate: '1990-02-30' }],
  ['birthdate', 'birthdate.future', { birthdate: '2190-03-07' }],
  ['birthdate', 'birthdate.early', { birthdate: '1190-03-07' }],
  ['birthdate', 'birthdate.differs', { birthdate: '1990-03-08' }],
]

const bank: readonly Row[] = [
  ['bank', 'bank.missing', { bank: '我的银行' }],
  ['bankConsent', 'bankConsent.missing', { bankConsent: '' }],
  ['account', 'account.missing', { account: '' }],
  ['account', 'account.characters', { account: '6214-8312-3456-789A' }],
  ['account', 'account.short', { account: '62148312345678' }],
  ['account', 'account.long', { account: '62148312345678901234' }],
  [
    'account',
    'account.check',
    { account: person.account.replace(/.$/, (d) => String((Number(d) + 1) % 10)) },
  ],
  ['phoneRegion', 'phoneRegion.missing', { phoneRegion: '+1' }],
  ['phone', 'phone.missing', { phone: '' }],
  ['phone', 'phone.characters', { phone: '13a00000000' }],
  ['phone', 'phone.short', { phone: '1380000000' }, { digits: 11 }],
  ['phone', 'phone.long', { phone: '138000000001' }, { digits: 11 }],
  ['phone', 'phone.notMobile', { phone: '12000000000' }],
  ['phone', 'phone.machine', { phone: '14400000000' }],
  ['phone', 'phone.region', { phone: '+1 202 555 0100' }],
  ['smsCode', 'smsCode.required', { smsCode: '' }],
  ['smsCode', 'smsCode.format', { smsCode: '12345' }],
  ['smsCode', 'smsCode.expired', { smsCode: '123456' }],
]

/** Expects that the page shows the typed values again, except secrets. */
function expectKept(page: FilledPage, typed: Readonly<Record<string, string>>) {
  const secrets = ['password', 'passwordAgain', 'captcha', 'smsCode']
  for (const [field, value] of Object.entries(typed)) {
    if (secrets.includes(field)) expect([field, page.value(field)]).toEqual([field, ''])
    else if (!choices.includes(field)) expect([field, page.value(field)]).toEqual([field, value])
  }
  for (const secret of [typed['password'], typed['smsCode']])
    if (secret) expect(page.html).not.toContain(secret)
}
/** Choices cannot show an invalid value again. */
const choices = ['agreement', 'idType', 'gender', 'bank', 'bankConsent', 'phoneRegion']

/** Sends the page once for each row, with one invalid value each time. */
async function expectEach(
  at: ReturnType<typeof personAtForms>,
  start: FilledPage,
  right: Readonly<Record<string, string>>,
  rows: readonly Row[],
) {
  let page = start
  for (const [field, code, typed, params] of rows) {
    const all = { ...right, ...typed }
    page = await at.send(page, all)
    expectRefusal(page, field, chinese(code, params))
    expectKept(page, all)
  }
  return page
}

describe('an invalid value is refused beside its field and the other values stay', () => {
  test('填写登录信息 refuses each invalid value', async () => {
    const at = personAtForms()
    await expectEach(at, await at.open(`${platform.issuer}/register`), loginFields(person), login)
  })

  test('填写身份信息 refuses each invalid value', async () => {
    const at = personAtForms()
    const start = await at.open(`${platform.issuer}/register`)
    const page = await at.send(start, loginFields(person))
    await expectEach(at, page, identityFields(person), identity)
  })

  test('填写验证信息 refuses each invalid value', async () => {
    const at = personAtForms()
    const page = await toBankStep(platform, at, person)
    await expectEach(at, page, { ...bankFields(person), smsCode: '654321' }, bank)
  })

  test('发送短信验证 requires the phone only', async () => {
    const at = personAtForms()
    const page = await at.send(await toBankStep(platform, at, person), {}, 'send')
    expectRefusal(page, 'phone', '请输入手机号码')
    expect(page.faults).toHaveLength(1)
  })

  test('these tests cover every field message of registration', () => {
    const tested = new Set([...login, ...identity, ...bank].map(([, code]) => code))
    // Tested elsewhere: units (unit-registration.test.ts), messages after the SMS code (bank-card.test.ts), and messages
    // that are no refusals (test/browser/derived-fields.test.ts, unified-names.test.ts). Region names are no messages.
    const others =
      /^(phoneRegion\.\+|uscc\.|unitName|legalRepresentative|account\.otherBank$|strength\.|name\.unified|idNumber\.told|account\.bankTold)/
    const untested = Object.keys(fieldMessages).filter(
      (code) => !others.test(code) && !tested.has(code as MessageCode),
    )
    expect(untested).toEqual([])
  })
})

test('several invalid fields are reported at once, in the order of the page', async () => {
  const at = personAtForms()
  const login = await at.send(await at.open(`${platform.issuer}/register`), {})
  expect(login.status).toBe(422)
  expect(login.faults).toEqual([
    ...['请输入用户名', '请输入密码', '请再次输入密码'],
    ...['请阅读用户协议和隐私政策，同意后勾选', '请输入图中的数字'],
  ])
  const identity = await at.send(login, loginFields(person))
  const wrong = { name: '', idNumber: person.idNumber, gender: 'female', birthdate: '1990-03-08' }
  expect((await at.send(identity, wrong)).faults).toEqual([
    '请输入姓名',
    '性别与证件号不一致，请核对性别和证件号',
    '出生日期与证件号不一致，请核对出生日期和证件号',
  ])
  const short = { ...identityFields(person), idNumber: '11', birthdate: '2099-01-01' }
  expect((await at.send(identity, short)).faults).toEqual([
    '证件号应为18位，请检查是否漏输',
    '出生日期不能晚于今天，请检查年份',
  ])
  const bank = await at.send(identity, identityFields(person))
  expect((await at.send(bank, {})).faults).toEqual([
    '请选择银行',
    '请勾选“我同意将银行账号仅用于核验身份”，否则无法核验身份',
    '请输入银行账号',
    '请输入手机号码',
    '请点击“发送短信验证”，然后输入短信中的 6 位数字',
  ])
  const slips = { ...bankFields(person), phone: '1391234567', smsCode: '12' }
  expect((await at.send(bank, slips)).faults).toEqual([
    '手机号码应为11位，请检查是否漏输',
    '短信验证码是 6 位数字，请核对短信',
  ])
})

describe('data of an existing account', () => {
  const first = samplePerson({ idType: 'hk_macau_permit', idNumber: 'H12345678' })
  beforeAll(async () => {
    expect((await register(platform, personAtForms(), first)).heading).toBe('注册成功')
  })

  test('a username is taken regardless of case', async () => {
    const at = personAtForms()
    for (const username of [first.username, first.username.toUpperCase()]) {
      const start = await at.open(`${platform.issuer}/register`)
      const page = await at.send(start, loginFields(samplePerson({ username })))
      expectRefusal(page, 'username', '用户名已被使用')
      expect(page.value('username')).toBe(username)
      expect(page.value('password')).toBe('')
    }
  })

  test('a document is taken, even after its renewal, and the page links to 忘记用户名？', async () => {
    const at = personAtForms()
    const start = await at.open(`${platform.issuer}/register`)
    const page = await at.send(start, loginFields(samplePerson()))
    for (const idNumber of ['H12345678', 'h12345678 02']) {
      const taken = await at.send(page, { ...identityFields(first), idNumber })
      expectRefusal(taken, 'idNumber', '证件已被使用')
      expect(taken.link('忘记用户名？')).toBe('/recover/username')
      expect(taken.value('name')).toBe(first.name)
    }
    // The same number on another type of document belongs to another person.
    const passport = {
      ...identityFields(first),
      ...{ idType: 'passport', idCountry: 'CHN', idNumber: 'H12345678' },
    }
    expect((await at.send(page, passport)).step).toContain('填写验证信息')
  })
})

test('phone regions are named in the language of the page', async () => {
  const at = personAtForms()
  const page = await toBankStep(platform, at, samplePerson())
  expect(page.options('phoneRegion')).toEqual(['中国内地 +86', '中国香港 +852'])
})

test('refusals, banks and document types are shown in English', async () => {
  const at = personAtForms()
  const english = await at.open(`${platform.issuer}/register?lang=en`)
  const page = await at.send(english, { ...loginFields(person), username: '' })
  expect(page.title).toBe('Error: Sign-in details - Unified User Platform')
  expect(page.faults).toEqual(['Enter a username.'])
  const bank = await toBankStep(platform, at, samplePerson())
  expect(bank.options('bank')[1]).toBe('China Construction Bank (建设银行)')
  const identity = await at.open(bank.url.href.replace(/bank$/, 'identity'))
  expect(identity.options('idType')).toContain('Passport (护照)')
})
