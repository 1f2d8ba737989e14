import { createHash, randomBytes } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { cookieBrowser, Visit } from '../support/cookie-browser.ts'
import { tlsProxy } from '../support/tls-proxy.ts'
import { answerOf, credentials, type SsoPlatform, signIn, ssoPlatform, submit } from './platform.ts'

/** Where the suite gets its answers, and what it knows itself by (docs/conformance.md). */
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
export type SuiteClient = { readonly client_id: string; readonly client_secret: string }

const initialAccessToken = 'the-initial-access-token-of-the-suite'

type Params = Readonly<Record<string, string | null>>
export type Json = Record<string, unknown>
export type Answer = { readonly status: number; readonly body: Json; readonly type: string }

/** The platform as the suite finds it: https by a proxy that ends TLS, everything else by settings and metadata. */
export async function conformanceWorld(settings: Readonly<Record<string, string>> = {}) {
  const proxy = await tlsProxy()
  const platform: SsoPlatform = await ssoPlatform(undefined, 2, {
    ISSUER: proxy.url,
    TRUST_PROXY: '1',
    INITIAL_ACCESS_TOKEN: initialAccessToken,
    REGISTRATION_PKCE: 'nonce',
    INTERNAL_HOSTS: 'localhost',
    ...settings,
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

  /** What the suite asks with: state and nonce, no PKCE; `null` takes a parameter away. */
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

  return {
    ...{ platform, proxy, sub, discovery, keys, ask, request, register, token, basic },
    /** Through the login page, to the answer. */
    signIn: (browser: ReturnType<typeof cookieBrowser>, url: string) =>
      signIn(browser, url, credentials, callback),
    submit: (browser: ReturnType<typeof cookieBrowser>, page: Visit) =>
      submit(browser, page, credentials, callback),
    answerOf: (page: Visit) => answerOf(page, callback),
    exchange: (
      answer: URL,
      client: SuiteClient = suiteClients.first,
      more: Record<string, string> = {},
    ) =>
      token(
        {
          grant_type: 'authorization_code',
          code: String(answer.searchParams.get('code')),
          redirect_uri: callback,
          ...more,
        },
        basic(client),
      ),
    userinfo: (accessToken: unknown) =>
      ask('GET', String(discovery['userinfo_endpoint']), {
        headers: { authorization: `Bearer ${accessToken}` },
      }),
    /** Its payload and header, once signature, issuer, audience and times were found right. */
    async idToken(tokens: Json, audience: string = suiteClients.first.client_id) {
      const { payload, protectedHeader } = await jwtVerify(String(tokens['id_token']), keys, {
        issuer: proxy.url,
        audience,
      })
      const atHash = createHash('sha256').update(String(tokens['access_token'])).digest()
      if (payload['at_hash'] !== undefined)
        expect(payload['at_hash']).toBe(atHash.subarray(0, 16).toString('base64url'))
      return { payload, header: protectedHeader }
    },
    async close() {
      await platform.close()
      await proxy.close()
    },
  }
}
export type World = Awaited<ReturnType<typeof conformanceWorld>>
