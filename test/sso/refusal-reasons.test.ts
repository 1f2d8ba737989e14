import { randomBytes, randomUUID } from 'node:crypto'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { keyedClient } from './keyed-client.ts'
import {
  type ClientId,
  callback,
  clients,
  relyingParty,
  type SsoPlatform,
  secret,
  signIn,
  ssoPlatform,
} from './platform.ts'

const keyed = await keyedClient('keyed', 'ES256')
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.restartWith([...Object.values(clients), keyed.metadata])
  await platform.register()
})
afterAll(() => platform.close())

async function authorize(id: ClientId = 'exam', params: Record<string, string | null> = {}) {
  const party = await relyingParty(platform.issuer, id)
  const request = await party.ask(params)
  const answer = await signIn(cookieBrowser(), request.url)
  return { ...party, ...request, answer }
}

/** The error_description of a refusal, and the line in the log about the same request. */
async function refusalOf(request: Promise<unknown>) {
  const before = platform.lines.length
  const { error, error_description: description } = await request.then(
    () => ({ error: 'nothing', error_description: '' }),
    (refusal) => refusal,
  )
  const logged = platform.lines
    .slice(before)
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'refused')
  expect(logged).toHaveLength(1)
  const [line] = logged
  expect(line).toMatchObject({ level: 30, error, requestId: expect.stringMatching(/^[\w-]{36}$/) })
  return { description, line }
}

describe('a code', () => {
  test('that is unknown is described as unknown', async () => {
    const { config } = await relyingParty(platform.issuer)
    const { description, line } = await refusalOf(
      oidc.genericGrantRequest(config, 'authorization_code', {
        ...{ code: randomBytes(32).toString('base64url'), redirect_uri: callback },
      }),
    )
    expect(description).toBe('the authorization code is unknown, or expired long ago')
    expect(line).toMatchObject({ client: 'exam', endpoint: 'token' })
  })

  test('that has expired is described as expired', async () => {
    const { tokens, answer } = await authorize()
    const { now } = Date
    // oidc-provider takes the time from Date.now.
    Date.now = () => now() + 61_000
    try {
      const { description } = await refusalOf(tokens(answer))
      expect(description).toBe('authorization code is expired')
    } finally {
      Date.now = now
    }
  })

  test('that was used is described as used before', async () => {
    const { tokens, answer } = await authorize()
    await tokens(answer)
    const { description } = await refusalOf(tokens(answer))
    expect(description).toContain('the authorization code was used before')
  })

  test('of another client is described as issued to another client', async () => {
    const { url, answer } = await authorize()
    const { config } = await relyingParty(platform.issuer, 'shop')
    const { description, line } = await refusalOf(
      oidc.authorizationCodeGrant(config, answer, {
        expectedState: String(new URL(url).searchParams.get('state')),
        pkceCodeVerifier: 'x'.repeat(43),
      }),
    )
    expect(description).toBe('it was issued to another client')
    expect(line.client).toBe('shop')
  })

  test('with a wrong or missing code_verifier is described as such', async () => {
    const { tokens, answer } = await authorize()
    const wrong = { pkceCodeVerifier: oidc.randomPKCECodeVerifier() }
    const { description } = await refusalOf(tokens(answer, wrong))
    expect(description).toBe('code_verifier does not match code_challenge')
    const none = await refusalOf(tokens(answer, { pkceCodeVerifier: undefined }))
    expect(none.description).toBe('code_verifier must be provided')
  })

  test('is not described at all to a client that fails to authenticate', async () => {
    const { answer } = await authorize()
    const grant = { code: String(answer.searchParams.get('code')), redirect_uri: callback }
    const { description, line } = await refusalOf(
      post('/token', { grant_type: 'authorization_code', ...grant }, basic(`${secret}!`)),
    )
    expect(description).toBe('client authentication failed')
    expect(line.detail).toBe('invalid secret provided')
  })
})

test('a missing PKCE challenge, or a missing nonce where PKCE is optional, is named', async () => {
  const bare = { code_challenge: null, code_challenge_method: null, nonce: null }
  const descriptionFor = async (id: ClientId) => {
    const { ask } = await relyingParty(platform.issuer, id)
    const { path } = await cookieBrowser().visit((await ask(bare)).url, callback)
    return path.at(-1)?.searchParams.get('error_description')
  }
  expect(await descriptionFor('exam')).toContain('requires PKCE')
  expect(await descriptionFor('legacy')).toContain('nonce is required')
})

const seconds = () => Math.floor(Date.now() / 1000)

test.each([
  ['iat in the future', { iat: () => seconds() + 600 }, "'iat' is in the future"],
  ['no jti', { jti: () => undefined }, 'unique jti (JWT ID) must be provided'],
  ['another aud', { aud: () => 'https://elsewhere.test' }, 'audience (aud) must equal'],
  ['no exp', { exp: () => undefined }, 'expiration must be specified'],
  ['an exp in an hour', { exp: () => seconds() + 3600 }, "'exp' is more than 10 minutes ahead"],
  ['an exp in the past', { exp: () => seconds() - 600 }, 'jwt expired'],
])('the refusal of a client assertion with %s names the reason', async (_, different, reason) => {
  const claims = {
    ...{ iss: keyed.id, sub: keyed.id, aud: platform.issuer, jti: randomUUID() },
    ...{ iat: seconds(), exp: seconds() + 60 },
    ...Object.fromEntries(Object.entries(different).map(([name, value]) => [name, value()])),
  }
  const assertion = await keyed.signed(claims)
  const { description, line } = await refusalOf(
    post('/token', {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  )
  expect(description).toContain(reason)
  expect(line).toMatchObject({ client: 'keyed', endpoint: 'token' })
})

const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`exam:${password}`).toString('base64')}`,
})

/** Rejects with the refusal, as openid-client does. */
async function post(path: string, body: Record<string, string>, headers = {}) {
  const init = { method: 'POST', headers, body: new URLSearchParams(body) }
  const response = await fetch(platform.issuer + path, init)
  const answer = (await response.json()) as { readonly error?: string }
  if (answer.error) throw Object.assign(new Error('refused'), answer)
}

const personalData = {
  name: '张三丰',
  phone: '13800138000',
  idNumber: '11010519491231002X',
  mail: 'zhang.san@example.test',
  token: randomBytes(32).toString('base64url'),
  username: 'Zhang.San1949',
}

test('no refusal logs a token or personal data, in whatever parameter they are sent', async () => {
  const before = platform.lines.length
  const names = ['client_id', 'scope', 'claims', 'resource', 'grant_type', 'code', 'refresh_token']
  const more = ['redirect_uri', 'token', 'client_assertion', 'request', 'id_token_hint', 'prompt']
  const endpoints = ['/token', '/token/introspection', '/token/revocation', '/request']
  const json = JSON.stringify(personalData)
  for (const name of [...names, ...more, 'response_type', 'max_age', 'code_verifier'])
    for (const value of [json, json.slice(0, -9), ...Object.values(personalData)]) {
      const query = new URLSearchParams({ client_id: 'exam', response_type: 'code', [name]: value })
      const asked = {
        ...Object.fromEntries(query),
        grant_type: 'authorization_code',
        [name]: value,
      }
      await Promise.all([
        fetch(`${platform.issuer}/auth?${query}`, { redirect: 'manual' }),
        fetch(`${platform.issuer}/session/end?${query}`, { redirect: 'manual' }),
        ...endpoints
          .slice(0, value.startsWith('{') ? 4 : 1)
          .map((path) => post(path, asked, basic(secret)).catch(() => undefined)),
      ])
    }
  const log = platform.lines.slice(before).join('\n')
  expect(log.split('"msg":"refused"').length).toBeGreaterThan(200)
  for (const word of Object.values(personalData)) expect(log).not.toContain(word)
})

test('the error page shows the received redirect_uri escaped and, in the sandbox, the registered ones', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ redirect_uri: 'https://rp.test/<b>"other"' })
  const { text } = await cookieBrowser().visit(url)
  expect(text).toContain('https://rp.test/&lt;b&gt;&quot;other&quot;')
  expect(text).not.toContain('<b>"other"')
  expect(text).toContain(`已登记的返回地址：${callback}`)
})
