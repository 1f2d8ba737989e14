import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import type { Browser, Page } from 'playwright-core'
import { verifiedClaimsMetadata } from '../../config/verified-claims.ts'
import { certificate } from '../support/certificates.ts'
import { launchChromium } from '../support/chromium.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'
import { type SuitePlan, suiteBrowser } from '../support/suite-browser.ts'
import { tlsProxy } from '../support/tls-proxy.ts'
import { type LocalServer, localServer } from '../support/vendors/local-server.ts'

/** The documents for the certification suite (docs/conformance.md): its clients, and what its browser does. */

const folder = new URL('../../docs/conformance/', import.meta.url)
const documented = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const person = samplePerson({ username: 'suite', password: 'correct horse battery' })
const initialAccessToken = 'the-initial-access-token-of-this-run-only'
const fapi = (module: string) => `fapi2-security-profile-final-${module}`

let proxy: Awaited<ReturnType<typeof tlsProxy>>
let platform: TestPlatform
let browser: Browser
let suite: LocalServer
let callback: string
let plan: SuitePlan
let fapiPlan: SuitePlan
const folderOfTest = mkdtempSync(join(tmpdir(), 'uup-suite-'))
beforeAll(async () => {
  proxy = await tlsProxy()
  const own = {
    subject: [['CN', 'localhost']],
    dns: ['localhost'],
    issuer: proxy.authority,
  } as const
  suite = await localServer(0, certificate(own))
  suite.answer(() => ({
    status: 200,
    type: 'text/html',
    body: '<div id="submission_complete"></div>',
  }))
  callback = `${suite.baseUrl}/test/a/uup/callback`
  const here = (text: string) =>
    text
      .replaceAll('https://localhost.emobix.co.uk:8443', suite.baseUrl)
      .replaceAll('https://uup.test:9443', proxy.url)
  plan = JSON.parse(here(documented('plan.json')))
  fapiPlan = JSON.parse(here(documented('plan-fapi2.json')))
  const CLIENTS_FILE = join(folderOfTest, 'clients.yaml')
  writeFileSync(CLIENTS_FILE, here(documented('clients.yaml')))
  platform = await testPlatform({
    env: {
      ...{ ISSUER: proxy.url, TRUST_PROXY: '1', CLIENTS_FILE },
      INTERNAL_HOSTS: 'localhost',
      INITIAL_ACCESS_TOKEN: initialAccessToken,
    },
  })
  proxy.standBefore(platform.issuer)
  await register({ ...platform, issuer: proxy.url }, personAtForms(), person)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
  await proxy.close()
  await suite.close()
  rmSync(folderOfTest, { recursive: true })
})

/** A browser without cookies, as each module of the suite gets one. */
async function inBrowser(work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  // The suite's browser, HtmlUnit, has no `fetch` (its polyfill is off by default): forms are sent as without script.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'fetch'))
  await work(page)
  await context.close()
}

/** An authorization request of a module, with neither PKCE nor nonce. */
function requestOf(
  client_id: string,
  params: Readonly<Record<string, string | null>> = {},
): string {
  const all = {
    client_id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    ...params,
  }
  const given = Object.entries({ ...all, state: 's' }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  )
  return `${proxy.url}/auth?${new URLSearchParams(given)}`
}

test('plan.json signs in, and out', async () => {
  await inBrowser(async (page) => {
    const { visit, screenshots } = suiteBrowser(page, plan)
    const request = requestOf('suite-1')
    expect((await visit(request)).searchParams.get('code')).toBeTruthy()
    expect((await visit(request)).searchParams.get('code')).toBeTruthy()
    await visit(`${proxy.url}/session/end`)
    expect(screenshots).toEqual([expect.stringContaining('已退出登录')])
    const silent = await visit(`${request}&prompt=none`)
    expect(silent.searchParams.get('error')).toBe('login_required')
  })
})

test('plan.json: each client signs in at the redirect URIs of the modules and gets tokens for its secret', async () => {
  const { client, client2, client_secret_post: posting = client } = plan
  await inBrowser(async (page) => {
    const { visit } = suiteBrowser(page, plan)
    for (const [{ client_id, client_secret = '' }, redirect_uri] of [
      [client, callback],
      [client2, callback], // oidcc-refresh-token
      [client2, `${callback}?dummy1=lorem&dummy2=ipsum`],
      [posting, callback],
    ] as const) {
      const answer = await visit(requestOf(client_id, { redirect_uri }))
      const code = String(answer.searchParams.get('code'))
      const basic = { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` }
      const isPosting = client_id === posting.client_id
      const { status } = await fetch(`${proxy.url}/token`, {
        method: 'POST',
        headers: isPosting ? {} : basic,
        body: new URLSearchParams({
          ...{ grant_type: 'authorization_code', code, redirect_uri },
          ...(isPosting && { client_id, client_secret }),
        }),
      })
      expect({ client_id, redirect_uri, status }).toEqual({ client_id, redirect_uri, status: 200 })
    }
  })
})

test.each(['oidcc-prompt-login', 'oidcc-max-age-1'])(
  'plan.json: %s keeps the second login page for review',
  async (module) => {
    await inBrowser(async (page) => {
      const { visit, screenshots } = suiteBrowser(page, plan, module)
      await visit(requestOf('suite-1'))
      await visit(requestOf('suite-1', { prompt: 'login' }))
      expect(screenshots.at(-1)).toContain('忘记密码')
    })
  },
)

async function registeredClient(redirect_uris: readonly string[]): Promise<string> {
  const response = await fetch(`${proxy.url}/reg`, {
    method: 'POST',
    headers: { authorization: `Bearer ${initialAccessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris }),
  })
  return (await response.json()).client_id
}

test.each([
  ['oidcc-ensure-registered-redirect-uri', [''], '/xyz'],
  ['oidcc-redirect-uri-query-mismatch', ['?bar=foo'], '?foo=bar'],
  ['oidcc-redirect-uri-query-added', [''], '?foo=bar'],
  ['oidcc-ensure-redirect-uri-in-authorization-request', ['', '/other'], null],
])('plan.json: %s keeps the error page for review', async (module, registered, sent) => {
  const client = await registeredClient(registered.map((end) => callback + end))
  await inBrowser(async (page) => {
    const { visit, screenshots } = suiteBrowser(page, plan, module)
    const redirect_uri = sent === null ? null : callback + sent
    const { origin } = await visit(requestOf(client, { redirect_uri }))
    expect(origin).toBe(proxy.url)
    expect(screenshots).toHaveLength(1)
  })
})

test('plan.json: only the client of the plan for back-channel logout gets logout tokens', async () => {
  const module = 'oidcc-backchannel-rp-initiated-logout'
  const signOut = async (client_id: string) => {
    const before = suite.received.length
    await inBrowser(async (page) => {
      const { visit } = suiteBrowser(page, plan, module)
      await visit(requestOf(client_id))
      await visit(`${proxy.url}/session/end`)
    })
    await platform.settled()
    return suite.received.slice(before).filter(({ url }) => url.endsWith('/backchannel_logout'))
  }
  expect(await signOut(plan.client.client_id)).toEqual([])
  expect(await signOut(String(plan.override[module]?.client?.client_id))).toHaveLength(1)
})

/** A pushed request, signed with the private key that the plan gives the suite. */
async function pushed(client: SuitePlan['client'], redirect_uri: string): Promise<string> {
  const [jwk] = client.jwks?.keys ?? []
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('jwk', { ...jwk }, algorithm, false, ['sign'])
  const authentication = oidc.PrivateKeyJwt({ key, kid: String(jwk?.['kid']) })
  const issuer = new URL(proxy.url)
  const config = await oidc.discovery(issuer, client.client_id, {}, authentication)
  const verifier = oidc.randomPKCECodeVerifier()
  const url = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri,
    scope: 'openid phone',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return url.href
}

test('plan-fapi2.json: both clients sign in', async () => {
  await inBrowser(async (page) => {
    const { visit } = suiteBrowser(page, fapiPlan)
    for (const [client, end] of [
      [fapiPlan.client, ''],
      [fapiPlan.client2, '?dummy1=lorem&dummy2=ipsum'],
      // The module par-attempt-to-use-request_uri-for-different-client names the first client's redirect URI.
      [fapiPlan.client2, ''],
    ] as const)
      expect(
        (await visit(await pushed(client, callback + end))).searchParams.get('code'),
      ).toBeTruthy()
  })
})

test('plan-fapi2.json: user-rejects-authentication presses 拒绝 for both clients', async () => {
  const module = fapi('user-rejects-authentication')
  const { client = fapiPlan.client, client2 = fapiPlan.client2 } = fapiPlan.override[module] ?? {}
  await inBrowser(async (page) => {
    const { visit } = suiteBrowser(page, fapiPlan, module)
    const first = await visit(await pushed(client, callback))
    expect(first.searchParams.get('error')).toBe('access_denied')
    const second = await visit(await pushed(client2, `${callback}?dummy1=lorem&dummy2=ipsum`))
    expect(second.searchParams.get('error')).toBe('access_denied')
  })
})

test('plan-fapi2.json: a request_uri works at the second visit when the first one did not sign in', async () => {
  const module = fapi('par-ensure-reused-request-uri-prior-to-auth-completion-succeeds')
  await inBrowser(async (page) => {
    const { visit } = suiteBrowser(page, fapiPlan, module)
    const request = await pushed(fapiPlan.client, callback)
    expect((await visit(request)).pathname).toMatch('/interaction/')
    expect((await visit(request)).searchParams.get('code')).toBeTruthy()
  })
})

test('the plans allow the metadata of OpenID Connect for Identity Assurance in discovery', () => {
  const names = Object.keys(verifiedClaimsMetadata)
  for (const { server } of [plan, fapiPlan])
    expect(server.allow_unexpected_metadata_fields).toEqual(names)
})
