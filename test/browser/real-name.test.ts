import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { importedLine } from '../support/imported-lines.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { digits, samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { addToRegistry, sampleUnit } from '../support/units.ts'
import { importLine, importPerson } from '../support/unproved.ts'

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

const phone = { viewport: { width: 360, height: 740 } }

async function signIn(page: Page, { username, password }: { username: string; password: string }) {
  await page.goto(`${platform.exam.url}/login`)
  await fill(page, '用户名', username)
  await fill(page, '密码', password)
  await fill(page, '验证码', fixedAnswer)
  await press(page, '登录')
}

test.each<[string, BrowserContextOptions]>([
  ['with script', phone],
  ['without script, in dark colours', { ...phone, colorScheme: 'dark', javaScriptEnabled: false }],
])(
  'a person with an imported password proves who they are on a narrow phone %s',
  async (_, options) => {
    const person = samplePerson({
      idType: 'hk_macau_permit',
      idNumber: `H${digits(8)}`,
    })
    await importPerson(platform, person)
    await platform.issueCard(person)
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const look = () =>
      options.javaScriptEnabled === false
        ? pageProblemsWithoutScript(page, browser)
        : pageProblems(page)

    await signIn(page, person)
    await page.getByRole('heading', { level: 1, name: '实名认证' }).waitFor()
    expect(await look()).toEqual([])
    await press(page, '下一步')
    await page.locator('.summary').waitFor()
    expect(await page.title()).toMatch(/^错误：实名认证/)
    expect(await look()).toEqual([])

    await page.getByLabel('男', { exact: true }).check()
    await fill(page, '出生日期', person.birthdate)
    await page.getByLabel('银行', { exact: true }).selectOption(person.bank)
    await page.getByLabel('我同意将银行账号仅用于核验身份').check()
    await fill(page, '银行账号', person.account)
    await fill(page, '手机号码', person.phone)
    await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
    await press(page, '发送短信验证')
    await fill(page, '短信验证码', await platform.codeFor(person.phone))
    await press(page, '下一步')
    await page.waitForURL(`${platform.exam.url}/**`)
    expect(await page.getByRole('main').textContent()).toContain(person.name)
    await context.close()
  },
)

test('a unit with an imported password is proved by the registry and its handler on a narrow phone', async () => {
  const unit = sampleUnit()
  const { handler, legalRepresentative } = unit
  await addToRegistry(platform, unit)
  await platform.issueCard(handler)
  await importLine(platform, {
    ...importedLine({ ...handler, username: unit.username, password: unit.password }),
    ...{ name: unit.unitName, id_type: 'uscc', id_number: unit.code },
  })
  const page = await (await browser.newContext(phone)).newPage()
  const sees = async (heading: string) => {
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
    expect([heading, await pageProblems(page)]).toEqual([heading, []])
  }
  await signIn(page, unit)
  await sees('填写单位信息')
  await fill(page, '法定代表人', legalRepresentative.name)
  await fill(page, '法定代表人证件号', legalRepresentative.idNumber)
  await press(page, '下一步')
  await sees('填写经办人信息')
  await fill(page, '姓名', handler.name)
  await fill(page, '证件号', handler.idNumber)
  await press(page, '下一步')
  await sees('实名认证')
  await page.getByLabel('银行', { exact: true }).selectOption(handler.bank)
  await page.getByLabel('我同意将银行账号仅用于核验身份').check()
  await fill(page, '银行账号', handler.account)
  await fill(page, '手机号码', handler.phone)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await press(page, '发送短信验证')
  await fill(page, '短信验证码', await platform.codeFor(handler.phone))
  await press(page, '下一步')
  await page.waitForURL(`${platform.exam.url}/**`)
  expect(await page.getByRole('main').textContent()).toContain(unit.unitName)
})
