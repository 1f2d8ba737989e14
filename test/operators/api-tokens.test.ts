import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { adminApi } from '../support/admin-api.ts'
import { certificate } from '../support/certificates.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

const origin = 'https://admin.test'
const path = '/api/admin/v1/accounts/search'
const body = { by: 'username', value: 'nobody.of.this.name', reason: '核对' }

let platform: TestPlatform
let api: Awaited<ReturnType<typeof adminApi>>
beforeAll(async () => {
  platform = await testPlatform({
    env: {
      ...{ ADMIN_ORIGIN: origin, TRUST_PROXY: '1', LIMITS_SCALE: '1000' },
      CLIENT_CERTIFICATE_HEADER: 'X-Client-Cert',
    },
  })
  api = await adminApi(platform)
})
afterAll(() => platform.close())

const newClient = (more: object = {}) =>
  api.newClient(['admin:accounts:read'], { resources: [origin, 'https://other.test/'], ...more })

async function ask(headers: Readonly<Record<string, string>>) {
  const response = await fetch(platform.adminUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7', ...headers },
    body: JSON.stringify(body),
  })
  const { type } = (await response.json()) as { type?: string }
  return { status: response.status, type, challenge: response.headers.get('www-authenticate') }
}

type Keys = { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')
const now = () => Math.floor(Date.now() / 1000)

/** A DPoP proof (RFC 9449, 4.2) for the look-up. */
async function proofOf(token: string, { privateKey, publicKey }: Keys, claims: object = {}) {
  const usual = {
    jti: randomUUID(),
    htm: 'POST',
    htu: origin + path,
    ath: sha256(token),
    iat: now(),
  }
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
    .sign(privateKey)
}

/** A token that is bound to a key, with the key. */
async function boundToken() {
  const { config, id } = await newClient()
  const keys = await generateKeyPair('ES256', { extractable: true })
  const DPoP = oidc.getDPoPHandle(config, keys)
  const asked = { resource: origin, scope: 'admin:accounts:read' }
  const { access_token: token } = await oidc.clientCredentialsGrant(config, asked, { DPoP })
  return { config, id, keys, token }
}

test('a token that is bound to a key is accepted with a proof, and each proof once', async () => {
  const { keys, token } = await boundToken()
  const authorization = `DPoP ${token}`
  const dpop = await proofOf(token, keys)
  const uses = await Promise.all(Array.from({ length: 5 }, () => ask({ authorization, dpop })))
  expect(uses.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401])
  const thief = await generateKeyPair('ES256', { extractable: true })
  const bad = await Promise.all([
    proofOf(token, thief),
    ...[
      { ath: sha256('another token') },
      { ath: undefined },
      { htm: 'GET' },
      { htu: platform.adminUrl + path },
      { htu: `${origin}/api/admin/v1/stats` },
      { iat: now() - 3600 },
      { iat: now() + 60 },
      { jti: '' },
    ].map((claims) => proofOf(token, keys, claims)),
  ])
  for (const refused of [...bad, dpop.replace(/\.[^.]*$/, '.'), 'none', '']) {
    const { status, type, challenge } = await ask({ authorization, dpop: refused })
    expect([status, type]).toEqual([401, 'urn:uup:problem:invalid-token'])
    expect(challenge).toContain(`DPoP realm="${origin}", error="invalid_dpop_proof", algs="PS256 `)
  }
  const asBearer = await ask({ authorization: `Bearer ${token}`, dpop: await proofOf(token, keys) })
  expect([asBearer.status, asBearer.challenge]).toEqual([
    401,
    `Bearer realm="${origin}", error="invalid_token"`,
  ])
})

test('a token that is bound to a certificate is accepted with that certificate only', async () => {
  const [own, other] = ['own', 'other'].map((name) => certificate({ subject: [['CN', name]] }))
  if (!own || !other) throw new Error('no certificates')
  const x509 = new X509Certificate(own.cert)
  const jwk = {
    ...x509.publicKey.export({ format: 'jwk' }),
    use: 'sig',
    x5c: [x509.raw.toString('base64')],
  }
  const { id } = await newClient({
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    tls_client_certificate_bound_access_tokens: true,
    jwks: { keys: [jwk] },
  })
  const headerOf = ({ cert }: { readonly cert: string }) => ({
    'x-client-cert': encodeURIComponent(cert),
    'x-forwarded-for': '192.0.2.7',
  })
  const response = await fetch(`${platform.issuer}/token`, {
    method: 'POST',
    headers: headerOf(own),
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: id, resource: origin },
      scope: 'admin:accounts:read',
    }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  const authorization = `Bearer ${token}`
  expect((await ask({ authorization, ...headerOf(own) })).status).toBe(200)
  for (const headers of [headerOf(other), {}, { ...headerOf(own), 'x-forwarded-for': '' }])
    expect((await ask({ authorization, ...headers })).status).toBe(401)
})

test('at an https origin no token is accepted that is not bound', async () => {
  const { token } = await newClient()
  const unbound = await token({ resource: origin }, false)
  expect((await ask({ authorization: `Bearer ${unbound}` })).status).toBe(401)
})

test('a token without the audience, of a client without a key, or for a resource that the metadata lack does not exist', async () => {
  const { token, config } = await newClient()
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))
  await expect(token({ resource: `${origin}/` })).rejects.toMatchObject({ error: 'invalid_target' })
  const stranger = await api.newClient(['admin:accounts:read'], { resources: [] })
  await expect(stranger.token({ resource: origin })).rejects.toMatchObject({
    error: 'invalid_target',
  })
  const keys = await generateKeyPair('ES256', { extractable: true })
  const handle = oidc.getDPoPHandle(config, keys)
  for (const params of [{}, { resource: 'https://other.test/' }]) {
    const asked = { scope: 'admin:accounts:read', ...params }
    const got = await oidc.clientCredentialsGrant(config, asked, { DPoP: handle })
    const dpop = await proofOf(got.access_token, keys)
    expect((await ask({ authorization: `DPoP ${got.access_token}`, dpop })).status).toBe(401)
  }
  const other = { resource: origin, scope: 'admin:keys' }
  const more = oidc.clientCredentialsGrant(config, other, { DPoP })
  await expect(more).rejects.toMatchObject({ error: 'invalid_scope' })
})

test('a token ends at once when it is revoked, and when its client is disabled', async () => {
  const { config, keys, token } = await boundToken()
  const status = async (at: string) =>
    (await ask({ authorization: `DPoP ${at}`, dpop: await proofOf(at, keys) })).status
  expect(await status(token)).toBe(200)
  await oidc.tokenRevocation(config, token)
  expect(await status(token)).toBe(401)

  const next = await boundToken()
  const again = async () =>
    (
      await ask({
        authorization: `DPoP ${next.token}`,
        dpop: await proofOf(next.token, next.keys),
      })
    ).status
  expect(await again()).toBe(200)
  await api.clients.setDisabled(next.id, true)
  expect(await again()).toBe(401)
})

test('without a token, and with what is none, the challenge names both schemes or the one that was used', async () => {
  const none = await ask({})
  expect([none.status, none.challenge]).toEqual([
    401,
    expect.stringMatching(`^Bearer realm="${origin}", DPoP realm="${origin}", algs=`),
  ])
  for (const authorization of ['Bearer none', `Basic ${btoa('some.name:x')}`, 'DPoP a.b.c'])
    expect((await ask({ authorization })).status).toBe(401)
})
