import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { readBanks } from '../../config/banks.ts'
import { launchChromium } from '../support/chromium.ts'
import { press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { addToRegistry, type SampleUnit, sampleUnit } from '../support/units.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const phone = { viewport: { width: 320, height: 640 } }
const follow = (page: Page, name: string) =>
  page.getByRole('link', { name, exact: true }).first().click()
const fill = async (page: Page, fields: Readonly<Record<string, string>>) => {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value)
}
const heading = async (page: Page, text: string) => {
  await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor()
}

const about = ({ name, idNumber }: SamplePerson) => ({ 姓名: name, 证件号: idNumber })

async function card(page: Page, person: SamplePerson, look: (at: string) => Promise<void>) {
  await heading(page, '填写验证信息')
  await page.getByLabel('银行', { exact: true }).selectOption(person.bank)
  await page.getByLabel('我同意将银行账号仅用于核验身份').check()
  await fill(page, { 银行账号: person.account, 手机号码: person.phone })
  await press(page, '发送短信验证')
  await page.getByRole('status').waitFor()
  await look('填写验证信息')
  await fill(page, { 短信验证码: await platform.codeFor(person.phone) })
  await press(page, '下一步')
}

async function newPassword(page: Page, password: string, look: (at: string) => Promise<void>) {
  await heading(page, '设置新密码')
  await look('设置新密码')
  await fill(page, { 新密码: password, 确认新密码: password })
  await press(page, '下一步')
}

/** Goes through 单位用户注册, 用户信息, 更换经办人 and 法定代表人确认. `look` checks every page. */
async function story(page: Page, unit: SampleUnit, look: (at: string) => Promise<void>) {
  const { handler, legalRepresentative, username, password } = unit
  const next = samplePerson({ name: '诸葛新任' })
  for (const person of [handler, legalRepresentative, next]) await platform.issueCard(person)
  await page.goto(`${platform.issuer}/register`)
  await follow(page, '单位用户注册')
  await fill(page, { 用户名: username, 密码: password, 确认密码: password, 验证码: fixedAnswer })
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await look('填写登录信息')
  await press(page, '下一步')

  await heading(page, '填写单位信息')
  await press(page, '下一步')
  await look('填写单位信息, with errors')
  const unitFields = { 单位名称: unit.unitName, 证件号: unit.code }
  await fill(page, {
    ...unitFields,
    法定代表人: legalRepresentative.name,
    法定代表人证件号: legalRepresentative.idNumber,
  })
  await press(page, '下一步')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('可能有误')
  await look('填写单位信息, a code to be looked at again')
  await press(page, '下一步')

  await heading(page, '填写经办人信息')
  await look('填写经办人信息')
  await fill(page, about(handler))
  await press(page, '下一步')
  await card(page, handler, look)
  await heading(page, '注册成功')
  await look('注册成功')

  await follow(page, '用户信息维护')
  await heading(page, '登录')
  await fill(page, { 用户名: username, 密码: password, 验证码: fixedAnswer })
  await press(page, '登录')
  await heading(page, '用户信息')
  await look('用户信息')
  const account = await page.getByRole('main').textContent()
  expect(account).toContain('尚未确认')
  expect(account).toContain(unit.unitName)
  expect(account).not.toContain(unit.code)

  await follow(page, '更换经办人')
  await heading(page, '验证单位账户')
  await look('验证单位账户')
  await fill(page, { 用户名: username, 密码: password, 验证码: fixedAnswer })
  await press(page, '下一步')
  await heading(page, '填写经办人信息')
  await fill(page, about(next))
  await press(page, '下一步')
  await newPassword(page, `${password} two`, look)
  await card(page, next, look)
  await heading(page, '更换成功')
  await look('更换成功')

  await follow(page, '法定代表人确认')
  await heading(page, '填写单位信息')
  await look('填写单位信息 of the legal representative')
  await fill(page, { ...unitFields, 验证码: fixedAnswer })
  await press(page, '下一步')
  await heading(page, '填写法定代表人信息')
  await look('填写法定代表人信息')
  await fill(page, about(legalRepresentative))
  await press(page, '下一步')
  await newPassword(page, `${password} three`, look)
  await card(page, legalRepresentative, look)
  await heading(page, '确认成功')
  await look('确认成功')

  await follow(page, '返回登录')
  await heading(page, '登录')
  await fill(page, { 用户名: username, 密码: `${password} three`, 验证码: fixedAnswer })
  await press(page, '登录')
  await heading(page, '用户信息')
  expect(await page.getByRole('main').textContent()).toContain('已确认')
}

test.each<[string, BrowserContextOptions]>([
  ['with script, in light colours', { ...phone, colorScheme: 'light' }],
  ['without script, in dark colours', { ...phone, colorScheme: 'dark', javaScriptEnabled: false }],
])(
  'a unit registers, changes its handler and is confirmed %s',
  async (_, options) => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    // Both codes were really issued although their check character is wrong, and the registry has them.
    const unit = sampleUnit({
      code: options.javaScriptEnabled === false ? '91350203M0001QAY9B' : '91350203M0001QAY8B',
    })
    await addToRegistry(platform, unit)
    const looked = () =>
      options.javaScriptEnabled === false
        ? pageProblemsWithoutScript(page, browser)
        : pageProblems(page)
    await story(page, unit, async (at) => expect([at, await looked()]).toEqual([at, []]))
    await context.close()
  },
  180_000,
)

test('the pages of units are in English', async () => {
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  for (const [path, title] of [
    ['register/organisation', 'Sign-in details'],
    ['organisation/handler', 'The organisation’s account'],
    ['organisation/legal-representative', 'The organisation'],
  ] as const) {
    await page.goto(`${platform.issuer}/${path}?lang=en`)
    await page.goto(`${platform.issuer}/${path}`)
    await heading(page, title)
    // Chinese names of documents and banks may stand in brackets.
    const said = (await page.getByRole('main').textContent()) ?? ''
    const inChinese = ['统一社会信用代码', ...readBanks().map(({ name }) => name)]
    const rest = inChinese.reduce((text, name) => text.replaceAll(name, ''), said)
    expect(rest).not.toMatch(/\p{Script=Han}{3}/u)
    expect(await pageProblems(page)).toEqual([])
  }
  await context.close()
})
