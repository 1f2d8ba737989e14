import { cookieBrowser } from '../support/cookie-browser.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const byScript = { 'X-Requested-With': 'fetch' }

test("a redirect is answered to the pages' script with its target in a header, and a page unchanged", async () => {
  const browser = cookieBrowser()
  const at = personAtForms(browser)
  const page = await at.open(`${platform.issuer}/register`)
  const send = (action: string, headers: Record<string, string>) =>
    browser.request(new URL(page.action, page.url), {
      method: 'POST',
      headers,
      body: new URLSearchParams({ ...page.typed, action }),
    })
  const redirected = await send('captcha', byScript)
  expect(redirected.status).toBe(204)
  expect(redirected.headers.get('x-redirect')).toBe(page.url.pathname)
  expect(redirected.headers.get('location')).toBeNull()
  const refused = await send('next', byScript)
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('错误：')

  const plain = await send('captcha', {})
  expect(plain.status).toBe(303)
  expect(plain.headers.get('location')).toBe(page.url.pathname)
})

test('a redirect sets its cookies for the script too', async () => {
  const begun = await fetch(`${platform.issuer}/register`, { headers: byScript })
  expect(begun.status).toBe(204)
  expect(begun.headers.getSetCookie().join()).toContain('flow=')
})

test('CORS does not allow other sites to send the header', async () => {
  for (const path of ['/register', '/auth', '/account']) {
    const preflight = await fetch(platform.issuer + path, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://elsewhere.test',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-requested-with',
      },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  }
})
