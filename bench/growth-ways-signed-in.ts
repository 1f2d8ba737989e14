import { createHash, randomBytes } from 'node:crypto'
import { callback, hidden, signIn } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import type { SamplePerson } from '../test/support/people.ts'
import { signInFields } from '../test/support/registering.ts'
import type { Way } from './growth-ways.ts'

const large = 'x'.repeat(3900)
const claims = JSON.stringify({ userinfo: { name: { values: [large] } } })
const verifier = randomBytes(32).toString('base64url')
const hour = 3600

/** An authorization request with the largest parameters that are accepted. */
export const largeParameters = (more: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    ...{ client_id: 'exam', response_type: 'code', redirect_uri: callback, scope: 'openid' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...{ code_challenge_method: 'S256', state: large, nonce: large, claims, ...more },
  })

/** One with parameters as clients send them. */
export function smallParameters(client_id = 'exam') {
  const parameters = largeParameters({ client_id, state: 's', nonce: 'n' })
  parameters.delete('claims')
  return parameters
}

/** The ways that are open to a person with an account, whose script keeps the cookies of the session. */
export function signedInWays(issuer: string, person: SamplePerson): readonly Way[] {
  type Headers = Parameters<Way['from']>[0]
  const signedIn = async (headers: Headers) => {
    const browser = cookieBrowser(headers)
    await signIn(browser, `${issuer}/auth?${smallParameters('page')}`, signInFields(person))
    return browser
  }
  /** Gets a code without any page. */
  const codeFor = async (
    browser: ReturnType<typeof cookieBrowser>,
    client_id: string,
    prompt: string,
  ) => {
    const body = largeParameters({ client_id, scope: 'openid offline_access', prompt })
    const { response, path } = await browser.visit(`${issuer}/auth`, callback, {
      method: 'POST',
      body,
    })
    const code = path.at(-1)?.searchParams.get('code')
    return { code, status: code ? 200 : response.status === 429 ? 429 : 0 }
  }
  const exchange = async (headers: Headers, body: Readonly<Record<string, string>>) => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ client_id: 'page', ...body }),
    })
    const answer = (await response.json()) as { readonly refresh_token?: string }
    return { status: response.ok ? 200 : 429, refreshToken: answer.refresh_token ?? '' }
  }
  const tokensFor = async (headers: Headers, browser: ReturnType<typeof cookieBrowser>) => {
    const { code, status } = await codeFor(browser, 'page', 'consent')
    if (!code) return { status, refreshToken: '' }
    const more = { redirect_uri: callback, code_verifier: verifier }
    return exchange(headers, { grant_type: 'authorization_code', code, ...more })
  }

  const issued = { shares: 'issued records', untilRefused: true } as const

  return [
    {
      ...{ name: 'codes of a signed-in person', lifetime: 660, ...issued },
      async from(headers) {
        const browser = await signedIn(headers)
        return async () => (await codeFor(browser, 'exam', 'none')).status
      },
    },
    {
      ...{ name: 'tokens of a public client', lifetime: 14 * 24 * hour, ...issued },
      async from(headers) {
        const browser = await signedIn(headers)
        return async () => (await tokensFor(headers, browser)).status
      },
    },
    {
      ...{
        name: 'refreshed tokens of a public client',
        lifetime: 14 * 24 * hour,
        workers: 1,
        ...issued,
      },
      async from(headers) {
        let { refreshToken } = await tokensFor(headers, await signedIn(headers))
        return async () => {
          const answer = await exchange(headers, {
            grant_type: 'refresh_token',
            refresh_token: refreshToken,
          })
          if (answer.refreshToken) refreshToken = answer.refreshToken
          return answer.status
        }
      },
    },
    {
      ...{ name: 'sign-ins with the right password', lifetime: 12 * hour, most: 1000 },
      from: (headers) => async () => {
        await signedIn(headers)
        return 200
      },
    },
    {
      ...{ name: 'account flows', lifetime: 1800, most: 2000 },
      async from(headers) {
        const browser = await signedIn(headers)
        return async () => {
          const { response, text } = await browser.visit(`${issuer}/account/password`)
          if (response.status === 200) hidden(text, 'token')
          return response.status
        }
      },
    },
  ]
}
