import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  type ClientId,
  relyingParty,
  type SsoPlatform,
  secret,
  signIn,
  ssoPlatform,
} from './platform.ts'

let platform: SsoPlatform
let sub: string
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
})
afterAll(() => platform.close())

async function tokensOf(id: ClientId) {
  const { ask, config } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask({ scope: 'openid offline_access', prompt: 'consent' })
  const got = await tokens(await signIn(cookieBrowser(), url))
  return { config, access: got.access_token, refresh: String(got.refresh_token) }
}

test('a client can introspect its own tokens until they end', async () => {
  const { config, access, refresh } = await tokensOf('exam')
  expect(await oidc.tokenIntrospection(config, access)).toMatchObject({
    active: true,
    sub,
    client_id: 'exam',
    scope: 'openid offline_access',
    iss: platform.issuer,
    token_type: 'Bearer',
  })
  expect((await oidc.tokenIntrospection(config, refresh)).active).toBe(true)
  await oidc.tokenRevocation(config, refresh)
  for (const token of [access, refresh])
    expect(await oidc.tokenIntrospection(config, token)).toEqual({ active: false })
})

test('a client can not introspect tokens of others', async () => {
  const { access, refresh } = await tokensOf('exam')
  const { config } = await relyingParty(platform.issuer, 'shop')
  for (const token of [access, refresh, 'made up'])
    expect(await oidc.tokenIntrospection(config, token)).toEqual({ active: false })
})

test('introspection without client authentication is refused', async () => {
  const { access } = await tokensOf('exam')
  const body = new URLSearchParams({ client_id: 'exam', token: access })
  const response = await fetch(`${platform.issuer}/token/introspection`, { method: 'POST', body })
  expect(response.status).toBe(401)
})

test('a public client can not introspect tokens, not even its own', async () => {
  const { ask, config } = await relyingParty(platform.issuer, 'page')
  const { url, tokens } = await ask()
  const { access_token: token } = await tokens(await signIn(cookieBrowser(), url))
  for (const one of [token, 'made up'])
    expect(await oidc.tokenIntrospection(config, one)).toEqual({ active: false })
  expect((await oidc.fetchUserInfo(config, token, sub)).sub).toBe(sub)
  const { introspection_endpoint_auth_methods_supported: methods } = config.serverMetadata()
  expect(methods).toEqual(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])
})

test('the answer is signed when the client requests a JWT (RFC 9701)', async () => {
  const { config, access } = await tokensOf('exam')
  const { issuer } = platform
  const response = await fetch(`${issuer}/token/introspection`, {
    method: 'POST',
    headers: {
      accept: 'application/token-introspection+jwt',
      authorization: `Basic ${btoa(`exam:${secret}`)}`,
    },
    body: new URLSearchParams({ token: access }),
  })
  const keys = createRemoteJWKSet(new URL(String(config.serverMetadata().jwks_uri)))
  const typ = 'token-introspection+jwt'
  const { payload } = await jwtVerify(await response.text(), keys, { issuer, typ })
  expect(payload['token_introspection']).toMatchObject({ active: true, sub, client_id: 'exam' })
})
