import type { Browser } from 'playwright-core'
import { clients } from '../sso/platform.ts'
import { launchChromium } from '../support/chromium.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'

const shop = {
  ...clients.shop,
  policy_uri: 'https://rp.test/policy',
  tos_uri: 'https://rp.test/terms',
}
let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform({ clients: [shop] })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

test('the login page and the consent page link to the client’s policy and terms', async () => {
  const person = samplePerson()
  await register(platform, personAtForms(), person)
  const context = await browser.newContext({ viewport: { width: 375, height: 667 } })
  const page = await context.newPage()
  await page.goto(
    `${platform.issuer}/auth?${new URLSearchParams({
      client_id: 'shop',
      redirect_uri: 'https://rp.test/callback',
      response_type: 'code',
      scope: 'openid profile',
      nonce: 'n',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })}`,
  )
  const links = async () => [
    await page.getByRole('link', { name: '社区商店的隐私政策' }).getAttribute('href'),
    await page.getByRole('link', { name: '社区商店的服务条款' }).getAttribute('href'),
  ]
  expect(await links()).toEqual([shop.policy_uri, shop.tos_uri])
  expect(await pageProblems(page)).toEqual([])
  await page.getByLabel('用户名', { exact: true }).fill(person.username)
  await page.getByLabel('密码', { exact: true }).fill(person.password)
  await page.getByLabel('验证码', { exact: true }).fill(fixedAnswer)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('button', { name: '同意' }).first().waitFor()
  expect(await links()).toEqual([shop.policy_uri, shop.tos_uri])
  expect(await pageProblems(page)).toEqual([])
  await context.close()
})
