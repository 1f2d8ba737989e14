import { cookieBrowser } from '../support/cookie-browser.ts'
import { clients, relyingParty, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

const app = {
  ...clients.page,
  client_id: 'app',
  application_type: 'native',
  redirect_uris: ['cn.example.app:/callback'],
}
const otherPage = {
  ...clients.page,
  client_id: 'elsewhere',
  redirect_uris: ['https://elsewhere.test/callback'],
}

const initialToken = 'an-initial-access-token-of-the-tests'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform(undefined, 1, { INITIAL_ACCESS_TOKEN: initialToken })
  await platform.restartWith([...Object.values(clients), app, otherPage])
  await platform.register()
})
afterAll(() => platform.close())

const allowedOrigin = ({ headers }: Response) => headers.get('access-control-allow-origin')

async function post(path: string, origin: string, body: Record<string, string>) {
  const init = { method: 'POST', headers: { origin }, body: new URLSearchParams(body) }
  return allowedOrigin(await fetch(`${platform.issuer}${path}`, init))
}

const crossOriginHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

const ownOrigin = 'https://rp.test'
const endpoints = [
  '/token',
  '/request',
  '/token/revocation',
  '/token/introspection',
  '/device/auth',
]

describe.each(endpoints)('%s', (path) => {
  test.each([
    ['its own page', 'page', ownOrigin, ownOrigin],
    ['the page of another client', 'page', 'https://elsewhere.test', null],
    ['an unregistered page', 'page', 'https://evil.test', null],
    ['an opaque origin', 'app', 'null', null],
    ['a page that names a confidential client', 'exam', ownOrigin, null],
  ])('can be read by its own page only, here by %s', async (_, id, origin, allowed) => {
    expect(await post(path, origin, { client_id: id })).toBe(allowed)
  })

  test('answers preflight requests of registered pages only', async () => {
    const preflight = (origin: string) =>
      fetch(`${platform.issuer}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'dpop',
        },
      })
    const fromOwn = await preflight(ownOrigin)
    expect([fromOwn.status, allowedOrigin(fromOwn)]).toEqual([204, ownOrigin])
    expect(fromOwn.headers.get('access-control-allow-methods')).toBe('POST')
    expect(fromOwn.headers.get('access-control-allow-headers')).toBe('dpop')
    for (const origin of ['https://evil.test', 'null'])
      expect(crossOriginHeaders(await preflight(origin))).toEqual([])
  })

  test('shows an error for an unknown client to registered pages only', async () => {
    expect(await post(path, ownOrigin, {})).toBe(ownOrigin)
    expect(await post(path, 'https://evil.test', {})).toBeNull()
    expect(await post(path, 'https://evil.test', { client_id: 'nobody' })).toBeNull()
  })
})

test('userinfo can be read by the pages of the client that the token belongs to, without cookies', async () => {
  const { ask } = await relyingParty(platform.issuer, 'page')
  const { url, tokens } = await ask()
  const { access_token: token } = await tokens(await signIn(cookieBrowser(), url))
  const userinfo = (origin: string, bearer = token) =>
    fetch(`${platform.issuer}/me`, { headers: { origin, authorization: `Bearer ${bearer}` } })
  const fromOwn = await userinfo(ownOrigin)
  expect([fromOwn.status, allowedOrigin(fromOwn)]).toEqual([200, ownOrigin])
  expect(fromOwn.headers.get('access-control-allow-credentials')).toBeNull()
  expect(fromOwn.headers.get('vary')).toMatch(/origin/i)
  for (const origin of ['https://elsewhere.test', 'https://evil.test'])
    expect(allowedOrigin(await userinfo(origin))).toBeNull()
  // A page has to learn that its token has ended.
  const ended = await userinfo(ownOrigin, 'ended')
  expect([ended.status, allowedOrigin(ended)]).toEqual([401, ownOrigin])
  expect(allowedOrigin(await userinfo('https://evil.test', 'ended'))).toBeNull()
})

/** Paths that a browser visits by navigation, or that only programs call. */
test.each([
  ['POST', '/reg'],
  ['GET', '/reg/page'],
  ['GET', '/auth'],
  ['GET', '/session/end'],
  ['GET', '/device'],
  ['GET', '/register'],
  ['GET', '/account/data'],
  ['POST', '/api/terminal/v1/phone-changes'],
])('%s %s can not be read by any page of another origin', async (method, path) => {
  for (const origin of [ownOrigin, 'https://evil.test']) {
    const preflightHeaders = { origin, 'access-control-request-method': method }
    const headers = { origin, authorization: `Bearer ${initialToken}` }
    const address = `${platform.issuer}${path}`
    for (const init of [
      { method: 'OPTIONS', headers: preflightHeaders },
      { method, headers },
    ])
      expect(crossOriginHeaders(await fetch(address, { ...init, redirect: 'manual' }))).toEqual([])
  }
})

test.each([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
])('%s can be read by registered pages only', async (path) => {
  const from = (origin: string) => fetch(`${platform.issuer}${path}`, { headers: { origin } })
  const fromOwn = await from(ownOrigin)
  expect([fromOwn.status, allowedOrigin(fromOwn)]).toEqual([200, ownOrigin])
  expect(fromOwn.headers.get('vary')).toMatch(/origin/i)
  expect(fromOwn.headers.get('access-control-allow-credentials')).toBeNull()
  const fromUnregistered = await from('https://evil.test')
  expect([fromUnregistered.status, crossOriginHeaders(fromUnregistered)]).toEqual([200, []])
  expect(fromUnregistered.headers.get('vary')).toMatch(/origin/i)
})
