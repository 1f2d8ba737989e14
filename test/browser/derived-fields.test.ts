import type { Browser, Page } from 'playwright-core'
import { registered } from '../support/account-pages.ts'
import { launchChromium } from '../support/chromium.ts'
import { pageProblems } from '../support/page-problems.ts'
import { cardNumber, samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

/** A page on a phone that counts the fields that are typed. */
async function onPhone() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  const filled: string[] = []
  return {
    page,
    filled,
    async fill(label: string, value: string) {
      filled.push(label)
      await page.getByLabel(label, { exact: true }).fill(value)
    },
    press: (name: string) => page.getByRole('button', { name, exact: true }).click(),
    heading: (name: string) => page.getByRole('heading', { level: 1, name }).waitFor(),
    value: (label: string) => page.getByLabel(label, { exact: true }).inputValue(),
  }
}
type OnPhone = Awaited<ReturnType<typeof onPhone>>

/** Completes 填写登录信息. */
async function toIdentity(at: OnPhone, person = samplePerson()) {
  const { page, fill, press, heading } = at
  await page.goto(`${platform.issuer}/register`)
  await fill('用户名', person.username)
  await fill('密码', person.password)
  await fill('确认密码', person.password)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await fill('验证码', fixedAnswer)
  await press('下一步')
  await heading('填写身份信息')
  return person
}

const sexOf = (page: Page) => page.locator('input[name=gender]:checked').inputValue()

test('a person with a 居民身份证 types at most ten fields to register, without sex, birth date and bank', async () => {
  const at = await onPhone()
  const { page, fill, filled, press, heading } = at
  const person = samplePerson()
  await platform.issueCard(person)
  await toIdentity(at, person)
  await fill('姓名', person.name)
  await fill('证件号', person.idNumber)
  expect([await at.value('出生日期'), await sexOf(page)]).toEqual([person.birthdate, 'male'])
  await page.getByText('已按证件号填写性别和出生日期，可以修改').waitFor()
  expect(await pageProblems(page)).toEqual([])
  await press('下一步')

  await heading('填写验证信息')
  await page.getByLabel('我同意将银行账号仅用于核验身份').check()
  await fill('银行账号', person.account)
  expect(await at.value('银行')).toBe(person.bank)
  await page.getByText(`已按银行账号选择${person.bank}，可以修改`).waitFor()
  expect(await pageProblems(page)).toEqual([])
  await fill('手机号码', person.phone)
  await press('发送短信验证')
  await page.getByText('短信已发送至').waitFor()
  await fill('短信验证码', await platform.codeFor(person.phone))
  await press('下一步')
  await heading('注册成功')
  expect(filled.length).toBeLessThanOrEqual(10)
})

test('a value that the person chose is not replaced when the ID number or the card changes', async () => {
  const at = await onPhone()
  const { page, fill, press, heading } = at
  const person = await toIdentity(at)
  await fill('姓名', person.name)
  await fill('证件号', '11010519491231002X')
  expect([await at.value('出生日期'), await sexOf(page)]).toEqual(['1949-12-31', 'female'])
  // Values that were filled in follow a corrected number.
  await fill('证件号', person.idNumber)
  expect([await at.value('出生日期'), await sexOf(page)]).toEqual([person.birthdate, 'male'])
  await page.getByLabel('女', { exact: true }).check()
  await fill('出生日期', '1990 3 8')
  await fill('证件号', '11010519491231002X')
  await fill('证件号', person.idNumber)
  expect([await at.value('出生日期'), await sexOf(page)]).toEqual(['1990 3 8', 'female'])
  // The number of another document type fills in nothing.
  await page.getByLabel('证件类型').selectOption('passport')
  await fill('出生日期', '')
  await fill('证件号', '11010519491231002X')
  expect(await at.value('出生日期')).toBe('')
  await page.getByLabel('证件类型').selectOption('resident_id')
  expect(await at.value('出生日期')).toBe('1949-12-31')

  await fill('证件号', person.idNumber)
  await page.getByLabel('男', { exact: true }).check()
  await fill('出生日期', '１９９０　３　７')
  await press('下一步')
  await heading('填写验证信息')
  await page.getByLabel('银行', { exact: true }).selectOption('工商银行')
  await fill('银行账号', cardNumber('621483'))
  expect(await at.value('银行')).toBe('工商银行')
})

test('用户信息维护 presets the registered bank, and a card of another bank changes it', async () => {
  const person = await registered(platform, samplePerson())
  const at = await onPhone()
  const { page, fill, press, heading } = at
  await page.goto(`${platform.issuer}/account`)
  await fill('用户名', person.username)
  await fill('密码', person.password)
  await fill('验证码', fixedAnswer)
  await press('登录')
  await heading('用户信息')
  expect(await at.value('银行')).toBe(person.bank)
  await fill('银行账号', cardNumber('621700'))
  expect(await at.value('银行')).toBe('建设银行')
})

describe('密码强度', () => {
  test('is shown while a new password is typed, by a script that is loaded on focus', async () => {
    const at = await onPhone()
    const { page, fill } = at
    const scripts: string[] = []
    page.on('response', (response) => {
      if (response.url().includes('strength.js')) scripts.push(response.url())
    })
    await page.goto(`${platform.issuer}/register`)
    await fill('用户名', 'lucy_strength')
    expect(scripts).toEqual([])
    await page.getByLabel('密码', { exact: true }).focus()
    await page.waitForFunction(() => 'passwordScore' in window)
    expect(scripts).toHaveLength(1)
    for (const [password, words] of [
      ['password', '密码强度：很弱，容易被猜到'],
      ['correct horse 7391 battery', '密码强度：很强'],
      ['lucy_strength', '密码强度：很弱，容易被猜到'],
    ] as const) {
      await fill('密码', password)
      await page.getByText(words, { exact: true }).waitFor()
    }
    expect(await page.locator('meter').getAttribute('aria-label')).toBe('密码强度')
    expect(await pageProblems(page)).toEqual([])
    await page.goto(`${platform.issuer}/register?lang=en`)
    await page.getByLabel('Password', { exact: true }).fill('password')
    await page.getByText('Password strength: very weak').waitFor()
  })

  test('needs a script of at most 45 kB', async () => {
    const script = await fetch(`${platform.issuer}/assets/strength.js`, {
      headers: { 'Accept-Encoding': 'br' },
    })
    expect(script.headers.get('content-encoding')).toBe('br')
    expect(Number(script.headers.get('content-length'))).toBeLessThanOrEqual(45_000)
  })
})

test('the next page shows the change of a radical in a name, and 保留原字 restores it', async () => {
  const at = await onPhone()
  const { page, fill, press, heading } = at
  const person = await toIdentity(at, samplePerson({ name: '⽅静' }))
  await fill('姓名', `\u200b${person.name}\u202c`)
  await fill('证件号', person.idNumber)
  await press('下一步')
  await heading('填写验证信息')
  await page.getByText('姓名中的“⽅”已改为“方”').waitFor()
  expect(await pageProblems(page)).toEqual([])
  await fill('手机号码', person.phone)
  await press('保留原字')
  await page.getByText('已改为').waitFor({ state: 'detached' })
  await heading('填写验证信息')
  expect(await at.value('手机号码')).toBe(person.phone)
  await press('上一步')
  await heading('填写身份信息')
  expect(await at.value('姓名')).toContain(person.name)
})
