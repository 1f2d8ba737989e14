// Takes the pictures of the console from a running `npm start` with a new data folder and CAPTCHA_FIXED_ANSWER=AHK7:
//   node --import tsx docs/pictures/take-console.ts
// Then make them small: python3 docs/pictures/shrink.py
import { execFileSync } from 'node:child_process'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { samplePerson } from '../../sandbox/sample-person.mjs'
import { browser, captcha, choose, fill, follow, newPage, press, shoot } from './at-the-keyboard.ts'

const exam = 'http://localhost:3001'
const admin = 'http://localhost:3004'
const simulators = 'http://127.0.0.1:3100'
const { name, idNumber, sex, birthdate, bank, account, phone } = samplePerson
const password = 'correct horse battery'
const wide = { viewport: { width: 1280, height: 860 } }

/** Sets an operator up by a link of `npm run operator`, and signs in. */
async function operator(role: string, named: string): Promise<Page> {
  const command = ['run', '--silent', 'operator', '--', 'invite', '--name', named, '--role', role]
  const output = execFileSync('npm', command, { encoding: 'utf8' })
  const page = await newPage(wide)
  await page.goto(/http\S+/.exec(output)?.[0] ?? '')
  const username = `picture.${role}`
  await fill(page, { 用户名: username, 密码: password, 确认密码: password })
  await page.getByRole('button', { name: '下一步' }).click()
  const secret = String(await page.locator('[data-secret]').getAttribute('data-secret'))
  const totp = new TOTP({ secret })
  await fill(page, { 动态口令: totp.generate() })
  await page.getByRole('button', { name: '下一步' }).last().click()
  await page.getByRole('button', { name: '完成' }).click()
  await page.goto(`${admin}/login`)
  await fill(page, { 用户名: username, 密码: password, 验证码: captcha })
  await page.getByRole('button', { name: '登录', exact: true }).last().click()
  await page.waitForURL('**/login/factor')
  // The first code was used at the enrolment.
  await fill(page, { 动态口令: totp.generate({ timestamp: Date.now() + 30_000 }) })
  await page.getByRole('button', { name: '登录', exact: true }).last().click()
  await page.waitForURL(`${admin}/`)
  return page
}

/** A registration up to the bank's answer. Returns the page. */
async function registration(username: string, reserved: string): Promise<Page> {
  const page = await newPage()
  await page.goto(exam)
  await follow(page, '立即注册')
  await fill(page, { 用户名: username, 密码: password, 确认密码: password, 验证码: captcha })
  await page.getByLabel('我已阅读并同意用户协议和隐私政策').check()
  await press(page, '下一步')
  await fill(page, { 姓名: name, 证件号: idNumber, 出生日期: birthdate })
  await page.getByLabel(sex, { exact: true }).check()
  await press(page, '下一步')
  await choose(page, { 银行: bank })
  await page.getByLabel('我同意将银行账号仅用于核验身份', { exact: true }).check()
  await fill(page, { 银行账号: account, 手机号码: reserved })
  await press(page, '发送短信验证')
  const sent = await fetch(`${simulators}/sms/messages?phone=${reserved}`)
  const messages = (await sent.json()) as { template: string; params: { code?: string } }[]
  const code = messages.find(({ template }) => template === 'code')?.params.code ?? ''
  await fill(page, { 短信验证码: code })
  await press(page, '下一步')
  return page
}

async function caseAndCounterProof(support: Page, security: Page) {
  const refused = await registration('linxiaoman', '13900000001')
  const text = (await refused.getByRole('main').textContent()) ?? ''
  const caseNumber = /受理编号 ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(text)?.[1] ?? ''
  await support.goto(`${admin}/cases/${caseNumber}`)
  await shoot(support, 'console-case')
  await support.goto(`${admin}/counter-proofs?case=${caseNumber}`)
  await fill(support, { 姓名: name, 证件号: idNumber, 手机号码: phone, 受理编号: caseNumber })
  await support.getByLabel('证件原件', { exact: true }).check()
  await support.getByLabel('银行证明', { exact: true }).check()
  await fill(support, { 事由: '预留手机号已停用，柜台已看证件原件和银行证明' })
  await shoot(support, 'console-counter-proof')
  await support.getByRole('button', { name: '提交复核' }).click()
  await support.waitForURL(`${admin}/reviews**`)
  await security.goto(`${admin}/reviews`)
  await shoot(security, 'console-reviews')
}

async function lookUp(support: Page) {
  await registration('linxiaoman', phone)
  await support.goto(`${admin}/lookup`)
  await support.getByLabel('查询方式', { exact: true }).selectOption({ label: '用户名' })
  await fill(support, { 查询内容: 'linxiaoman', 查询事由: '来电询问是否注册成功' })
  await support.getByRole('button', { name: '查询', exact: true }).click()
  await support.locator('[data-account-id]').first().waitFor()
  await shoot(support, 'console-lookup')
}

const [support, security] = [await operator('support', '张工'), await operator('security', '李工')]
const [system, auditor] = [await operator('system', '赵工'), await operator('auditor', '王工')]
await caseAndCounterProof(support, security)
await lookUp(support)
for (const [page, address, picture] of [
  [system, '/clients', 'console-clients'],
  [system, '/keys', 'console-keys'],
  [auditor, '/audit', 'console-audit'],
] as const) {
  await page.goto(admin + address)
  await shoot(page, picture)
}
execFileSync('npm', ['run', '--silent', 'demo-week'])
await system.goto(`${admin}/stats?days=7`)
await system.screenshot({ path: new URL('console-stats.png', import.meta.url).pathname })
await browser.close()
