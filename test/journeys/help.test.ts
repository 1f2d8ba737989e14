import { load } from 'cheerio'
import { readBanks } from '../../config/banks.ts'
import { signedInAt } from '../support/account-pages.ts'
import { enrolled } from '../support/enrolled.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { personFields, toCodeStep } from '../support/recovering.ts'
import { identityFields, loginFields, withCode } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({
    env: { CONTACT_PHONE: '0123-4567', CONTACT_EMAIL: 'help@office.test', SPONSOR: '样例办公室' },
  })
})
afterAll(() => platform.close())

/** The questions of the guide, section 三, in order. */
const questions = [
  '为什么考生服务系统要接入统一用户平台？',
  '什么考试需要在考生服务系统注册？',
  '注册需要什么条件？',
  '什么时候可以注册？',
  '注册时，为何需填写银行账号？',
  '实名认证会增加注册用时吗？',
  '注册时系统提示“人员姓名或证件名或证件号与银行登记不匹配”该怎么办？',
  '姓名有生僻字，怎么办？',
  '注册信息如何修改？',
  '忘了用户名或密码且注册时填写的手机号码又停用，导致无法找回用户名或密码，怎么办？',
  '联系方式有哪些？',
]

const linksOf = (html: string) =>
  load(html)('main a')
    .toArray()
    .map(({ attribs }) => attribs['href'] ?? '')

test('the page has the eleven questions of the guide, each with a stable anchor', async () => {
  const page = await personAtForms().open(`${platform.issuer}/help`)
  expect(page.heading).toBe('常见问题解答')
  const $ = load(page.html)
  const found = $('main h2')
    .toArray()
    .map((heading) => [
      $(heading).attr('id'),
      $(heading)
        .text()
        .replace(/^.+?、/, ''),
    ])
  expect(found).toEqual(questions.map((question, at) => [`q${at + 1}`, question]))
  expect(linksOf(page.html).filter((link) => link.startsWith('#'))).toEqual(
    questions.map((_, at) => `#q${at + 1}`),
  )
})

test('the page names every bank and the configured contacts', async () => {
  const page = await personAtForms().open(`${platform.issuer}/help`)
  for (const { name } of readBanks()) expect(page.text).toContain(name)
  for (const word of ['12 家', '0123-4567', 'help@office.test', '样例办公室'])
    expect(page.text).toContain(word)
  for (const literal of ['88100099', 'hrss.sz.gov.cn']) expect(page.html).not.toContain(literal)
})

test('every link on the page leads to a page', async () => {
  const at = personAtForms()
  const { html } = await at.open(`${platform.issuer}/help`)
  const paths = linksOf(html).filter((link) => link.startsWith('/'))
  expect(paths).toEqual(
    expect.arrayContaining(['/register', '/account/details', '/recover/username', '/privacy']),
  )
  for (const path of new Set(paths))
    expect([path, (await at.open(platform.issuer + path)).status]).toEqual([path, 200])
})

test('the page exists in English', async () => {
  const page = await personAtForms().open(`${platform.issuer}/help?lang=en`)
  expect(page.heading).toBe('Questions and answers')
  expect(load(page.html)('main h2').length).toBe(11)
  expect(page.text).toContain('Bank of China (中国银行)')
})

test('registration begins with what to prepare, and links to question 三', async () => {
  for (const path of ['/register', '/register/organisation']) {
    const page = await personAtForms().open(platform.issuer + path)
    for (const { name } of readBanks()) expect(page.text).toContain(name)
    expect(linksOf(page.html)).toContain('/help#q3')
  }
})

test('the other registration steps link to the questions about them', async () => {
  const at = personAtForms()
  const person = samplePerson()
  const identity = await at.send(await at.open(`${platform.issuer}/register`), loginFields(person))
  expect(linksOf(identity.html)).toContain('/help#q8')
  expect(linksOf((await at.send(identity, identityFields(person))).html)).toContain('/help#q5')
})

test('a refusal by the bank links to question 七', async () => {
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, samplePerson())
  const refused = await at.send(page, fields)
  expect(refused.status).toBe(422)
  expect(linksOf(refused.html)).toContain('/help#q7')
})

test('用户信息 links to question 九', async () => {
  const { page } = await signedInAt(platform, await enrolled(platform), '/account/details')
  expect(linksOf(page.html)).toContain('/help#q9')
})

test('both recoveries link to question 十 beside 手机号已停用？', async () => {
  const person = await enrolled(platform)
  const at = personAtForms()
  const code = await toCodeStep(platform, at, personFields(person))
  expect(linksOf(code.html)).toContain('/help#q10')
  const start = await at.open(`${platform.issuer}/recover/password`)
  const method = await at.send(start, { username: person.username, captcha: fixedAnswer })
  expect(linksOf((await at.send(method, {})).html)).toContain('/help#q10')
})

test('the contacts of every page link to question 十一', async () => {
  const { html } = await personAtForms().open(platform.issuer)
  expect(load(html)('footer a[href="/help#q11"]').length).toBe(1)
})
