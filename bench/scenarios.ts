import { createHash } from 'node:crypto'
import { answerOf, type Browser, callback } from '../test/sso/platform.ts'
import { benchClient, resource } from './bench-client.ts'
import { rawGet } from './raw-get.ts'

/** A provider under load. Each worker has a browser with a session of its own. */
export type Target = { readonly issuer: string; readonly browsers: readonly Browser[] }
type Operation = (worker: number) => Promise<unknown>
type Scenario = (target: Target) => Promise<Operation> | Operation

const verifier = 'a-verifier-of-the-benchmark-that-is-long-enough-0123456789'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const { client_id: id, client_secret: secret } = benchClient
const authorization = `Basic ${btoa(`${id}:${secret}`)}`

/** Fails the run unless the answer is a success, since errors are fast. */
async function expectOk(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${await response.text()}`)
  return response
}

/** Each worker reads over its own connection. */
const reads =
  (path: string): Scenario =>
  ({ issuer, browsers }) => {
    const readers = browsers.map(() => rawGet(`${issuer}${path}`))
    return async (worker) => readers[worker]?.()
  }

async function post(issuer: string, path: string, params: Readonly<Record<string, string>>) {
  const body = new URLSearchParams(params)
  const init = { method: 'POST', headers: { authorization }, body }
  return (await expectOk(await fetch(`${issuer}${path}`, init))).json() as Promise<Tokens>
}
type Tokens = Readonly<Record<'access_token' | 'refresh_token', string>> & { active?: boolean }

export function authorizationUrl(issuer: string, more: Readonly<Record<string, string>> = {}) {
  const params = {
    ...{ client_id: id, redirect_uri: callback, response_type: 'code', scope: 'openid profile' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256', state: 'a-state', nonce: 'b' },
    ...more,
  }
  return `${issuer}/auth?${new URLSearchParams(params)}`
}

/** Gets tokens with the session of the browser. */
async function tokensOf(issuer: string, browser: Browser | undefined, more = {}): Promise<Tokens> {
  if (!browser) throw new Error('more workers than browsers')
  const answer = answerOf(await browser.visit(authorizationUrl(issuer, more), callback))
  const code = answer.searchParams.get('code') ?? ''
  const grant = { grant_type: 'authorization_code', redirect_uri: callback }
  return post(issuer, '/token', { ...grant, code, code_verifier: verifier })
}

const offline = { scope: 'openid offline_access', prompt: 'consent' }
const tokensOfAll = ({ issuer, browsers }: Target, more = {}) =>
  Promise.all(browsers.map((browser) => tokensOf(issuer, browser, more)))

/** The scenarios that oidc-provider alone runs too. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  discovery: reads('/.well-known/openid-configuration'),
  jwks: reads('/jwks'),
  'client-credentials':
    ({ issuer }) =>
    () =>
      post(issuer, '/token', { grant_type: 'client_credentials' }),
  'client-credentials-jwt':
    ({ issuer }) =>
    () =>
      post(issuer, '/token', { grant_type: 'client_credentials', resource }),
  'code-round':
    ({ issuer, browsers }) =>
    async (worker) => {
      const { access_token: token } = await tokensOf(issuer, browsers[worker])
      const headers = { authorization: `Bearer ${token}` }
      await (await expectOk(await fetch(`${issuer}/me`, { headers }))).arrayBuffer()
    },
  async refresh(target) {
    const tokens = await tokensOfAll(target, offline)
    return (worker) => {
      const { refresh_token = '' } = tokens[worker] ?? {}
      return post(target.issuer, '/token', { grant_type: 'refresh_token', refresh_token })
    }
  },
  async introspection(target) {
    const tokens = await tokensOfAll(target)
    return async (worker) => {
      const token = tokens[worker]?.access_token ?? ''
      const { active } = await post(target.issuer, '/token/introspection', { token })
      if (!active) throw new Error('the token is not active')
    }
  },
}
