// Takes the pictures of the README from a running `npm start` with a new data folder, CAPTCHA_FIXED_ANSWER=AHK7 and
// LIMITS_SCALE=1000 (the script requests more codes than a person may in a minute):
//   node --import tsx docs/pictures/take.ts http://localhost:3001 http://localhost:3000 http://127.0.0.1:3100 http://localhost:3003
// Then make them small: python3 docs/pictures/shrink.py
import type { Page } from 'playwright-core'
import { samplePerson, sampleUnit } from '../../sandbox/sample-person.mjs'
import { browser, captcha, choose, fill, follow, newPage, press, shoot } from './at-the-keyboard.ts'

const [
  exam = 'http://localhost:3001',
  platform = 'http://localhost:3000',
  simulators = 'http://127.0.0.1:3100',
  playground = 'http://localhost:3003',
] = process.argv.slice(2)
const { name, idType, idNumber, sex, birthdate, bank, account, phone } = samplePerson
const newPhone = '13900000001'
const username = 'linxiaoman'
const unitUsername = 'yangli.keji'
const password = 'correct horse battery'
/** Guide, section 二, part 一. */
async function registration() {
  const page = await newPage()
  await page.goto(exam)
  await shoot(page, 'exam-service')
  await follow(page, '立即注册')
  await credentials(page, username)
  await shoot(page, 'register-login')
  await press(page, '下一步')
  await fill(page, { 姓名: name, 证件号: idNumber, 出生日期: birthdate })
  await page.getByLabel(sex, { exact: true }).check()
  await shoot(page, 'register-identity')
  await press(page, '下一步')
  // Question 七: the bank refuses a phone that it does not know.
  await card(page, newPhone)
  await press(page, '下一步')
  await shoot(page, 'register-refused')
  await card(page, phone)
  await shoot(page, 'register-bank')
  await press(page, '下一步')
  await shoot(page, 'register-done')
  await follow(page, '返回业务系统登录')
  await fill(page, { 用户名: username, 密码: password })
  await shoot(page, 'sign-in')
  await fill(page, { 验证码: captcha })
  await press(page, '登录')
  await page.waitForURL(`${exam}/**`)
  await shoot(page, 'signed-in')
  await page.close()
}

/** Guide, section 二, part 二. */
async function accountPages() {
  const page = await newPage()
  await page.goto(`${platform}/account`)
  await signIn(page, username)
  await shoot(page, 'account-details')
  await follow(page, '密码管理')
  await shoot(page, 'account-password')
  await follow(page, '密保工具')
  await fill(page, { 原密码: password })
  for (const n of [1, 2, 3]) {
    await page.getByLabel(`问题${n}`, { exact: true }).selectOption({ index: n })
    await fill(page, { [`答案${n}`]: `答案之${n}` })
  }
  await shoot(page, 'account-questions')
  await press(page, '保存')
  for (const [tab, picture] of [
    ['登录与设备', 'account-sign-ins'],
    ['授权管理', 'account-permissions'],
    ['登录记录', 'account-records'],
    ['我的数据', 'account-data'],
    ['注销账户', 'account-closing'],
  ] as const) {
    await follow(page, tab)
    await shoot(page, picture)
  }
  await page.close()
}

/** Guide, section 二, part 三. */
async function findingTheUsername() {
  const page = await newPage()
  await toUsernameCode(page)
  await press(page, '发送短信验证')
  await shoot(page, 'username-code')
  await fill(page, { 动态验证: await codeFor(phone) })
  await press(page, '下一步')
  await shoot(page, 'username-done')
  await page.goto(`${simulators}/sms`)
  await shoot(page, 'messages')
  await page.close()
}

async function toUsernameCode(page: Page) {
  await page.goto(exam)
  await follow(page, '忘记用户名？')
  await fill(page, { 姓名: name, 证件号: idNumber })
  await page.getByLabel('个人用户', { exact: true }).check()
  await choose(page, { 证件类型: idType })
  await shoot(page, 'username-identity')
  await fill(page, { 验证码: captcha })
  await press(page, '下一步')
}

/** Guide, section 二, part 四, both ways. */
async function findingThePassword() {
  const page = await newPage()
  await toMethods(page)
  await shoot(page, 'password-method')
  await press(page, '密保问题')
  await shoot(page, 'password-questions')
  await toMethods(page)
  await press(page, '证件号码+手机验证码')
  await choose(page, { 证件类型: idType })
  await fill(page, { 证件号: idNumber, 手机号码: phone })
  await press(page, '发送短信验证')
  await shoot(page, 'password-phone')
  await fill(page, { 动态验证: await codeFor(phone) })
  await press(page, '下一步')
  await shoot(page, 'password-reset')
  await fill(page, { 新密码: `${password} 2`, 确认新密码: `${password} 2` })
  await press(page, '下一步')
  await shoot(page, 'password-done')
  await page.close()
}

async function toMethods(page: Page) {
  await page.goto(exam)
  await follow(page, '忘记密码？')
  await fill(page, { 用户名: username })
  await shoot(page, 'password-username')
  await fill(page, { 验证码: captcha })
  await press(page, '下一步')
}

/** Guide, question 十: the bank already has the new phone. */
async function anotherPhone() {
  await put(`bank/cards/${account}`, { bank, name, idType, idNumber, phone: newPhone, kind: 'debit' })
  const page = await newPage()
  await toUsernameCode(page)
  await press(page, '手机号已停用？')
  await fill(page, { 姓名: name, 证件号: idNumber })
  await choose(page, { 证件类型: idType })
  await card(page, newPhone, '新手机号码')
  await shoot(page, 'phone-details')
  await press(page, '提交')
  await shoot(page, 'phone-done')
  await page.close()
}

/** 单位用户注册, its account, and the first pages of 更换经办人 and 法定代表人确认. */
async function organisation() {
  const page = await newPage()
  await page.goto(`${platform}/register`)
  await follow(page, '单位用户注册')
  await credentials(page, unitUsername)
  await press(page, '下一步')
  const { legalRepresentative } = sampleUnit
  await fill(page, { 单位名称: sampleUnit.name, 证件号: sampleUnit.code })
  await fill(page, { 法定代表人: legalRepresentative.name })
  await fill(page, { 法定代表人证件号: legalRepresentative.idNumber })
  await shoot(page, 'unit')
  await press(page, '下一步')
  await fill(page, { 姓名: name, 证件号: idNumber })
  await choose(page, { 证件类型: idType })
  await shoot(page, 'unit-handler')
  await press(page, '下一步')
  await card(page, newPhone)
  await press(page, '下一步')
  await shoot(page, 'unit-done')
  await page.goto(`${platform}/account`)
  await signIn(page, unitUsername)
  await shoot(page, 'unit-account')
  await page.goto(`${platform}/organisation/handler`)
  await shoot(page, 'change-handler')
  await page.goto(`${platform}/organisation/legal-representative`)
  await shoot(page, 'legal-representative')
  await page.close()
}

/** A third-party client asks for more than a password. */
async function consent() {
  const page = await newPage()
  await page.goto(playground)
  for (const scope of ['profile', 'verified_identity'])
    await page.getByLabel(scope, { exact: true }).check()
  await page.locator('select[name=acr]').selectOption('urn:uup:acr:sms')
  await shoot(page, 'playground')
  await page.locator('main form button').last().click()
  await page.waitForURL(`${platform}/**`)
  await signIn(page, username)
  await press(page, '发送短信验证')
  await shoot(page, 'step-up')
  await fill(page, { 动态验证: await codeFor(phone) })
  await press(page, '下一步')
  await shoot(page, 'consent')
  await page.close()
}

/** The home page, and a wide screen. */
async function publicPages() {
  const page = await newPage()
  await page.goto(platform)
  await shoot(page, 'home')
  await page.close()
  const wide = await newPage({ viewport: { width: 1280, height: 800 } })
  await wide.goto(`${platform}/register`)
  await shoot(wide, 'wide')
  await wide.close()
}

/** The first page of a registration in other modes. */
async function otherLooks() {
  for (const [picture, options, query] of [
    ['dark', { colorScheme: 'dark' }, ''],
    ['large', {}, '?text=large'],
    ['english', {}, '?lang=en'],
  ] as const) {
    const page = await newPage(options)
    await page.goto(exam)
    await follow(page, '立即注册')
    if (query) await page.goto(page.url() + query)
    await shoot(page, picture)
    await page.close()
  }
}

async function credentials(page: Page, named: string) {
  await fill(page, { 用户名: named, 密码: password, 确认密码: password, 验证码: captcha })
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
}

async function signIn(page: Page, named: string) {
  await fill(page, { 用户名: named, 密码: password, 验证码: captcha })
  await press(page, '登录')
}

/** Fills in the card's fields, up to the received code. */
async function card(page: Page, reserved: string, label = '手机号码') {
  await choose(page, { 银行: bank })
  await page.getByLabel('我同意将银行账号仅用于核验身份', { exact: true }).check()
  await fill(page, { 银行账号: account, [label]: reserved })
  await press(page, '发送短信验证')
  await fill(page, { 短信验证码: await codeFor(reserved) })
}

async function codeFor(number: string): Promise<string> {
  // 找回用户名 sends it after the answer.
  await new Promise((later) => setTimeout(later, 1000))
  const sent = await fetch(`${simulators}/sms/messages?phone=${number}`)
  const messages = (await sent.json()) as { template: string; params: { code?: string } }[]
  return messages.find(({ template }) => template === 'code')?.params.code ?? ''
}

const put = (path: string, body: object) =>
  fetch(`${simulators}/${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

await publicPages()
await registration()
await otherLooks()
await consent()
await accountPages()
await findingTheUsername()
await findingThePassword()
await anotherPhone()
await organisation()
await browser.close()
