import { request } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import * as oidc from 'openid-client'
import { adminScopes } from '../../config/claims/own-scopes.ts'
import { grantTypes, responseModes } from '../../config/oidc.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  answerOf,
  clients,
  credentials,
  person,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

let platform: SsoPlatform
let sub: string
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
})
afterAll(() => platform.close())

const all = 'openid profile phone identity'

test('discovery lists exactly what the platform supports', async () => {
  const { config } = await relyingParty(platform.issuer)
  const { issuer } = platform
  const metadata = config.serverMetadata()
  expect(metadata).toMatchObject({
    issuer,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    grant_types_supported: expect.arrayContaining([...grantTypes]),
    claims_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_parameter_supported: true,
    response_modes_supported: expect.arrayContaining([...responseModes]),
    dpop_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: ['zh-CN', 'en'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
    acr_values_supported: ['urn:uup:acr:password', 'urn:uup:acr:sms', 'urn:uup:acr:bank'],
  })
  expect(metadata.scopes_supported?.toSorted()).toEqual([
    ...[...adminScopes].toSorted(),
    'identity',
    'offline_access',
    'openid',
    'organisation',
    'phone',
    'profile',
    'ssf.manage',
    'ssf.read',
    'terminal:phone-change',
    'verified_identity',
  ])
  expect(metadata).toMatchObject({
    verified_claims_supported: true,
    trust_frameworks_supported: ['cn_bank_card', 'cn_counter'],
    evidence_supported: ['electronic_record', 'document'],
    electronic_records_supported: ['bank_account'],
  })
  const { token_endpoint_auth_methods_supported: methods = [] } = metadata
  expect(methods).toContain('private_key_jwt')
  for (const endpoint of ['revocation', 'introspection']) {
    // Introspection requires client authentication (RFC 7662, 2.1).
    const proving = methods.filter((one: string) => endpoint === 'revocation' || one !== 'none')
    expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toEqual(proving)
    const algorithms = metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`]
    expect(algorithms).toEqual(metadata['token_endpoint_auth_signing_alg_values_supported'])
  }
  expect(metadata['claims_in_verified_claims_supported']).toContain('over_18')
  expect(metadata.claims_supported).toContain('verified_claims')
  for (const endpoint of ['authorization', 'token', 'userinfo', 'end_session', 'revocation'])
    expect(String(metadata[`${endpoint}_endpoint`])).toMatch(`${issuer}/`)
})

test('a forged Host header does not change any URL', async () => {
  const { port } = new URL(platform.issuer)
  const answer = await new Promise<string>((resolve, reject) => {
    const path = '/.well-known/openid-configuration'
    request({ port, path, headers: { host: 'evil.test' } }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve(Buffer.concat(chunks).toString())
    })
      .on('error', reject)
      .end()
  })
  expect(answer).toContain(platform.issuer)
  expect(answer).not.toContain('evil.test')
})

test('published keys have kid, alg and use, and no private part', async () => {
  const { config } = await relyingParty(platform.issuer)
  const response = await fetch(String(config.serverMetadata().jwks_uri))
  const { keys } = (await response.json()) as { keys: Record<string, string>[] }
  expect(keys.map(({ alg, use }) => [alg, use])).toEqual([
    ['RS256', 'sig'],
    ['PS256', 'sig'],
    ['ES256', 'sig'],
    ['EdDSA', 'sig'],
    ['RSA-OAEP-256', 'enc'],
    ['ECDH-ES', 'enc'],
    ['ECDH-ES+A128KW', 'enc'],
    ['ECDH-ES+A192KW', 'enc'],
    ['ECDH-ES+A256KW', 'enc'],
  ])
  for (const key of keys) {
    expect(key['kid']).toMatch(/^[\w-]{43}$/)
    expect(key).not.toHaveProperty('d')
  }
})

test('the code flow with PKCE returns an ID token and userinfo with the exact name', async () => {
  const { config, ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask({ scope: all })
  const answer = await signIn(cookieBrowser(), url)
  expect(answer.searchParams.get('iss')).toBe(platform.issuer)
  const got = await tokens(answer)
  expect(got).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: all })
  expect(got.refresh_token).toBeUndefined()
  const idToken = got.claims()
  expect(idToken).toMatchObject({ sub, aud: 'exam', iss: platform.issuer })
  expect(Number(idToken?.exp) - Number(idToken?.iat)).toBe(600)
  // Claims of a scope are returned by userinfo only (OpenID Connect Core 1.0, 5.4).
  for (const claim of ['name', 'phone_number', 'id_number'])
    expect(idToken).not.toHaveProperty(claim)

  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toEqual({
    sub,
    preferred_username: person.username,
    name: person.name,
    gender: 'female',
    birthdate: '1949-12-31',
    user_type: 'individual',
    phone_number: '+8613800000000',
    phone_number_verified: true,
    id_type: 'resident_id',
    id_number: '11010519491231002X',
  })
  expect([...String(userinfo.name)]).toEqual([...person.name])
})

test.each([
  ['openid', ['sub']],
  ['openid phone', ['phone_number', 'phone_number_verified', 'sub']],
  ['openid identity', ['id_number', 'id_type', 'name', 'sub']],
])('userinfo of the scopes %s contains only their claims', async (scope, names) => {
  const { config, ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask({ scope })
  const got = await tokens(await signIn(cookieBrowser(), url))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(Object.keys(userinfo).toSorted()).toEqual(names)
})

test('the claims parameter adds single claims to the ID token and to userinfo', async () => {
  const { config, ask } = await relyingParty(platform.issuer)
  const claims = { id_token: { name: null, acr: null }, userinfo: { phone_number: null } }
  const { url, tokens } = await ask({ claims: JSON.stringify(claims) })
  const got = await tokens(await signIn(cookieBrowser(), url))
  expect(got.claims()).toMatchObject({ name: person.name, acr: 'urn:uup:acr:password' })
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toEqual({ sub, phone_number: person.phone })
})

test('the ID token contains acr when acr_values are requested', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask({ acr_values: 'urn:uup:acr:password' })
  const got = await tokens(await signIn(cookieBrowser(), url))
  expect(got.claims()).toMatchObject({ acr: 'urn:uup:acr:password' })
})

test('the authorization endpoint takes POST', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask()
  const { origin, pathname, searchParams } = new URL(url)
  const browser = cookieBrowser()
  const init = { method: 'POST', body: searchParams, headers: { origin: 'https://rp.test' } }
  const page = await browser.visit(`${origin}${pathname}`, undefined, init)
  const got = await tokens(answerOf(await submit(browser, page, credentials)))
  expect(got.claims()?.sub).toBe(sub)
})

test('a public client can sign in with PKCE alone', async () => {
  const { ask } = await relyingParty(platform.issuer, 'page')
  const { url, tokens } = await ask()
  const got = await tokens(await signIn(cookieBrowser(), url))
  expect(got.claims()).toMatchObject({ sub, aud: 'page' })
})

test('a pushed authorization request works once', async () => {
  const { config } = await relyingParty(platform.issuer)
  const verifier = oidc.randomPKCECodeVerifier()
  const url = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: 'https://rp.test/callback',
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  expect(url.searchParams.get('request_uri')).toMatch(/^urn:/)
  const answer = await signIn(cookieBrowser(), url.href)
  const got = await oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier })
  expect(got.claims()?.sub).toBe(sub)
  await expect(signIn(cookieBrowser(), url.href)).rejects.toThrow('invalid_request_uri')
})

test('form_post returns a page that works without script', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ response_mode: 'form_post' })
  const browser = cookieBrowser()
  const page = await submit(browser, await browser.visit(url), credentials)
  expect(page.response.status).toBe(200)
  expect(page.text).toContain('<h1>正在返回</h1>')
  expect(page.text).toMatch(/<form method="post" action="https:\/\/rp.test\/callback">/)
  expect(page.text).toMatch(/<input type="hidden" name="code" value="[\w-]+"\/>/)
  expect(page.text).toContain('继续</button>')
  expect(page.response.headers.get('content-security-policy')).toMatch(/script-src[^;]*'sha256-/)
})

test('a client can authenticate with a key instead of a secret', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'own', alg: 'ES256', use: 'sig' }
  const { client_secret: _, ...signing } = {
    ...clients.exam,
    client_id: 'signing',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [jwk] },
  }
  await platform.restartWith([...Object.values(clients), signing])
  const config = await oidc.discovery(
    new URL(platform.issuer),
    'signing',
    undefined,
    oidc.PrivateKeyJwt({ key: privateKey, kid: 'own' }),
    { execute: [oidc.allowInsecureRequests] },
  )
  const verifier = oidc.randomPKCECodeVerifier()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: 'https://rp.test/callback',
    scope: 'openid',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const answer = await signIn(cookieBrowser(), url.href)
  const got = await oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier })
  expect(got.claims()).toMatchObject({ sub, aud: 'signing' })
})

test('a DPoP-bound token is refused without its key', async () => {
  const { config, ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask()
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair())
  const answer = await signIn(cookieBrowser(), url)
  const got = await tokens(answer, {}, { DPoP })
  expect(got.token_type).toBe('dpop')
  await oidc.fetchUserInfo(config, got.access_token, sub, { DPoP })
  const stolen = oidc.fetchUserInfo(config, got.access_token, sub)
  await expect(stolen).rejects.toMatchObject({ status: 401 })
})
