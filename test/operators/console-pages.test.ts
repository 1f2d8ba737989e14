import type { Browser, BrowserContext, Page } from 'playwright-core'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { casesMongo } from '../../src/adapters/mongo/cases-mongo.ts'
import { inChina } from '../../src/people/calendar.ts'
import type { Role } from '../../src/people/operator.ts'
import { launchChromium } from '../support/chromium.ts'
import { operatorsOf, type TestOperator, totpCode } from '../support/console.ts'
import { enrol } from '../support/enrolled.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { withAuthenticator } from '../support/virtual-authenticator.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform()
  desk = await operatorsOf(platform)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const wide = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 375, height: 740 } }
const looks = [
  wide,
  { ...wide, colorScheme: 'dark' },
  phone,
  { ...phone, colorScheme: 'dark' },
] as const

/** The problems of each page in each look, without the script of 通行密钥. */
async function problemsOf(paths: readonly string[], token?: string) {
  const found = []
  for (const look of looks) {
    const context = await browser.newContext(look)
    await signInTo(context, token)
    const page = await context.newPage()
    for (const path of paths) {
      await page.goto(new URL(path, platform.adminUrl).href)
      const problems = await pageProblems(page)
      found.push(...problems.map((problem) => `${path} ${JSON.stringify(look)}: ${problem}`))
    }
    await context.close()
  }
  return found
}

async function signInTo(context: BrowserContext, token: string | undefined): Promise<void> {
  if (token) await context.addCookies([{ name: 'operator', value: token, url: platform.adminUrl }])
}

test('axe finds nothing on the pages without a session', async () => {
  const { token } = await desk.invitations.issue(
    { name: '张工', role: 'support', sponsors: [] },
    { withActivationCode: true },
  )
  expect(await problemsOf(['/login', `/invitation/${token}`, '/setup/done', '/none'])).toEqual([])
})

/** Files a case and returns its number. */
async function aCase(): Promise<string> {
  const cases = await casesMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: Date.now,
    policy: policyOf().cases,
  })
  const typed = { name: '林**', idType: '居民身份证', idNumber: '440***********0014' }
  const card = { bank: '招商银行', account: '6214 **** **** 0007', phone: '138****0000' }
  const number = await cases.file({ finding: 'mismatch', ...typed, ...card })
  await cases.handle(number, { state: 'working', note: { author: 'o', text: '已请本人前往银行' } })
  return number
}

test.each<[Role, readonly string[]]>([
  [
    'support',
    [
      '/',
      '/reviews',
      '/lookup',
      '/lookup/PERSON/records',
      '/cases',
      '/cases/CASE',
      '/counter-proofs',
    ],
  ],
  ['security', ['/', '/reviews', '/operators', '/lookup']],
  [
    'system',
    [
      '/reviews',
      '/clients',
      '/clients/new',
      '/clients/exam-service',
      '/clients/exam-service/guide',
      '/notices',
      '/banks',
      '/keys',
      '/stats',
      '/stats?days=7',
    ],
  ],
  ['auditor', ['/audit']],
])('axe finds nothing on the pages of %s', async (role, paths) => {
  const other = await desk.newOperator('security')
  const { token } = await desk.signedIn(await desk.newOperator(role))
  const person = await enrol(platform, samplePerson())
  const number = await aCase()
  const known = paths.map((path) => path.replace('PERSON', person).replace('CASE', number))
  const own = role === 'security' ? [...known, `/operators/${other.id}`] : known
  expect(await problemsOf(own, token)).toEqual([])
})

test("axe finds nothing on a citizens' page with announcements", async () => {
  const admin = await desk.signedIn(await desk.newOperator('system'))
  for (const level of ['info', 'important']) {
    const texts = { textZh: '今晚系统维护', textEn: 'Maintenance tonight' }
    const to = inChina(Date.now() + 3_600_000)
      .toISOString()
      .slice(0, 16)
    await admin.submit('/notices', '/notices', { ...texts, level, to })
  }
  expect(await problemsOf([`${platform.issuer}/register`])).toEqual([])
})

test('axe finds nothing on the result of a look-up, and on a refused one', async () => {
  const person = samplePerson()
  const id = await enrol(platform, person)
  const { token } = await desk.signedIn(await desk.newOperator('security'))
  const found = []
  for (const look of [looks[0], looks[3]]) {
    const context = await browser.newContext(look)
    await signInTo(context, token)
    const page = await context.newPage()
    await page.goto(`${platform.adminUrl}/lookup`)
    await page.getByLabel('查询方式').selectOption('账户编号')
    await page.getByLabel('查询内容').fill(id)
    await page.getByRole('button', { name: '查询', exact: true }).click()
    found.push(...(await pageProblems(page)))
    await page.getByLabel('查询事由').fill('来电核对')
    await page.getByLabel('查询方式').selectOption('账户编号')
    await page.getByLabel('查询内容').fill(id)
    await page.getByRole('button', { name: '查询', exact: true }).click()
    await page.getByRole('heading', { name: '查询结果' }).waitFor()
    found.push(...(await pageProblems(page)))
    await page.getByRole('button', { name: '冻结账户' }).click()
    found.push(...(await pageProblems(page)))
    await context.close()
  }
  expect(found).toEqual([])
})

const password = 'a long password 2026'

async function typePassword(page: Page, username: string, typed = password): Promise<void> {
  await page.goto(`${platform.adminUrl}/login`)
  await page.getByLabel('用户名', { exact: true }).fill(username)
  await page.getByLabel('密码', { exact: true }).fill(typed)
  await page.getByLabel('验证码', { exact: true }).fill(fixedAnswer)
  await page.getByRole('button', { name: '登录', exact: true }).last().click()
}

test('an operator sets up a passkey, signs in with it, and is not rested by wrong passwords', async () => {
  const { token } = await desk.invitations.issue({ name: '张工', role: 'security', sponsors: [] })
  const context = await browser.newContext(wide)
  const page = await context.newPage()
  await withAuthenticator(page)
  await page.goto(`${platform.adminUrl}/invitation/${token}`)
  await page.getByLabel('用户名', { exact: true }).fill('zhang.passkey')
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByLabel('确认密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('heading', { name: '设置第二因素' }).waitFor()
  expect(await pageProblems(page)).toEqual([])
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.waitForURL('**/setup/recovery-codes')
  expect(await page.locator('[data-recovery-code]').count()).toBe(10)
  expect(await pageProblems(page)).toEqual([])
  await page.getByRole('button', { name: '完成' }).click()
  await page.getByRole('link', { name: '操作员登录' }).click()

  await typePassword(page, 'zhang.passkey')
  await page.waitForURL('**/login/factor')
  expect(await pageProblems(page)).toEqual([])
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.waitForURL(`${platform.adminUrl}/`)
  await page.getByRole('button', { name: '退出登录' }).click()

  for (let tries = 0; tries < 5; tries += 1)
    await typePassword(page, 'zhang.passkey', 'wrong password')
  await typePassword(page, 'zhang.passkey')
  expect(await page.locator('.summary').textContent()).toContain('多次输入不正确')
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.waitForURL(`${platform.adminUrl}/`)
  await context.close()
})

test('an operator without script signs in with a one-time password', async () => {
  const operator: TestOperator = await desk.newOperator('support')
  const context = await browser.newContext({ ...phone, javaScriptEnabled: false })
  const page = await context.newPage()
  await typePassword(page, operator.username, operator.password)
  await page.getByLabel('动态口令', { exact: true }).fill(totpCode(operator.totpSecret))
  await page.getByRole('button', { name: '登录', exact: true }).last().click()
  await page.waitForURL(`${platform.adminUrl}/`)
  expect(await page.locator('h1').textContent()).toBe('首页')
  await context.close()
})
