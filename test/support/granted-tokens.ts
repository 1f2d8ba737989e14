import * as oidc from 'openid-client'
import type { SamplePerson } from './people.ts'
import { personAtForms } from './person-at-forms.ts'
import type { TestPlatform } from './platform.ts'
import { signInFields } from './registering.ts'

export const callback = 'https://rp.test/callback'

/** Signs the person in at a client with this id and secret, and returns its tokens. */
export async function grantedTokens(
  { issuer }: Pick<TestPlatform, 'issuer'>,
  {
    client_id: id,
    client_secret: secret,
  }: { readonly client_id: string; readonly client_secret: string },
  person: SamplePerson,
): Promise<{ readonly access: string; readonly refresh: string }> {
  const config = await oidc.discovery(new URL(issuer), id, secret, oidc.ClientSecretPost(secret), {
    execute: [oidc.allowInsecureRequests],
  })
  const verifier = oidc.randomPKCECodeVerifier()
  const at = personAtForms()
  const request = oidc.buildAuthorizationUrl(config, {
    ...{ redirect_uri: callback, scope: 'openid offline_access', prompt: 'login consent' },
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const login = await at.open(request.href)
  const body = new URLSearchParams({ ...login.typed, ...signInFields(person), action: 'next' })
  const { path } = await at.browser.visit(new URL(login.action, login.url).href, callback, {
    ...{ method: 'POST', body },
  })
  const answer = path.at(-1)
  if (!answer?.searchParams.has('code')) throw new Error('not signed in')
  const tokens = await oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier })
  return { access: tokens.access_token, refresh: String(tokens.refresh_token) }
}
