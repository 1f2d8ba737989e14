import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { relyingParty, type SsoPlatform, ssoPlatform } from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
})
afterAll(() => platform.close())

const ask = (path: string, method: string, headers: Record<string, string> = {}) =>
  fetch(platform.issuer + path, { method, headers, redirect: 'manual' })

async function endpoints(): Promise<readonly [name: string, path: string][]> {
  const discovery = await (await ask('/.well-known/openid-configuration', 'GET')).json()
  return Object.entries(discovery).flatMap(([name, url]): [string, string][] =>
    /_endpoint$|^jwks_uri$/.test(name) ? [[name, new URL(String(url)).pathname]] : [],
  )
}

test('every endpoint answers an unsupported method with 405 and an Allow header', async () => {
  const all = await endpoints()
  expect(all.length).toBeGreaterThan(8)
  for (const [name, path] of [...all, ['discovery', '/.well-known/openid-configuration']]) {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await ask(String(path), method)
      expect([name, method, response.status]).toEqual([name, method, 405])
      const allowed = String(response.headers.get('allow')).split(', ')
      expect(allowed).not.toContain(method)
      expect((await response.json()).error).toBe('invalid_request')
      for (const each of allowed)
        expect([name, each, (await ask(String(path), each)).status]).not.toEqual([name, each, 405])
    }
  }
})

test('an endpoint for programs sets no cookie', async () => {
  const requests = [
    ['/token', 'POST'],
    ['/token/introspection', 'POST'],
    ['/token/revocation', 'POST'],
    ['/request', 'POST'],
    ['/me', 'GET'],
    ['/me?lang=en', 'GET'],
  ] as const
  for (const [path, method] of requests) {
    const response = await ask(path, method)
    expect([path, response.status >= 400]).toEqual([path, true])
    expect([path, response.headers.getSetCookie()]).toEqual([path, []])
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('GET /token explains to people and to programs that it takes POST', async () => {
  const program = await ask('/token', 'GET')
  expect([program.status, program.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  expect(await program.json()).toEqual({
    error: 'invalid_request',
    error_description: 'this endpoint takes POST, OPTIONS',
  })
  const person = await ask('/token', 'GET', { accept: 'text/html' })
  expect([person.status, person.headers.get('content-type')]).toEqual([
    405,
    'text/html; charset=utf-8',
  ])
  expect((await ask('/Token/', 'GET')).status).toBe(405)
})

test('a state of 4,096 bytes is returned in the redirect', async () => {
  const state = 'a-state_'.repeat(512)
  const { ask: request } = await relyingParty(platform.issuer)
  const { url } = await request({ state, prompt: 'none' })
  const answer = await fetch(url, { redirect: 'manual' })
  expect(new URL(String(answer.headers.get('location'))).searchParams.get('state')).toBe(state)
})

test('a state of 20,000 characters by GET is refused as invalid_request', async () => {
  const { ask: request } = await relyingParty(platform.issuer)
  const { url } = await request({ state: 'a-state_'.repeat(2500), prompt: 'none' })
  // fetch rejects responses with headers of this size.
  const sentRequest = get(url, { maxHeaderSize: 64 * 1024 })
  const [answer] = (await once(sentRequest, 'response')) as [IncomingMessage]
  answer.resume()
  expect(answer.statusCode).toBe(303)
  const told = new URL(String(answer.headers.location)).searchParams
  expect(told.get('error')).toBe('invalid_request')
  expect(told.get('error_description')).toBe('state must not be longer than 4096 bytes')
})

describe('a page that is opened under another name of this machine', () => {
  const atOtherName = (path: string, init: RequestInit = {}) =>
    fetch(platform.issuer.replace('localhost', '127.0.0.1') + path, { redirect: 'manual', ...init })

  test.each(['/', '/register?ui_locales=en', '/account', '/nowhere'])(
    '%s is redirected to the issuer',
    async (path) => {
      const response = await atOtherName(path)
      expect([response.status, response.headers.get('location')]).toEqual([
        307,
        platform.issuer + path,
      ])
    },
  )

  test.each(['//evil.test/', '/\\evil.test', '/@evil.test', '//evil.test/%2e%2e'])(
    '%s is not redirected to another host',
    async (path) => {
      const location = (await atOtherName(path)).headers.get('location') ?? platform.issuer
      expect(new URL(location, platform.issuer).origin).toBe(platform.issuer)
    },
  )

  test('endpoints, health checks, files and forms are not redirected', async () => {
    const paths = (await endpoints()).map(([, path]) => path)
    for (const path of [
      ...paths,
      '/health/live',
      '/health/ready',
      '/.well-known/openid-configuration',
    ])
      expect([path, (await atOtherName(path)).status]).not.toEqual([path, 307])
    expect((await atOtherName('/register', { method: 'POST' })).status).not.toBe(307)
  })
})

test('an idle connection is kept for 65 seconds, which is longer than proxies keep theirs', async () => {
  expect((await ask('/', 'GET')).headers.get('keep-alive')).toBe('timeout=65')
})
