import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { axeViolations, launchChromium } from '../support/chromium.ts'
import { examBesideProvider } from '../support/exam.ts'

let exam: Awaited<ReturnType<typeof examBesideProvider>>
let simulated: Server
let sms: string
let browser: Browser

beforeAll(async () => {
  exam = await examBesideProvider()
  simulated = createServer(simulators().callback()).listen(0, '127.0.0.1')
  await once(simulated, 'listening')
  sms = `http://127.0.0.1:${(simulated.address() as AddressInfo).port}/sms`
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await exam.stop()
  simulated.close()
  simulated.closeAllConnections()
})

const send = (phone: string, text: string) =>
  fetch(`${sms}/messages`, {
    method: 'POST',
    body: JSON.stringify({ phone, template: 'code', params: {}, text }),
  })

/** Returns by how many CSS pixels the content is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  (['zh-CN', 'en'] as const).map((lang) => ({ colorScheme, lang })),
)

test.each(looks)(
  'every page of the sandbox is accessible on a narrow phone, %o',
  async ({ colorScheme, lang }) => {
    await send('13800000000', '【统一用户平台】验证码123456，5分钟内有效。')
    const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 640 } })
    const page = await context.newPage()
    const blocked: string[] = []
    page.on('console', (said) => said.type() === 'error' && blocked.push(said.text()))
    const looked: string[] = []
    const look = async () => {
      looked.push(await page.title())
      expect([page.url(), await axeViolations(page), await overflow(page)]).toEqual([
        page.url(),
        [],
        0,
      ])
    }
    await page.goto(`${exam.baseUrl}/?lang=${lang}`)
    await look()
    await page.locator('button').click()
    await page.locator('summary').click()
    await look()
    await page.goto(`${exam.baseUrl}/signed-out`)
    await look()
    expect(blocked).toEqual([])
    await page.goto(`${exam.baseUrl}/callback?state=another`)
    await look()
    await page.goto(`${sms}?refresh=off`)
    await look()
    await page.goto(sms.replace('/sms', '/people'))
    await look()
    expect(new Set(looked).size).toBe(6)
    await context.close()
  },
)

test.each([320, 360, 1280])('the English header fits on one line at %i px', async (width) => {
  const page = await browser.newPage({ viewport: { width, height: 740 } })
  await page.goto(`${exam.baseUrl}/?lang=en`)
  const middles = await page.locator('header .width > a').evaluateAll((links) =>
    links.map((link) => {
      const { top, height } = link.getBoundingClientRect()
      return Math.round(top + height / 2)
    }),
  )
  expect(middles).toHaveLength(2)
  expect(new Set(middles).size).toBe(1)
  await page.close()
})

test('a candidate signs in by keyboard alone', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(exam.baseUrl)
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('跳到正文')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('登录')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '您已登录' }).waitFor()
  await context.close()
})

test('the SMS page shows a new message without a reload by hand', async () => {
  const page = await browser.newPage()
  await page.goto(`${sms}?phone=13900000000`)
  expect(await page.getByText('还没有短信。').isVisible()).toBe(true)
  await send('13900000000', '【统一用户平台】验证码654321，5分钟内有效。')
  await page.getByText('验证码654321').waitFor()
  await page.close()
})
