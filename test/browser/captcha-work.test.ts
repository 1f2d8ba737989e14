import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform({
    policy: (usual) => {
      // Every captcha is of the hardest level.
      const wrong = { ...usual.captcha.levels.wrong, address: [0, 0, 0] }
      return { ...usual, captcha: { ...usual.captcha, levels: { ...usual.captcha.levels, wrong } } }
    },
  })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

async function filledRegistration(withoutHashing = false) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  if (withoutHashing)
    await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }))
  await page.goto(`${platform.issuer}/register`)
  const { username, password } = samplePerson()
  await fill(page, '用户名', username)
  await fill(page, '密码', password)
  await fill(page, '确认密码', password)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await fill(page, '验证码', fixedAnswer)
  return page
}

test('script proves work in place of the second picture, and the form waits for it', async () => {
  const page = await filledRegistration()
  expect(await page.getByLabel('第二个验证码').isVisible()).toBe(false)
  expect(await pageProblems(page)).toEqual([])
  await page.getByRole('button', { name: '下一步', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '填写身份信息' }).waitFor()
})

test('a refused form that script inserts proves work anew', async () => {
  const page = await filledRegistration()
  await fill(page, '验证码', '222222')
  await press(page, '下一步')
  await page.getByText('图中的数字不正确或已过期').first().waitFor()
  expect(await page.getByLabel('第二个验证码').isVisible()).toBe(false)
  await fill(page, '验证码', fixedAnswer)
  await page.getByRole('button', { name: '下一步', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '填写身份信息' }).waitFor()
})

test('a browser that cannot hash shows the second picture', async () => {
  const page = await filledRegistration(true)
  const second = page.getByLabel('第二个验证码')
  expect(await second.isVisible()).toBe(true)
  expect(await pageProblems(page)).toEqual([])
  await second.fill(fixedAnswer)
  await page.getByRole('button', { name: '下一步', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '填写身份信息' }).waitFor()
})
