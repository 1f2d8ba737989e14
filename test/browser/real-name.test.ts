import type { Browser, BrowserContextOptions } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { digits, samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { importPerson } from '../support/unproved.ts'

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

    await page.goto(`${platform.exam.url}/login`)
    await fill(page, '用户名', person.username)
    await fill(page, '密码', person.password)
    await fill(page, '验证码', fixedAnswer)
    await press(page, '登录')
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
