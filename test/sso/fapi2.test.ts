import { decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { checkMetadata, problemLine } from '../../src/sso/clients/metadata/check-metadata.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { keyedClient } from './keyed-client.ts'
import {
  callback,
  clients,
  relyingPartyWith,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

/** The profile alone switches on all rules of the FAPI 2.0 Security Profile (final). */
const bank = await keyedClient('bank', 'ES256', { profile: 'fapi2' })
const rs256Client = await keyedClient('old', 'RS256', { profile: 'fapi2' })

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.restartWith([...Object.values(clients), bank.metadata, rs256Client.metadata])
  await platform.register()
})
afterAll(() => platform.close())

async function fapiRelyingParty(
  buildUrl = (config: oidc.Configuration, params: Record<string, string>, more: object) =>
    oidc.buildAuthorizationUrlWithPAR(config, params, more),
) {
  const config = await bank.config(platform.issuer)
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))
  return { ...relyingPartyWith(config, (params) => buildUrl(config, params, { DPoP })), DPoP }
}

test('a client signs in with a pushed request, its key and DPoP-bound tokens', async () => {
  const { ask, DPoP, config } = await fapiRelyingParty()
  const { url, tokens } = await ask({ scope: 'openid offline_access', prompt: 'consent' })
  const answer = await signIn(cookieBrowser(), url)
  expect(answer.searchParams.get('iss')).toBe(platform.issuer)
  const got = await tokens(answer, {}, { DPoP })
  expect(got.token_type).toBe('dpop')
  expect(decodeProtectedHeader(String(got.id_token)).alg).toBe('PS256')
  // Refresh tokens are not rotated (FAPI 2.0 Security Profile, 5.3.2.1).
  const refresh = String(got.refresh_token)
  for (let use = 0; use < 3; use += 1) {
    const refreshed = await oidc.refreshTokenGrant(config, refresh, {}, { DPoP })
    expect([undefined, refresh]).toContain(refreshed.refresh_token)
    expect(refreshed.token_type).toBe('dpop')
  }
})

test('a refresh token that is used regularly works past day 14, and ends after 90 days', async () => {
  const { ask, DPoP, config } = await fapiRelyingParty()
  const { url, tokens } = await ask({ scope: 'openid offline_access', prompt: 'consent' })
  const got = await tokens(await signIn(cookieBrowser(), url), {}, { DPoP })
  const use = () => oidc.refreshTokenGrant(config, String(got.refresh_token), {}, { DPoP })
  try {
    for (let days = 0; days < 85; days += 12) {
      await use()
      platform.turn(12 * 24 * 3600)
    }
    await expect(use()).rejects.toMatchObject({ error: 'invalid_grant' })
  } finally {
    platform.turn(Math.round((Date.now() - platform.clock()) / 1000))
  }
})

test('a request that was not pushed is refused', async () => {
  const { ask } = await fapiRelyingParty((config, params) =>
    Promise.resolve(oidc.buildAuthorizationUrl(config, params)),
  )
  const { url } = await ask()
  const { path } = await cookieBrowser().visit(url, callback)
  expect(Object.fromEntries(path.at(-1)?.searchParams ?? [])).toMatchObject({
    error: 'invalid_request',
    iss: platform.issuer,
  })
})

test.each([
  ['without PKCE', { code_challenge: null, code_challenge_method: null }],
  ['with plain PKCE', { code_challenge_method: 'plain' }],
  ['without redirect_uri', { redirect_uri: null }],
  ['for another response_type', { response_type: 'code id_token' }],
])('a pushed request %s is refused', async (_, params) => {
  const { ask } = await fapiRelyingParty()
  await expect(ask(params)).rejects.toMatchObject({
    error: expect.stringMatching(/invalid_request|unsupported_response_type/),
  })
})

test('a code can not be exchanged without a DPoP proof', async () => {
  const { ask } = await fapiRelyingParty()
  const { url, tokens } = await ask()
  const answer = await signIn(cookieBrowser(), url)
  await expect(tokens(answer)).rejects.toMatchObject({ error: 'invalid_grant' })
})

test.each([
  ['with the token endpoint as audience', { aud: () => `${platform.issuer}/token` }],
  ['with a list as audience', { aud: () => [platform.issuer] }],
  ['issued in the future', { iat: () => seconds() + 61, exp: () => seconds() + 120 }],
  ['not valid yet', { nbf: () => seconds() + 61 }],
  ['that has expired', { exp: () => seconds() - 61 }],
])('a client assertion %s is refused', async (_, different) => {
  const claims = Object.entries(different).map(([name, value]) => [name, value()])
  const response = await push(await assertion(bank, Object.fromEntries(claims)))
  expect(response).toEqual({ status: 401, error: 'invalid_client' })
})

test('a client clock may be ten seconds ahead', async () => {
  const ahead = { iat: seconds() + 10, nbf: seconds() + 10 }
  expect((await push(await assertion(bank, ahead))).status).toBe(201)
})

test('a DPoP proof from the future is refused, also with a nonce', async () => {
  const keys = await generateKeyPair('ES256', { extractable: true })
  const prove = async (claims: object) =>
    new SignJWT({
      ...{ jti: crypto.randomUUID(), htm: 'POST', htu: `${platform.issuer}/request` },
      ...{ iat: seconds(), ...claims },
    })
      .setProtectedHeader({
        ...{ alg: 'ES256', typ: 'dpop+jwt' },
        jwk: await exportJWK(keys.publicKey),
      })
      .sign(keys.privateKey)
  const refused = { status: 400, error: 'invalid_dpop_proof' }
  const pushed = await push(await assertion(bank, {}), await prove({ iat: seconds() + 10 }))
  expect(pushed).toMatchObject({ status: 201, nonce: expect.any(String) })
  const { nonce } = pushed
  for (const claims of [
    { iat: seconds() + 61 },
    { iat: seconds() + 61, nonce },
    { nbf: seconds() + 61 },
  ])
    expect(await push(await assertion(bank, {}), await prove(claims))).toMatchObject(refused)
  expect(await push(await assertion(bank, {}), 'no proof')).toMatchObject(refused)
})

test('a client assertion signed with RS256 is refused', async () => {
  expect(await push(await assertion(rs256Client, {}))).toEqual({
    status: 401,
    error: 'invalid_client',
  })
})

const seconds = () => Math.floor(Date.now() / 1000)

const assertion = async (by: typeof bank, different: object) => ({
  client_id: by.id,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: await by.signed({
    iss: by.id,
    sub: by.id,
    aud: platform.issuer,
    jti: crypto.randomUUID(),
    iat: seconds(),
    exp: seconds() + 60,
    ...different,
  }),
})

async function push(proof: Record<string, string>, dpop?: string) {
  const response = await fetch(`${platform.issuer}/request`, {
    method: 'POST',
    headers: dpop === undefined ? {} : { dpop },
    body: new URLSearchParams({
      ...proof,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    }),
  })
  const { error } = (await response.json()) as { error?: string }
  return { status: response.status, error, nonce: response.headers.get('dpop-nonce') ?? undefined }
}

describe('the metadata of a fapi2 client', () => {
  const problems = (different: object) => {
    const judged = checkMetadata({ ...bank.metadata, ...different })
    return 'problems' in judged ? judged.problems.map(problemLine) : []
  }

  test('needs only the profile', () => {
    expect(problems({})).toEqual([])
  })

  test('may not contradict the profile, and every contradiction is reported', () => {
    const reported = problems({
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret: 'a-secret-of-the-tests',
      require_pushed_authorization_requests: false,
      require_pkce: false,
      dpop_bound_access_tokens: false,
      id_token_signed_response_alg: 'RS256',
      authorization_signed_response_alg: 'RS256',
      introspection_signed_response_alg: 'RS256',
      request_object_signing_alg: 'RS256',
      token_endpoint_auth_signing_alg: 'RS256',
      redirect_uris: ['http://rp.test/callback'],
      jwks: { keys: [{ kty: 'RSA', e: 'AQAB', n: Buffer.alloc(128, 1).toString('base64url') }] },
    })
    const names = reported.map((line) => line.split(':')[0]).toSorted()
    expect(names).toEqual([
      'authorization_signed_response_alg',
      'dpop_bound_access_tokens',
      'id_token_signed_response_alg',
      'introspection_signed_response_alg',
      'jwks',
      'redirect_uris',
      'request_object_signing_alg',
      'require_pkce',
      'require_pushed_authorization_requests',
      'token_endpoint_auth_method',
      'token_endpoint_auth_signing_alg',
    ])
    for (const line of reported) expect(line).toContain('(fapi2)')
  })

  test('may have a loopback redirect URI for a native app only', () => {
    const uris = { redirect_uris: ['http://127.0.0.1/callback'] }
    expect(problems({ ...uris, application_type: 'native' })).toEqual([])
    expect(problems(uris)).toEqual(['redirect_uris: must be https addresses (fapi2)'])
  })
})
