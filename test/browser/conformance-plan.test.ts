import { verifiedClaimsMetadata } from '../../config/claims/verified-claims.ts'
import { type DocumentedSuite, documentedSuite } from '../support/documented-suite.ts'
import type { SuitePlan } from '../support/suite-browser.ts'

/** docs/conformance/plan.json: its clients, and what the suite's browser types and clicks. */

let suite: DocumentedSuite
let plan: SuitePlan
beforeAll(async () => {
  suite = await documentedSuite()
  plan = suite.readPlan('plan.json')
})
afterAll(() => suite.close())

/** An authorization request with neither PKCE nor nonce. */
function requestOf(client_id: string, params: Readonly<Record<string, string | null>> = {}) {
  const all = { client_id, redirect_uri: suite.callback, response_type: 'code', ...params }
  const given = Object.entries({ ...all, scope: 'openid', state: 's' }).flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  )
  return `${suite.issuer}/auth?${new URLSearchParams(given)}`
}

test('the browser signs in, and out', async () => {
  await suite.runModule(plan, '', async ({ visit, screenshots }) => {
    const request = requestOf('suite-1')
    expect((await visit(request)).searchParams.get('code')).toBeTruthy()
    expect((await visit(request)).searchParams.get('code')).toBeTruthy()
    await visit(`${suite.issuer}/session/end`)
    expect(screenshots).toEqual([expect.stringContaining('已退出登录')])
    const silent = await visit(`${request}&prompt=none`)
    expect(silent.searchParams.get('error')).toBe('login_required')
  })
})

test('each client signs in at the redirect URIs of the modules and gets tokens for its secret', async () => {
  const { callback, issuer } = suite
  const { client, client2, client_secret_post: posting = client } = plan
  const basic = ({ client_id, client_secret }: typeof client) => ({
    authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
  })
  await suite.runModule(plan, '', async ({ visit }) => {
    for (const [one, redirect_uri] of [
      [client, callback],
      [client2, callback], // oidcc-refresh-token
      [client2, `${callback}?dummy1=lorem&dummy2=ipsum`],
      [posting, callback],
    ] as const) {
      const { client_id, client_secret = '' } = one
      const answer = await visit(requestOf(client_id, { redirect_uri }))
      const code = String(answer.searchParams.get('code'))
      const own = { client_id, client_secret }
      const exchange = { grant_type: 'authorization_code', code, redirect_uri }
      const { status } = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: one === posting ? {} : basic(one),
        body: new URLSearchParams({ ...exchange, ...(one === posting && own) }),
      })
      expect({ client_id, redirect_uri, status }).toEqual({ client_id, redirect_uri, status: 200 })
    }
  })
})

test.each(['oidcc-prompt-login', 'oidcc-max-age-1'])(
  '%s keeps the second login page for review',
  async (module) => {
    await suite.runModule(plan, module, async ({ visit, screenshots }) => {
      await visit(requestOf('suite-1'))
      await visit(requestOf('suite-1', { prompt: 'login' }))
      expect(screenshots.at(-1)).toContain('忘记密码')
    })
  },
)

test.each([
  ['oidcc-ensure-registered-redirect-uri', [''], '/xyz'],
  ['oidcc-redirect-uri-query-mismatch', ['?bar=foo'], '?foo=bar'],
  ['oidcc-redirect-uri-query-added', [''], '?foo=bar'],
  ['oidcc-ensure-redirect-uri-in-authorization-request', ['', '/other'], null],
])('%s keeps the error page for review', async (module, registered, sent) => {
  const { callback, issuer } = suite
  const client = await suite.registeredClient(registered.map((end) => callback + end))
  await suite.runModule(plan, module, async ({ visit, screenshots }) => {
    const redirect_uri = sent === null ? null : callback + sent
    expect((await visit(requestOf(client, { redirect_uri }))).origin).toBe(issuer)
    expect(screenshots).toHaveLength(1)
  })
})

test('only the client of the module for back-channel logout gets logout tokens', async () => {
  const module = 'oidcc-backchannel-rp-initiated-logout'
  const signOut = (client_id: string) =>
    suite.runModule(plan, module, async ({ visit }) => {
      await visit(requestOf(client_id))
      await visit(`${suite.issuer}/session/end`)
    })
  await signOut(plan.client.client_id)
  expect(await suite.logoutTokens()).toEqual([])
  await signOut(String(plan.override[module]?.client?.client_id))
  expect(await suite.logoutTokens()).toHaveLength(1)
})

test('both plans allow the metadata of OpenID Connect for Identity Assurance in discovery', () => {
  const names = Object.keys(verifiedClaimsMetadata)
  for (const { server } of [plan, suite.readPlan('plan-fapi2.json')])
    expect(server.allow_unexpected_metadata_fields).toEqual(names)
})
