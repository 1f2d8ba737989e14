import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { operatorsOf, totpCode } from '../support/console.ts'
import { counterCodeFor } from '../support/counter-proofs.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { withAuthenticator } from '../support/virtual-authenticator.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
let browser: Browser
beforeAll(async () => {
  // With this scale the minute between two messages takes three seconds.
  platform = await testPlatform({ env: { LIMITS_SCALE: '20' } })
  desk = await operatorsOf(platform)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

const password = 'a long password 2026'
const wide = { viewport: { width: 1280, height: 800 } }
const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
const choose = (page: Page, label: string, option: string) =>
  page.getByLabel(label, { exact: true }).selectOption({ label: option })
const main = async (page: Page) => (await page.getByRole('main').textContent()) ?? ''

/** Opens the link of an invitation in a browser of its own and types the account. */
async function invited(role: 'support' | 'security' | 'auditor', name: string): Promise<Page> {
  const { token } = await desk.invitations.issue({ name, role, sponsors: [] })
  const page = await (await browser.newContext(wide)).newPage()
  await withAuthenticator(page)
  await page.goto(`${platform.adminUrl}/invitation/${token}`)
  await fill(page, '用户名', `day.${role}`)
  await fill(page, '密码', password)
  await fill(page, '确认密码', password)
  await page.getByRole('button', { name: '下一步' }).click()
  await heading(page, '设置第二因素')
  return page
}

async function typePassword(page: Page, role: string): Promise<void> {
  await page.goto(`${platform.adminUrl}/login`)
  await fill(page, '用户名', `day.${role}`)
  await fill(page, '密码', password)
  await fill(page, '验证码', fixedAnswer)
  await page.getByRole('button', { name: '登录', exact: true }).last().click()
  await page.waitForURL('**/login/factor')
}

/** Enrols a passkey and signs in with it. */
async function withPasskey(role: 'support' | 'auditor', name: string): Promise<Page> {
  const page = await invited(role, name)
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await page.waitForURL('**/setup/recovery-codes')
  await page.getByRole('button', { name: '完成' }).click()
  await typePassword(page, role)
  await page.getByRole('button', { name: '使用通行密钥' }).click()
  await heading(page, '首页')
  return page
}

/** Enrols a one-time password and signs in with the next one. */
async function withOneTimePassword(role: 'security', name: string): Promise<Page> {
  const page = await invited(role, name)
  const secret = String(await page.locator('[data-secret]').getAttribute('data-secret'))
  await fill(page, '动态口令', totpCode(secret))
  await page.getByRole('button', { name: '下一步' }).click()
  await page.waitForURL('**/setup/recovery-codes')
  await page.getByRole('button', { name: '完成' }).click()
  await typePassword(page, role)
  await fill(page, '动态口令', totpCode(secret, 1))
  await page.getByRole('button', { name: '登录', exact: true }).last().click()
  await heading(page, '首页')
  return page
}

const follow = async (page: Page, name: string) => {
  await page.getByRole('link', { name, exact: true }).first().click()
}

test('one day: the bank refuses a citizen, three operators help, the exam service relies on the result, and the auditor finds everything', async () => {
  const person = samplePerson()
  const support = await withPasskey('support', '张工')
  const security = await withOneTimePassword('security', '李工')
  const auditor = await withPasskey('auditor', '王工')

  const phone = { viewport: { width: 360, height: 740 } }
  const citizen = await (await browser.newContext(phone)).newPage()
  await citizen.goto(`${platform.exam.url}/login`)
  await follow(citizen, '立即注册')
  await heading(citizen, '填写登录信息')
  await fill(citizen, '用户名', person.username)
  await fill(citizen, '密码', person.password)
  await fill(citizen, '确认密码', person.password)
  await fill(citizen, '验证码', fixedAnswer)
  await citizen.getByLabel('我已阅读并同意用户协议和隐私政策').check()
  await press(citizen, '下一步')
  await heading(citizen, '填写身份信息')
  await fill(citizen, '姓名', person.name)
  await choose(citizen, '证件类型', '居民身份证')
  await fill(citizen, '证件号', person.idNumber)
  await citizen.getByLabel('男', { exact: true }).check()
  await fill(citizen, '出生日期', person.birthdate)
  await press(citizen, '下一步')
  await heading(citizen, '填写验证信息')
  await platform.issueCard({ ...person, name: '林大满' })
  await choose(citizen, '银行', person.bank)
  await fill(citizen, '银行账号', person.account)
  await fill(citizen, '手机号码', person.phone)
  await citizen.getByLabel(/仅用于核验身份/).check()
  await press(citizen, '发送短信验证')
  await fill(citizen, '短信验证码', await platform.codeFor(person.phone))
  await press(citizen, '下一步')
  const [, caseNumber = ''] = /受理编号 ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(await main(citizen)) ?? []
  expect(caseNumber).toMatch(/./)

  await follow(support, '受理单')
  await fill(support, '受理编号', caseNumber)
  await support.getByRole('main').getByRole('button').first().click()
  await support.getByRole('main').getByRole('link', { name: '人工核验' }).click()
  await heading(support, '人工核验')
  expect(await support.getByLabel('受理编号', { exact: true }).inputValue()).toBe(caseNumber)
  await fill(support, '姓名', person.name)
  await choose(support, '证件类型', '居民身份证')
  await fill(support, '证件号', person.idNumber)
  await fill(support, '手机号码', person.phone)
  await support.getByLabel('证件原件', { exact: true }).check()
  await support.getByLabel('银行证明', { exact: true }).check()
  await fill(support, '事由', '银行登记的姓名有误，已看原件')
  await support.getByRole('button', { name: '提交复核' }).click()
  await heading(support, '待复核')

  await follow(security, '待复核')
  expect(await main(security)).not.toContain(person.name)
  await security.getByLabel('事由', { exact: true }).fill('材料齐全')
  await security.getByRole('button', { name: '同意', exact: true }).click()
  await security.getByRole('status').waitFor()

  await follow(citizen, '使用人工核验码')
  await citizen.getByLabel('核验码', { exact: true }).waitFor()
  expect(await pageProblems(citizen)).toEqual([])
  await fill(citizen, '手机号码', person.phone)
  await fill(citizen, '核验码', await counterCodeFor(platform, person.phone))
  // The code that the refusal of the bank left is still good.
  await fill(citizen, '短信验证码', await platform.codeFor(person.phone))
  await press(citizen, '下一步')
  await heading(citizen, '注册成功')
  expect(await pageProblems(citizen)).toEqual([])

  await citizen.goto(`${platform.exam.url}/login`)
  await fill(citizen, '用户名', person.username)
  await fill(citizen, '密码', person.password)
  await fill(citizen, '验证码', fixedAnswer)
  await press(citizen, '登录')
  await citizen.getByText(person.name).first().waitFor()
  await citizen.getByText('查看统一用户平台给出的全部信息').click()
  expect(await main(citizen)).toMatch(/"trust_framework":"cn_counter".*"in_person"/)
  expect(await main(citizen)).toContain('人工核验')

  await follow(support, '用户查询')
  await choose(support, '查询方式', '用户名')
  await fill(support, '查询内容', person.username)
  await fill(support, '查询事由', '来电询问是否注册成功')
  await support.getByRole('button', { name: '查询', exact: true }).click()
  await support.getByText('账户编号').first().waitFor()
  const found = await main(support)
  for (const value of [person.name, person.idNumber, person.phone.slice(-11), person.account])
    expect(found).not.toContain(value)
  const id = String(
    await support.locator('[data-account-id]').first().getAttribute('data-account-id'),
  )

  await citizen.goto(`${platform.issuer}/account/records`)
  await citizen.getByText('工作人员查询了您的账户信息').first().waitFor()
  expect(await main(citizen)).toContain('来电咨询')

  await follow(auditor, '审计日志')
  await fill(auditor, '账户编号', id)
  await auditor.getByRole('button', { name: '筛选' }).click()
  await auditor.getByRole('heading', { name: '事件' }).first().waitFor()
  const ofAccount = await main(auditor)
  for (const word of ['注册', 'day.support', '来电询问是否注册成功'])
    expect(ofAccount).toContain(word)
  await auditor.goto(`${platform.adminUrl}/audit`)
  await fill(auditor, '操作员', 'day.security')
  await auditor.getByRole('button', { name: '筛选' }).click()
  await auditor.getByText(caseNumber).first().waitFor()
  const download = auditor.waitForEvent('download')
  await auditor.getByRole('button', { name: '导出 NDJSON' }).click()
  const exported = await (await (await download).createReadStream()).toArray()
  expect(Buffer.concat(exported).toString()).toContain(caseNumber)
  await auditor.goto(`${platform.adminUrl}/audit`)
  await auditor.getByRole('button', { name: '立即校验' }).click()
  await auditor.getByText('完整，没有被篡改').first().waitFor()
})
