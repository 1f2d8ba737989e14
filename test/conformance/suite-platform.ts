import { createHash, randomBytes } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import {
  answerOf,
  credentials,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from '../sso/platform.ts'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import { tlsProxy } from '../support/tls-proxy.ts'

/** The suite's redirect URI, and its clients (docs/conformance.md). */
export const callback = 'https://suite.test/test/a/uup/callback'
const secret = 'a-secret-of-the-first-client-of-the-suite'
const common = {
  client_secret: secret,
  redirect_uris: [callback],
  post_logout_redirect_uris: ['https://suite.test/test/a/uup/post_logout_redirect'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid offline_access profile phone',
  first_party: true,
  require_pkce: false,
  require_nonce: false,
}
export const suiteClients = {
  first: { ...common, client_id: 'suite-1', client_name: 'first client' },
  second: { ...common, client_id: 'suite-2', client_name: 'second client' },
  posting: {
    ...common,
    client_id: 'suite-post',
    client_name: 'posting client',
    token_endpoint_auth_method: 'client_secret_post',
  },
} as const
type CookieBrowser = ReturnType<typeof cookieBrowser>
type SuiteClient = { readonly client_id: string; readonly client_secret: string }

const initialAccessToken = 'the-initial-access-token-of-the-suite'

export type Params = Readonly<Record<string, string | null>>
export type Json = Record<string, unknown>
type Answer = { readonly status: number; readonly body: Json; readonly type: string }

/** The platform that the suite tests: https by a proxy that ends TLS, and the settings of docs/conformance.md. */
export async function suitePlatform() {
  const proxy = await tlsProxy()
  const platform: SsoPlatform = await ssoPlatform(undefined, 2, {
    ISSUER: proxy.url,
    TRUST_PROXY: '1',
    INITIAL_ACCESS_TOKEN: initialAccessToken,
    REGISTRATION_PKCE: 'nonce',
    INTERNAL_HOSTS: 'localhost',
  })
  proxy.standBefore(platform.issuer)
  const sub = await platform.register()
  await platform.restartWith(Object.values(suiteClients))

  async function ask(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(new URL(path, proxy.url), { ...init, method })
    const type = response.headers.get('content-type') ?? ''
    const text = await response.text()
    const body = /^application\/([\w-]+\+)?json/.test(type) ? JSON.parse(text) : { text }
    return { status: response.status, body, type }
  }
  const { body: discovery } = await ask('GET', '/.well-known/openid-configuration')
  const keys = createRemoteJWKSet(new URL(String(discovery['jwks_uri'])))

  /** An authorization request as the suite sends it: state and nonce, no PKCE; `null` removes a parameter. */
  function request(params: Params = {}, client: SuiteClient = suiteClients.first): string {
    const all = {
      client_id: client.client_id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      state: randomBytes(8).toString('hex'),
      nonce: randomBytes(8).toString('hex'),
      ...params,
    }
    const given = Object.entries(all).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    )
    return `${discovery['authorization_endpoint']}?${new URLSearchParams(given)}`
  }

  const basic = ({ client_id, client_secret }: SuiteClient) => ({
    authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
  })
  /** Registers a client for the code flow; `more` adds metadata. */
  const register = (more: object) =>
    ask('POST', String(discovery['registration_endpoint']), {
      headers: {
        authorization: `Bearer ${initialAccessToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        client_name: 'dynamic client',
        response_types: ['code'],
        grant_types: ['authorization_code'],
        redirect_uris: [callback],
        contacts: ['certification@oidf.org'],
        ...more,
      }),
    })
  const token = (body: Record<string, string>, headers: Record<string, string>) =>
    ask('POST', String(discovery['token_endpoint']), { headers, body: new URLSearchParams(body) })

  function exchange(
    answer: URL,
    client: SuiteClient = suiteClients.first,
    more: Record<string, string> = {},
  ) {
    const code = String(answer.searchParams.get('code'))
    const body = { grant_type: 'authorization_code', code, redirect_uri: callback, ...more }
    return token(body, basic(client))
  }

  /** The payload and header of an ID token whose signature, issuer, audience, times and at_hash are right. */
  async function idToken(tokens: Json, audience: string = suiteClients.first.client_id) {
    const { payload, protectedHeader } = await jwtVerify(String(tokens['id_token']), keys, {
      issuer: proxy.url,
      audience,
    })
    const atHash = createHash('sha256').update(String(tokens['access_token'])).digest()
    if (payload['at_hash'] !== undefined)
      expect(payload['at_hash']).toBe(atHash.subarray(0, 16).toString('base64url'))
    return { payload, header: protectedHeader }
  }

  const goThroughLogin = (browser: CookieBrowser, url: string) =>
    signIn(browser, url, credentials, callback)

  /** Exchanges the code of an answer and checks what the suite checks of every one. */
  async function tokensOf(answer: URL, url: string) {
    const { status, body: tokens } = await exchange(answer)
    expect(status).toBe(200)
    const { payload, header } = await idToken(tokens)
    const asked = new URL(url).searchParams
    expect(answer.searchParams.get('state')).toBe(asked.get('state'))
    expect(answer.searchParams.get('iss')).toBe(proxy.url)
    expect(payload['nonce'] ?? null).toBe(asked.get('nonce'))
    expect(payload.sub).toBe(sub)
    return { tokens, payload, header }
  }

  return {
    ...{ platform, proxy, sub, discovery, keys, ask, request, register, token, basic },
    ...{ exchange, idToken },
    signIn: goThroughLogin,
    submit: (browser: CookieBrowser, page: Visit) => submit(browser, page, credentials, callback),
    answerOf: (page: Visit) => answerOf(page, callback),
    /** Signs in through the login page and exchanges the code. */
    async signInWith(params: Params = {}, browser = cookieBrowser()) {
      const url = request(params)
      const answer = await goThroughLogin(browser, url)
      return { answer, browser, ...(await tokensOf(answer, url)) }
    },
    /** Asks again in a browser with a session, and expects the code without any page. */
    async signInSilently(params: Params, browser: CookieBrowser) {
      const url = request(params)
      const answer = answerOf(await browser.visit(url, callback), callback)
      return tokensOf(answer, url)
    },
    /** Asks again in a browser with a session, and expects the login page first. */
    async signInAgain(params: Params, browser: CookieBrowser) {
      const url = request(params)
      const page = await browser.visit(url, callback)
      expect(page.text).toContain('id="password"')
      const answer = answerOf(await submit(browser, page, credentials, callback), callback)
      return tokensOf(answer, url)
    },
    /** The page or the answer of a request that ends without a person. */
    async refused(params: Params) {
      const page = await cookieBrowser().visit(request(params), callback)
      return { page, answer: Object.fromEntries(page.path.at(-1)?.searchParams ?? []) }
    },
    userinfo: (accessToken: unknown) =>
      ask('GET', String(discovery['userinfo_endpoint']), {
        headers: { authorization: `Bearer ${accessToken}` },
      }),
    async close() {
      await platform.close()
      await proxy.close()
    },
  }
}
export type SuitePlatform = Awaited<ReturnType<typeof suitePlatform>>
