import * as oidc from 'openid-client'
import { type DocumentedSuite, documentedSuite } from '../support/documented-suite.ts'
import type { SuitePlan } from '../support/suite-browser.ts'

/** docs/conformance/plan-fapi2.json: its clients, and what the suite's browser types and clicks. */

let suite: DocumentedSuite
let plan: SuitePlan
beforeAll(async () => {
  suite = await documentedSuite()
  plan = suite.readPlan('plan-fapi2.json')
})
afterAll(() => suite.close())

const prefix = 'fapi2-security-profile-final'
const withQuery = '?dummy1=lorem&dummy2=ipsum'

/** A pushed request, signed with the private key that the plan gives the suite. */
async function pushed({ client_id, jwks }: SuitePlan['client'], end = ''): Promise<string> {
  const [jwk] = jwks?.keys ?? []
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('jwk', { ...jwk }, algorithm, false, ['sign'])
  const authentication = oidc.PrivateKeyJwt({ key, kid: String(jwk?.['kid']) })
  const config = await oidc.discovery(new URL(suite.issuer), client_id, {}, authentication)
  const verifier = oidc.randomPKCECodeVerifier()
  const url = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: suite.callback + end,
    scope: 'openid phone',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return url.href
}

test('both clients sign in', async () => {
  await suite.runModule(plan, '', async ({ visit }) => {
    for (const request of [
      await pushed(plan.client),
      await pushed(plan.client2, withQuery),
      // The module par-attempt-to-use-request_uri-for-different-client names the first client's redirect URI.
      await pushed(plan.client2),
    ])
      expect((await visit(request)).searchParams.get('code')).toBeTruthy()
  })
})

test('user-rejects-authentication presses 拒绝 for both clients', async () => {
  const module = `${prefix}-user-rejects-authentication`
  const { client = plan.client, client2 = plan.client2 } = plan.override[module] ?? {}
  await suite.runModule(plan, module, async ({ visit }) => {
    for (const request of [await pushed(client), await pushed(client2, withQuery)])
      expect((await visit(request)).searchParams.get('error')).toBe('access_denied')
  })
})

test('a request_uri works at the second visit when the first one did not sign in', async () => {
  const module = `${prefix}-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds`
  await suite.runModule(plan, module, async ({ visit }) => {
    const request = await pushed(plan.client)
    expect((await visit(request)).pathname).toMatch('/interaction/')
    expect((await visit(request)).searchParams.get('code')).toBeTruthy()
  })
})
