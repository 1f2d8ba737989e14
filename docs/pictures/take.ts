// Takes the pictures of the README, from a running start with a new data folder, CAPTCHA_FIXED_ANSWER=AHK7 and LIMITS_SCALE=100:
//   node --import tsx docs/pictures/take.ts http://localhost:3001 http://127.0.0.1:3100
// Then, to make them small: python3 docs/pictures/shrink.py
import { fileURLToPath } from 'node:url'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { samplePerson, sampleUnit } from '../../sandbox/sample-person.mjs'

const [exam = 'http://localhost:3001', simulators = 'http://127.0.0.1:3100'] = process.argv.slice(2)
const folder = fileURLToPath(new URL('.', import.meta.url))
const username = `linxiaoman${Date.now().toString(36)}`
const password = 'correct horse battery'
const captcha = 'AHK7'

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'],
})
await registerAndSignIn()
await unitPages()
await findUsername()
await changePhone()
await look('dark', { colorScheme: 'dark' }, '')
await look('large', {}, '?text=large')
await look('english', {}, '?lang=en')
await browser.close()

async function newPage(options: BrowserContextOptions) {
  const context = await browser.newContext({ viewport: { width: 375, height: 667 }, ...options })
  return context.newPage()
}

function shoot(page: Page, name: string) {
  return page.screenshot({ path: `${folder}${name}.png`, fullPage: true })
}

async function fill(page: Page, fields: Readonly<Record<string, string>>) {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value)
}

async function press(page: Page, name: string) {
  await page.getByRole('button', { name, exact: true }).click()
  await page.waitForLoadState()
}

async function codeOf(phone: string): Promise<string> {
  // By 找回用户名 it goes out after the answer.
  await new Promise((later) => setTimeout(later, 1000))
  const sent = await fetch(`${simulators}/sms/messages?phone=${phone}`)
  const [message] = (await sent.json()) as { params: { code: string } }[]
  return message?.params.code ?? ''
}

async function registerAndSignIn() {
  const { name, idNumber, sex, birthdate, bank, account, phone } = samplePerson
  const page = await newPage({})
  await page.goto(exam)
  await shoot(page, 'exam-service')
  await page.getByText('立即注册').first().click()
  await page.waitForURL(/\/register\/[\w-]+\/login$/)
  await fill(page, { 用户名: username, 密码: password, 确认密码: password })
  await shoot(page, 'register-login')
  await fill(page, { 验证码: captcha })
  await press(page, '下一步')
  await fill(page, { 姓名: name, 证件号: idNumber, 出生日期: birthdate })
  await page.getByLabel(sex, { exact: true }).check()
  await shoot(page, 'register-identity')
  await press(page, '下一步')
  await page.getByLabel('银行', { exact: true }).selectOption(bank)
  await page.getByLabel('我同意').check()
  await fill(page, { 银行账号: account, 手机号码: phone })
  await press(page, '发送短信验证')
  await shoot(page, 'register-bank')
  await fill(page, { 短信验证码: await codeOf(phone) })
  await press(page, '下一步')
  await shoot(page, 'register-done')
  await page.getByRole('link', { name: '返回业务系统登录' }).click()
  await page.waitForLoadState()
  await fill(page, { 用户名: username, 密码: password })
  await shoot(page, 'sign-in')
  await fill(page, { 验证码: captcha })
  await press(page, '登录')
  await page.waitForURL(`${exam}/**`)
  await shoot(page, 'signed-in')
}

/** 单位用户注册 up to its end, and the first pages of 更换经办人 and 法定代表人确认. */
async function unitPages() {
  const { bank, account, phone } = samplePerson
  const { name, code, legalRepresentative } = sampleUnit
  const page = await newPage({})
  await page.goto(exam)
  await page.getByText('立即注册').first().click()
  await page.waitForURL(/\/register\/[\w-]+\/login$/)
  await page.getByRole('link', { name: '单位用户注册' }).click()
  await page.waitForURL(/\/register\/organisation\/[\w-]+\/login$/)
  const login = { 用户名: `${username}.unit`, 密码: password, 确认密码: password, 验证码: captcha }
  await fill(page, login)
  await press(page, '下一步')
  await fill(page, { 单位名称: name, 证件号: code, 法定代表人: legalRepresentative.name })
  await fill(page, { 法定代表人证件号: legalRepresentative.idNumber })
  await shoot(page, 'unit')
  await press(page, '下一步')
  await fill(page, { 姓名: samplePerson.name, 证件号: samplePerson.idNumber })
  await shoot(page, 'unit-handler')
  await press(page, '下一步')
  await page.getByLabel('银行', { exact: true }).selectOption(bank)
  await page.getByLabel('我同意').check()
  await fill(page, { 银行账号: account, 手机号码: phone })
  // The phone has just had a code for the person's own registration.
  await page.waitForTimeout(1_000)
  await press(page, '发送短信验证')
  await fill(page, { 短信验证码: await codeOf(phone) })
  await press(page, '下一步')
  await shoot(page, 'unit-done')
  const platform = new URL(page.url()).origin
  await page.goto(`${platform}/organisation/handler`)
  await shoot(page, 'change-handler')
  await page.goto(`${platform}/organisation/legal-representative`)
  await shoot(page, 'legal-representative')
}

async function findUsername() {
  const { name, idNumber, phone } = samplePerson
  const page = await newPage({})
  await page.goto(`${exam}/login`)
  await page.getByText('忘记用户名？').click()
  await page.waitForURL(/\/identity$/)
  await fill(page, { 姓名: name, 证件号: idNumber })
  await page.getByLabel('个人用户').check()
  await shoot(page, 'username-identity')
  await fill(page, { 验证码: captcha })
  await press(page, '下一步')
  await press(page, '发送短信验证')
  await shoot(page, 'username-code')
  await fill(page, { 动态验证: await codeOf(phone) })
  await press(page, '下一步')
  await shoot(page, 'username-done')
}

/** 找回密码, whose phone is dead: by way of 更换手机号. */
async function changePhone() {
  const { name, idNumber, bank, account } = samplePerson
  const phone = '13900001234'
  const idType = '居民身份证'
  const card = { bank, name, idType, idNumber, phone, kind: 'debit' }
  await fetch(`${simulators}/bank/cards/${account}`, { method: 'PUT', body: JSON.stringify(card) })
  const page = await newPage({})
  const begin = async () => {
    await page.goto(`${exam}/login`)
    await page.getByText('忘记密码？').click()
    await page.waitForURL(/\/username$/)
    await fill(page, { 用户名: username })
  }
  await begin()
  await shoot(page, 'password-username')
  await fill(page, { 验证码: captcha })
  await press(page, '下一步')
  await shoot(page, 'password-method')
  await press(page, '证件号码+手机验证码')
  await fill(page, { 证件号: idNumber })
  await press(page, '手机号已停用？')
  await page.waitForURL(/\/details$/)
  await fill(page, { 姓名: name, 银行账号: account, 新手机号码: phone })
  await page.getByLabel('银行', { exact: true }).selectOption(bank)
  await page.getByLabel('我同意').check()
  await press(page, '发送短信验证')
  await shoot(page, 'phone-details')
  await fill(page, { 短信验证码: await codeOf(phone) })
  await press(page, '提交')
  await shoot(page, 'phone-done')
  await begin()
  await fill(page, { 验证码: captcha })
  await press(page, '下一步')
  await press(page, '证件号码+手机验证码')
  await fill(page, { 证件号: idNumber, 手机号码: phone })
  await press(page, '发送短信验证')
  await shoot(page, 'password-phone')
  await fill(page, { 动态验证: await codeOf(phone) })
  await press(page, '下一步')
  await shoot(page, 'password-reset')
  await fill(page, { 新密码: `new ${password}`, 确认新密码: `new ${password}` })
  await press(page, '下一步')
  await shoot(page, 'password-done')
}

/** The first page of a registration, seen otherwise; `query` is a switch of the footer. */
async function look(name: string, options: BrowserContextOptions, query: string) {
  const page = await newPage(options)
  await page.goto(exam)
  await page.getByText('立即注册').first().click()
  await page.waitForURL(/\/register\/[\w-]+\/login$/)
  if (query) await page.goto(page.url() + query)
  await shoot(page, name)
}
