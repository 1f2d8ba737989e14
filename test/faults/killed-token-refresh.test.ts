import * as oidc from 'openid-client'
import { registered } from '../support/account-pages.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { signInFields } from '../support/registering.ts'

jest.setTimeout(600_000)

const callback = 'https://rp.test/callback'
const app = {
  client_id: 'app',
  token_endpoint_auth_method: 'none',
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid offline_access',
  first_party: true,
}

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform({ clients: [app] })
})
afterAll(() => platform.close())

/** Signs a person in and gives the public client a refresh token. */
async function issuedToken() {
  const person = await registered(platform, samplePerson())
  const config = await oidc.discovery(new URL(platform.issuer), 'app', undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  })
  const verifier = oidc.randomPKCECodeVerifier()
  const at = personAtForms()
  const login = await at.open(
    oidc.buildAuthorizationUrl(config, {
      ...{ redirect_uri: callback, scope: app.scope, prompt: 'login consent' },
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).href,
  )
  const body = new URLSearchParams({ ...login.typed, ...signInFields(person), action: 'next' })
  const { path } = await at.browser.visit(new URL(login.action, login.url).href, callback, {
    ...{ method: 'POST', body },
  })
  const answer = path.at(-1)
  if (!answer?.searchParams.has('code')) throw new Error('not signed in')
  const { refresh_token: refresh = '' } = await oidc.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: verifier,
  })
  return { use: (token = refresh) => oidc.refreshTokenGrant(config, token) }
}

test('a refresh during which the process is killed at any change can be repeated', async () => {
  const moments = await killAtEveryChange(platform, {
    from: 'now',
    first: 1,
    setUp: issuedToken,
    act: ({ use }) => use(),
    check: async ({ use }, moment) => {
      const uses = [await use(), await use()]
      const [next, same] = uses.map(({ refresh_token: token }) => token)
      expect([moment, same]).toEqual([moment, next])
      expect((await use(next)).refresh_token).not.toBe(next)
    },
  })
  expect(moments).toBeGreaterThan(3)
})
