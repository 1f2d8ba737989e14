import { cookieBrowser } from '../support/cookie-browser.ts'
import { clients, relyingParty, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

const app = {
  ...clients.page,
  client_id: 'app',
  application_type: 'native',
  redirect_uris: ['cn.example.app:/callback'],
}
const elsewhere = {
  ...clients.page,
  client_id: 'elsewhere',
  redirect_uris: ['https://elsewhere.test/callback'],
}

const initialToken = 'an-initial-access-token-of-the-tests'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform(undefined, 1, { INITIAL_ACCESS_TOKEN: initialToken })
  await platform.restartWith([...Object.values(clients), app, elsewhere])
  await platform.register()
})
afterAll(() => platform.close())

const readableBy = ({ headers }: Response) => headers.get('access-control-allow-origin')

async function post(path: string, origin: string, body: Record<string, string>) {
  const init = { method: 'POST', headers: { origin }, body: new URLSearchParams(body) }
  return readableBy(await fetch(`${platform.issuer}${path}`, init))
}

const crossOriginHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

const own = 'https://rp.test'
const endpoints = [
  '/token',
  '/request',
  '/token/revocation',
  '/token/introspection',
  '/device/auth',
]

describe.each(endpoints)('%s', (path) => {
  test.each([
    ['its own page', 'page', own, own],
    ['the page of another client', 'page', 'https://elsewhere.test', null],
    ['a stranger', 'page', 'https://evil.test', null],
    ['a page of nowhere', 'app', 'null', null],
    ['a page, as a confidential client', 'exam', own, null],
  ])('is read by %s or not', async (_, id, origin, allowed) => {
    expect(await post(path, origin, { client_id: id })).toBe(allowed)
  })

  test('is asked before by registered pages only', async () => {
    const preflight = (origin: string) =>
      fetch(`${platform.issuer}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'dpop',
        },
      })
    const mine = await preflight(own)
    expect([mine.status, readableBy(mine)]).toEqual([204, own])
    expect(mine.headers.get('access-control-allow-methods')).toBe('POST')
    expect(mine.headers.get('access-control-allow-headers')).toBe('dpop')
    for (const origin of ['https://evil.test', 'null'])
      expect(crossOriginHeaders(await preflight(origin))).toEqual([])
  })

  test('says an error to registered pages only, as long as nobody knows who asks', async () => {
    expect(await post(path, own, {})).toBe(own)
    expect(await post(path, 'https://evil.test', {})).toBeNull()
    expect(await post(path, 'https://evil.test', { client_id: 'nobody' })).toBeNull()
  })
})

test('userinfo is read by the pages of the client whose token it is, never with cookies', async () => {
  const { ask } = await relyingParty(platform.issuer, 'page')
  const { url, tokens } = await ask()
  const { access_token: token } = await tokens(await signIn(cookieBrowser(), url))
  const userinfo = (origin: string, given = token) =>
    fetch(`${platform.issuer}/me`, { headers: { origin, authorization: `Bearer ${given}` } })
  const mine = await userinfo(own)
  expect([mine.status, readableBy(mine)]).toEqual([200, own])
  expect(mine.headers.get('access-control-allow-credentials')).toBeNull()
  expect(mine.headers.get('vary')).toMatch(/origin/i)
  for (const origin of ['https://elsewhere.test', 'https://evil.test'])
    expect(readableBy(await userinfo(origin))).toBeNull()
  // That a token has ended a page has to learn.
  const ended = await userinfo(own, 'ended')
  expect([ended.status, readableBy(ended)]).toEqual([401, own])
  expect(readableBy(await userinfo('https://evil.test', 'ended'))).toBeNull()
})

/** What a browser goes to itself, and what an operator's program asks. */
test.each([
  ['POST', '/reg'],
  ['GET', '/reg/page'],
  ['GET', '/auth'],
  ['GET', '/session/end'],
  ['GET', '/device'],
  ['GET', '/register'],
  ['GET', '/account/data'],
  ['POST', '/api/terminal/v1/phone-changes'],
])('%s %s is read by no page of another origin, registered or not', async (method, path) => {
  for (const origin of [own, 'https://evil.test']) {
    const asked = { origin, 'access-control-request-method': method }
    const headers = { origin, authorization: `Bearer ${initialToken}` }
    const address = `${platform.issuer}${path}`
    for (const init of [
      { method: 'OPTIONS', headers: asked },
      { method, headers },
    ])
      expect(crossOriginHeaders(await fetch(address, { ...init, redirect: 'manual' }))).toEqual([])
  }
})

test.each([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
])('%s is read by registered pages only', async (path) => {
  const from = (origin: string) => fetch(`${platform.issuer}${path}`, { headers: { origin } })
  const mine = await from(own)
  expect([mine.status, readableBy(mine)]).toEqual([200, own])
  expect(mine.headers.get('vary')).toMatch(/origin/i)
  expect(mine.headers.get('access-control-allow-credentials')).toBeNull()
  const stranger = await from('https://evil.test')
  expect([stranger.status, crossOriginHeaders(stranger)]).toEqual([200, []])
  expect(stranger.headers.get('vary')).toMatch(/origin/i)
})
