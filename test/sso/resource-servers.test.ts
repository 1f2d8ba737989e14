import { createHash } from 'node:crypto'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { keyedClient } from './keyed-client.ts'
import {
  callback,
  clients,
  credentials,
  relyingPartyWith,
  type SsoPlatform,
  secret,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const grades = 'https://grades.example/'
const letters = 'https://letters.example/api'
/** A resource server that introspects tokens is a client whose id is its resource URI. */
const archive = {
  client_id: 'https://archive.example/',
  client_secret: secret,
  grant_types: ['client_credentials'],
}
const portal = {
  ...clients.exam,
  client_id: 'portal',
  resources: [grades, letters, archive.client_id],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
}
const otherPortal = { ...clients.shop, client_id: 'stranger', resources: [grades] }
const bank = await keyedClient('bank', 'ES256', {
  profile: 'fapi2',
  resources: [grades],
  id_token_signed_response_alg: 'ES256',
})

let platform: SsoPlatform
let sub: string
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.restartWith([
    ...Object.values(clients),
    portal,
    otherPortal,
    archive,
    bank.metadata,
  ])
  sub = await platform.register()
})
afterAll(() => platform.close())

async function relyingPartyOf(id: 'portal' | 'stranger' = 'portal') {
  const auth = oidc.ClientSecretBasic(secret)
  const options = { execute: [oidc.allowInsecureRequests] }
  return relyingPartyWith(await oidc.discovery(new URL(platform.issuer), id, secret, auth, options))
}

/** Verifies the token as a resource server does (RFC 9068, 4). */
async function verifiedPayload(token: string, audience = grades) {
  const keys = createRemoteJWKSet(new URL(`${platform.issuer}/jwks`))
  const { issuer } = platform
  return (await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt' })).payload
}

test('a token for a resource server is a JWT that it can verify by itself', async () => {
  const { ask } = await relyingPartyOf()
  const { url, tokens } = await ask({ scope: 'openid profile phone', resource: grades })
  const got = await tokens(await signIn(cookieBrowser(), url))
  const claims = await verifiedPayload(got.access_token)
  expect(claims).toEqual({
    iss: platform.issuer,
    aud: grades,
    sub,
    client_id: 'portal',
    scope: 'profile phone',
    jti: expect.any(String),
    iat: expect.any(Number),
    exp: Number(claims.iat) + 600,
  })
  await expect(verifiedPayload(got.access_token, letters)).rejects.toThrow()
  // The token is not accepted by userinfo, so that a resource server can not use it there (RFC 8707, 3).
  const { config } = await relyingPartyOf()
  const userinfo = oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
  await expect(userinfo).rejects.toMatchObject({ status: 401 })
})

test('with several resource servers, each token is for one of them', async () => {
  const { config } = await relyingPartyOf()
  const { ask } = relyingPartyWith(config, (params) => {
    const url = oidc.buildAuthorizationUrl(config, params)
    url.searchParams.append('resource', letters)
    return url
  })
  const { url, tokens } = await ask({
    scope: 'openid offline_access profile',
    prompt: 'consent',
    resource: grades,
  })
  const answer = await signIn(cookieBrowser(), url)
  const got = await tokens(answer, {}, undefined, { resource: letters })
  expect(await verifiedPayload(got.access_token, letters)).toMatchObject({
    aud: letters,
    scope: 'profile',
  })
  const next = await oidc.refreshTokenGrant(config, String(got.refresh_token), { resource: grades })
  expect(await verifiedPayload(next.access_token)).toMatchObject({ aud: grades, scope: 'profile' })
  // Without a resource, the choice between two would be ambiguous, so that the token is for userinfo.
  const plain = await oidc.refreshTokenGrant(config, String(next.refresh_token))
  expect((await oidc.fetchUserInfo(config, plain.access_token, sub)).sub).toBe(sub)
})

test.each([
  ['that the metadata does not name', 'https://elsewhere.example/'],
  ['that differs by a slash', grades.slice(0, -1)],
  ['with a fragment', `${grades}#part`],
  ['that is not a URI', 'grades'],
])('a token for a resource %s is refused with invalid_target', async (_, resource) => {
  const { ask, config } = await relyingPartyOf()
  const { url } = await ask({ resource })
  const { path } = await cookieBrowser().visit(url, callback)
  expect(path.at(-1)?.searchParams.get('error')).toBe('invalid_target')
  const own = oidc.clientCredentialsGrant(config, { resource })
  await expect(own).rejects.toMatchObject({ error: 'invalid_target' })
})

test('a refresh token is refused for a resource server that was not granted', async () => {
  const { ask, config } = await relyingPartyOf()
  const { url, tokens } = await ask({
    scope: 'openid offline_access profile',
    prompt: 'consent',
    resource: grades,
  })
  const got = await tokens(await signIn(cookieBrowser(), url))
  const otherResource = oidc.refreshTokenGrant(config, String(got.refresh_token), {
    resource: letters,
  })
  await expect(otherResource).rejects.toMatchObject({ error: 'invalid_target' })
})

test('a back end can request a token for itself', async () => {
  const { config } = await relyingPartyOf()
  const got = await oidc.clientCredentialsGrant(config, { resource: letters, scope: 'profile' })
  expect(await verifiedPayload(got.access_token, letters)).toMatchObject({
    sub: 'portal',
    scope: 'profile',
  })
})

test('a resource server can introspect its own tokens, which become inactive at once when they are revoked', async () => {
  const { ask, config } = await relyingPartyOf()
  const { url, tokens } = await ask({ scope: 'openid profile', resource: archive.client_id })
  const { access_token: token } = await tokens(await signIn(cookieBrowser(), url))
  const configOf = (id: string) =>
    oidc.discovery(new URL(platform.issuer), id, secret, oidc.ClientSecretBasic(secret), {
      execute: [oidc.allowInsecureRequests],
    })
  const [server, other] = await Promise.all([configOf(archive.client_id), configOf('stranger')])
  expect(await oidc.tokenIntrospection(server, token)).toMatchObject({
    active: true,
    aud: archive.client_id,
    client_id: 'portal',
    sub,
    scope: 'profile',
  })
  expect(await oidc.tokenIntrospection(other, token)).toEqual({ active: false })
  // The resource server may introspect the token, but not revoke it.
  await oidc.tokenRevocation(server, token)
  expect((await oidc.tokenIntrospection(server, token)).active).toBe(true)
  await oidc.tokenRevocation(config, token)
  expect(await oidc.tokenIntrospection(server, token)).toEqual({ active: false })
})

describe('a JWT access token', () => {
  const issued = async (params: Record<string, string> = {}) => {
    const { ask, config } = await relyingPartyOf()
    const { url, tokens } = await ask({ scope: 'openid profile', resource: grades, ...params })
    const browser = cookieBrowser()
    const got = await tokens(await signIn(browser, url))
    return { config, browser, token: got.access_token }
  }

  test('is inactive at introspection after its revocation', async () => {
    const { config, token } = await issued()
    const { exp, iat } = await verifiedPayload(token)
    expect(await oidc.tokenIntrospection(config, token)).toEqual({
      active: true,
      ...{ iss: platform.issuer, aud: grades, sub, client_id: 'portal', scope: 'profile' },
      ...{ exp, iat, token_type: 'Bearer' },
    })
    const { config: otherPortal } = await relyingPartyOf('stranger')
    expect(await oidc.tokenIntrospection(otherPortal, token)).toEqual({ active: false })
    await oidc.tokenRevocation(otherPortal, token)
    const changed = `${token.slice(0, -4)}AAAA`
    expect(await oidc.tokenIntrospection(config, changed)).toEqual({ active: false })
    expect((await oidc.tokenIntrospection(config, token)).active).toBe(true)
    await oidc.tokenRevocation(config, token, { token_type_hint: 'access_token' })
    expect(await oidc.tokenIntrospection(config, token)).toEqual({ active: false })
    expect(await verifiedPayload(token)).toMatchObject({ sub })
  })

  test('is inactive after the person has signed out', async () => {
    const { config, token, browser } = await issued()
    const at = personAtForms(browser)
    await at.send(await at.open(`${platform.issuer}/session/end`), { logout: 'yes' })
    expect(await oidc.tokenIntrospection(config, token)).toEqual({ active: false })
  })

  test('is inactive after the revocation of its refresh token', async () => {
    const { ask, config } = await relyingPartyOf()
    const away = { scope: 'openid offline_access profile', prompt: 'consent', resource: grades }
    const { url, tokens } = await ask(away)
    const got = await tokens(await signIn(cookieBrowser(), url))
    const next = await oidc.refreshTokenGrant(config, String(got.refresh_token))
    expect((await oidc.tokenIntrospection(config, next.access_token)).active).toBe(true)
    await oidc.tokenRevocation(config, String(next.refresh_token))
    for (const token of [got.access_token, next.access_token])
      expect(await oidc.tokenIntrospection(config, token)).toEqual({ active: false })
  })

  test('is inactive after its revocation when it belongs to the back end itself', async () => {
    const { config } = await relyingPartyOf()
    const { access_token: token } = await oidc.clientCredentialsGrant(config, { resource: letters })
    const introspection = await oidc.tokenIntrospection(config, token)
    expect(introspection).toMatchObject({ active: true, aud: letters, client_id: 'portal' })
    await oidc.tokenRevocation(config, token)
    expect(await oidc.tokenIntrospection(config, token)).toEqual({ active: false })
  })

  test('can not be replaced by the hash under which it is stored', async () => {
    const { token } = await issued()
    const name = createHash('sha256').update(token).digest('base64url')
    const headers = { authorization: `Bearer ${name}` }
    expect((await fetch(`${platform.issuer}/me`, { headers })).status).toBe(403)
  })
})

test('the consent page names the resource server once', async () => {
  const { ask } = await relyingPartyOf('stranger')
  const browser = cookieBrowser()
  const { url, tokens } = await ask({ scope: 'openid profile', resource: grades })
  const consent = await submit(browser, await browser.visit(url, callback), credentials)
  expect(consent.text).toContain(`以您的名义使用 ${grades} 的服务`)
  const agreed = await submit(browser, consent, {})
  const got = await tokens(new URL(String(agreed.path.at(-1))))
  expect((await verifiedPayload(got.access_token))['scope']).toBe('profile')
  const { url: again } = await ask({ scope: 'openid profile', resource: grades })
  expect((await browser.visit(again, callback)).path.at(-1)?.searchParams.get('code')).toBeTruthy()
  const otherBrowser = cookieBrowser()
  const remembered = await submit(
    otherBrowser,
    await otherBrowser.visit(again, callback),
    credentials,
  )
  expect(remembered.path.at(-1)?.searchParams.get('code')).toBeTruthy()
})

test('a JWT access token of a fapi2 client is bound to its key and signed with its algorithm', async () => {
  const config = await bank.config(platform.issuer)
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))
  const { ask } = relyingPartyWith(config, (params) =>
    oidc.buildAuthorizationUrlWithPAR(config, params, { DPoP }),
  )
  const { url, tokens } = await ask({ resource: grades })
  const got = await tokens(await signIn(cookieBrowser(), url), {}, { DPoP })
  expect(decodeProtectedHeader(got.access_token).alg).toBe('ES256')
  expect(await verifiedPayload(got.access_token)).toMatchObject({
    cnf: { jkt: expect.any(String) },
  })
})
