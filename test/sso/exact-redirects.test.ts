import fc from 'fast-check'
import { appendAdded } from '../../src/sso/provider/exact-redirects.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  clients,
  credentials,
  hidden,
  relyingParty,
  type SsoPlatform,
  ssoPlatform,
  submit,
} from './platform.ts'

const registered = 'https://rp.test/callback?next=%2Fb%20c&empty=&list=a,b&%7Etilde=~'
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  const exam = {
    ...clients.exam,
    redirect_uris: [registered],
    post_logout_redirect_uris: [registered, 'https://rp.test/bye'],
  }
  await platform.restartWith([exam])
  await platform.register()
})
afterAll(() => platform.close())

/** The exact URL to which a request of a signed-in browser leads. */
async function redirectTarget(params: Record<string, string>, browser = cookieBrowser()) {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ redirect_uri: registered, ...params })
  const page = await browser.visit(url, 'https://rp.test/')
  const last = page.text.includes('id="username"')
    ? await submit(browser, page, credentials, 'https://rp.test/')
    : page
  return String(last.path.at(-1)?.href)
}

test.each([
  ['query', `${registered}&`],
  ['fragment', `${registered}#`],
  ['query.jwt', `${registered}&response=`],
  ['fragment.jwt', `${registered}#response=`],
])(
  'a registered redirect URI is used byte for byte with response_mode %s',
  async (mode, beginning) => {
    expect((await redirectTarget({ response_mode: mode })).startsWith(beginning)).toBe(true)
    const refused = await redirectTarget({ response_mode: mode, prompt: 'none' })
    expect(refused.startsWith(beginning)).toBe(true)
  },
)

test('a registered post-logout redirect URI is used byte for byte', async () => {
  const browser = cookieBrowser()
  await redirectTarget({}, browser)
  const query = new URLSearchParams({
    ...{ client_id: 'exam', post_logout_redirect_uri: registered, state: 'a b' },
  })
  const page = await browser.visit(`${platform.issuer}/session/end?${query}`)
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf'), logout: 'yes' })
  const left = await browser.visit(`${platform.issuer}/session/end/confirm`, 'https://rp.test/', {
    ...{ method: 'POST', body },
  })
  expect(String(left.path.at(-1)?.href)).toBe(`${registered}&state=a+b`)
})

test('parameters are always appended to the registered URI, which is never replaced by another one', () => {
  const text = fc.stringMatching(/^[\x21\x24-\x7e]{0,12}$/)
  fc.assert(
    fc.property(text, text, fc.string(), (path, query, state) => {
      const address = `https://rp.test/${path}?${query}`
      const answer = new URL(address)
      answer.searchParams.set('code', 'a-code')
      answer.searchParams.set('state', state)
      const exact = appendAdded(address, answer.href)
      if (exact === undefined) return
      expect(exact.startsWith(address)).toBe(true)
      expect(new URL(exact).origin).toBe('https://rp.test')
      expect(new URL(exact).searchParams.get('code')).toBe('a-code')
    }),
    { examples: [['', '?', '']] },
  )
  expect(appendAdded('https://rp.test/a', 'https://evil.test/a?code=1')).toBeUndefined()
  expect(appendAdded('https://rp.test/a', 'https://rp.test/b?code=1')).toBeUndefined()
})
