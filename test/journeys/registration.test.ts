import { load } from 'cheerio'
import { type IdType, idTypes } from '../../config/id-types.ts'
import { testClock } from '../support/clock.ts'
import { withCheck } from '../support/id-numbers.ts'
import { cardNumber, digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields, toBankStep } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

/** Goes from 立即注册 at the exam service through registration and sign-in back to the exam service. */
async function registerForExam(person: SamplePerson) {
  const at = personAtForms()
  const done = await register(platform, at, person, `${platform.exam.url}/register`)
  const login = await at.open(new URL(String(done.link('返回业务系统登录')), done.url).href)
  return { at, done, login, exam: await at.send(login, signInFields(person)) }
}

/** Reads the userinfo claims that the exam service shows. */
function userinfoOn({ html }: FilledPage): Record<string, string> {
  const $ = load(html)
  const terms = $('dl.claims').last().find('dt').toArray()
  return Object.fromEntries(terms.map((term) => [$(term).text(), $(term).next('dd').text()]))
}

/** The six types of 证件类型; types with two number formats appear twice. */
const documents: readonly [IdType, string][] = [
  ['resident_id', withCheck(`44990019900307${digits(2)}7`)],
  ['hk_macau_permit', `H${digits(8)}`],
  ['hk_macau_permit', `M${digits(10)}`],
  ['taiwan_permit', digits(8)],
  ['taiwan_permit', `${digits(10)}(B)`],
  ['hmt_residence_permit', withCheck(`83000019900307${digits(2)}3`)],
  ['passport', `E${digits(8)}`],
  ['foreigner_residence_id', withCheck(`93268219900307${digits(2)}1`)],
  ['foreigner_residence_id', `ABC${digits(12)}`],
]

test.each(documents)(
  'a person with %s %s registers and signs in at the exam service with their real name',
  async (idType, idNumber) => {
    const person = samplePerson({ idType, idNumber, name: "Anna-Maria O'Neil" })
    const { done, login, exam } = await registerForExam(person)
    expect(done.heading).toBe('注册成功')
    expect(done.text).toContain('可以关闭本页面')
    expect(login.html).toContain('正在登录：考生服务系统')
    expect(exam.url.href).toBe(`${platform.exam.url}/`)
    expect(userinfoOn(exam)).toEqual({
      sub: expect.stringMatching(/^[\w-]{22}$/),
      preferred_username: person.username,
      name: person.name,
      gender: 'male',
      birthdate: '1990-03-07',
      user_type: 'individual',
      phone_number: `+86${person.phone}`,
      phone_number_verified: 'true',
      id_type: idType,
      ...(idType === 'passport' && { id_country: 'BRA' }),
      id_number: idNumber,
      verified_claims: expect.stringContaining('"trust_framework":"cn_bank_card"'),
    })
    expect(exam.text).toContain(idTypes[idType])
  },
)

test('a name with a middle dot and characters outside the BMP reaches the client unchanged', async () => {
  // The name has characters of extensions B and G, a private-use character of GB 18030, 〇 and a variant character.
  const name = '𠮷𰻝\uE816〇䶮·阿卜杜热依木'
  const { exam } = await registerForExam(samplePerson({ name }))
  const arrived = String(userinfoOn(exam)['name'])
  expect([...arrived].map((c) => c.codePointAt(0))).toEqual([...name].map((c) => c.codePointAt(0)))
})

test('深圳金融社保卡 is accepted like a debit card', async () => {
  const person = samplePerson({ bank: '平安银行', account: cardNumber('621626') })
  await platform.issueCard(person, 'social-security')
  const done = await register(platform, personAtForms(), person, undefined, 'social-security')
  expect(done.heading).toBe('注册成功')
})

test('input with spaces, in full width or with a country code is normalised', async () => {
  const plain = samplePerson({ name: '阿依古丽·买买提' })
  await platform.issueCard(plain)
  const at = personAtForms()
  const bank = await toBankStep(platform, at, {
    ...plain,
    username: plain.username.replace('user', 'ｕｓｅｒ'),
    name: ' 阿依古丽•买买提 ',
    idNumber: plain.idNumber.replace(/(.{6})(.{8})/, '$1 $2 '),
    birthdate: '1990年3月7日',
  })
  const typed = {
    bank: plain.bank,
    bankConsent: 'yes',
    account: plain.account.replace(/(\d{4})/g, '$1 '),
    phone: `+86 ${plain.phone}`,
  }
  const sent = await at.send(bank, typed, 'send')
  const smsCode = (await platform.codeFor(plain.phone)).replace(/^(...)/, '$1 ')
  const done = await at.send(sent, { ...typed, smsCode })
  expect(done.text).toContain(plain.username)
})

describe('the last page', () => {
  test('links to 用户信息维护 for a person who came from no client', async () => {
    const done = await register(platform, personAtForms(), samplePerson())
    expect(done.link('用户信息维护')).toBe('/account')
    expect(done.link('设置密保问题')).toBe('/account/questions')
    expect(done.link('返回业务系统登录')).toBeUndefined()
    expect(done.html).not.toContain('来自')
  })

  test('links to the client itself when its authorization request has expired', async () => {
    const at = personAtForms()
    const login = await at.open(`${platform.exam.url}/login`)
    const registration = new URL(String(login.link('立即注册')), login.url).href
    const person = samplePerson()
    await platform.issueCard(person)
    const done = await register(platform, at, person, registration)
    expect(done.link('返回业务系统登录')).toBe(login.url.pathname)
    await forgetInteractions()
    const later = await at.open(done.url.href)
    expect(later.link('返回业务系统登录')).toBe(`${platform.exam.url}/`)
    expect(later.link('用户信息维护')).toBeUndefined()
  })

  test('can be reloaded without another call or message', async () => {
    const at = personAtForms()
    const person = samplePerson()
    const done = await register(platform, at, person)
    const calls = await callsOf(platform)
    const again = await at.open(done.url.href)
    expect(again.html).toBe(done.html)
    expect(await callsOf(platform)).toEqual(calls)
  })

  test('replaces all other steps of the flow', async () => {
    const at = personAtForms()
    const done = await register(platform, at, samplePerson())
    for (const step of ['login', 'identity', 'bank', 'anything'])
      expect((await at.open(done.url.href.replace(/done$/, step))).url.href).toBe(done.url.href)
  })
})

/** Deletes the authorization requests, as if they had expired after an hour. */
async function forgetInteractions() {
  const { redis, keyPrefix } = platform.stores
  const keys = await redis.keys(`${keyPrefix}*Interaction*`)
  expect(keys.length).toBeGreaterThan(0)
  await redis.del(...keys)
}

test('two people with the same name, phone and birth date can both register', async () => {
  const first = samplePerson()
  const second = samplePerson({ phone: first.phone })
  await register(platform, personAtForms(), first)
  turn(60)
  const done = await register(platform, personAtForms(), second)
  expect(done.heading).toBe('注册成功')
})
