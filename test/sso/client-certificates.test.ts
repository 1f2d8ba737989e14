import { X509Certificate } from 'node:crypto'
import { type Certificate, certificate } from '../support/certificates.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { requestWith, tlsProxy } from '../support/tls-proxy.ts'
import { callback, clients, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

const headers = {
  CLIENT_CERTIFICATE_HEADER: 'X-Client-Cert',
  CLIENT_CERTIFICATE_VERIFIED_HEADER: 'X-Client-Verify',
}
const { client_secret: _, ...common } = clients.exam

let proxy: Awaited<ReturnType<typeof tlsProxy>>
let platform: SsoPlatform
let issuedCertificate: Certificate
const selfSignedCertificate = certificate({ subject: [['CN', 'self-made']] })
const otherCertificate = certificate({ subject: [['CN', 'stranger']] })

const jwkOf = ({ cert }: Certificate) => {
  const x509 = new X509Certificate(cert)
  const jwk = x509.publicKey.export({ format: 'jwk' })
  return { ...jwk, use: 'sig', x5c: [x509.raw.toString('base64')] }
}
const withCertificate = { ...common, tls_client_certificate_bound_access_tokens: true }
const certificateClients = [
  {
    ...withCertificate,
    client_id: 'issued',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=system 1,O=市人社局\\, 信息中心,C=CN',
  },
  {
    ...withCertificate,
    client_id: 'by-host',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'system-1.example.cn',
  },
  {
    ...withCertificate,
    client_id: 'bank',
    profile: 'fapi2',
    // Without ID numbers, for which FAPI clients need encryption.
    scope: 'openid profile',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'system-1.example.cn',
  },
  {
    ...withCertificate,
    client_id: 'self-made',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [jwkOf(selfSignedCertificate)] },
  },
  {
    ...withCertificate,
    client_id: 'receiver',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'system-1.example.cn',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: 'ssf.manage',
  },
]

beforeAll(async () => {
  proxy = await tlsProxy()
  issuedCertificate = certificate({
    subject: [
      ['C', 'CN'],
      ['O', '市人社局, 信息中心'],
      ['CN', 'system 1'],
    ],
    dns: ['system-1.example.cn'],
    issuer: proxy.authority,
  })
  platform = await ssoPlatform(undefined, 1, {
    ISSUER: proxy.url,
    TRUST_PROXY: '1',
    CLIENT_CERTIFICATE_ORIGIN: 'https://certificates.test',
    ...headers,
  })
  proxy.standBefore(platform.issuer)
  await platform.register()
  await platform.restartWith([...Object.values(clients), ...certificateClients])
})
afterAll(async () => {
  await platform.close()
  await proxy.close()
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** Exchanges a new code with this client certificate and returns the answer of the token endpoint. */
async function exchange(
  id: string,
  shown: Certificate | undefined,
  more: Record<string, string> = {},
) {
  const verifier = 'v'.repeat(43)
  const url = `${proxy.url}/auth?${new URLSearchParams({
    client_id: id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
  })}`
  const answer = await signIn(cookieBrowser(), url)
  const body = new URLSearchParams({
    client_id: id,
    grant_type: 'authorization_code',
    code: String(answer.searchParams.get('code')),
    redirect_uri: callback,
    code_verifier: verifier,
  })
  const init = { method: 'POST', headers: { ...form, ...more }, body: String(body) }
  return requestWith(shown, `${proxy.url}/token`, init)
}

async function challengeOf(verifier: string) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return Buffer.from(digest).toString('base64url')
}

const userinfo = (token: unknown, shown: Certificate | undefined) =>
  requestWith(shown, `${proxy.url}/me`, { headers: { authorization: `Bearer ${token}` } })

test.each([
  ['by its subject name', 'issued', () => issuedCertificate],
  ['by its DNS name', 'by-host', () => issuedCertificate],
  ['by its key', 'self-made', () => selfSignedCertificate],
])(
  'a client is authenticated by its certificate, %s, and its tokens are bound to that certificate',
  async (_, id, shown) => {
    const { status, body } = await exchange(id, shown())
    expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'Bearer' })
    expect((await userinfo(body['access_token'], shown())).status).toBe(200)
    expect((await userinfo(body['access_token'], undefined)).status).toBe(401)
    expect((await userinfo(body['access_token'], otherCertificate)).status).toBe(401)
  },
)

test.each([
  ['no certificate', 'issued', () => undefined],
  [
    'a self-signed certificate with the same names',
    'issued',
    () => sameNamesSelfSigned(issuedCertificate),
  ],
  [
    'a certificate of another client',
    'issued',
    () => certificate({ subject: [['CN', 'system 2']], issuer: proxy.authority }),
  ],
  [
    'a certificate for another host',
    'by-host',
    () =>
      certificate({
        subject: [['CN', 'system 1']],
        dns: ['system-2.example.cn'],
        issuer: proxy.authority,
      }),
  ],
  ['no certificate', 'self-made', () => undefined],
  ['a certificate with another key', 'self-made', () => otherCertificate],
  ['an issued certificate', 'self-made', () => issuedCertificate],
])('%s is refused for the client %s', async (_, id, shown) => {
  const { status, body } = await exchange(id, shown())
  expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
})

/** A certificate with the same names that no authority issued. */
const sameNamesSelfSigned = (_of: Certificate) =>
  certificate({
    subject: [
      ['C', 'CN'],
      ['O', '市人社局, 信息中心'],
      ['CN', 'system 1'],
    ],
  })

test('a fapi2 client can push, exchange and use tokens with its certificate alone', async () => {
  const verifier = 'v'.repeat(43)
  const push = (shown: Certificate | undefined) => {
    const body = new URLSearchParams({
      client_id: 'bank',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    return requestWith(shown, `${proxy.url}/request`, {
      method: 'POST',
      headers: form,
      body: String(body),
    })
  }
  const challenge = await challengeOf(verifier)
  expect((await push(undefined)).status).toBe(401)
  expect((await push(otherCertificate)).status).toBe(401)
  const pushed = await push(issuedCertificate)
  expect(pushed.status).toBe(201)
  const query = { client_id: 'bank', request_uri: String(pushed.body['request_uri']) }
  const url = `${proxy.url}/auth?${new URLSearchParams(query)}`
  const answer = await signIn(cookieBrowser(), url)
  const { status, body } = await requestWith(issuedCertificate, `${proxy.url}/token`, {
    method: 'POST',
    headers: form,
    body: String(
      new URLSearchParams({
        client_id: 'bank',
        grant_type: 'authorization_code',
        code: String(answer.searchParams.get('code')),
        redirect_uri: callback,
        code_verifier: verifier,
      }),
    ),
  })
  // The token is bound to the certificate, so that no DPoP proof is required (FAPI 2.0 Security Profile, 5.3.2.1).
  expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'Bearer' })
  expect((await userinfo(body['access_token'], issuedCertificate)).status).toBe(200)
  expect((await userinfo(body['access_token'], undefined)).status).toBe(401)
})

test('a receiver of events manages its stream with a bound token and its certificate only', async () => {
  const asked = { client_id: 'receiver', grant_type: 'client_credentials', scope: 'ssf.manage' }
  const { body } = await requestWith(issuedCertificate, `${proxy.url}/token`, {
    ...{ method: 'POST', headers: form, body: String(new URLSearchParams(asked)) },
  })
  const authorization = `Bearer ${body['access_token']}`
  const create = (shown: Certificate | undefined) =>
    requestWith(shown, `${proxy.url}/ssf/streams`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{}',
    })
  for (const shown of [undefined, otherCertificate, sameNamesSelfSigned(issuedCertificate)])
    expect((await create(shown)).status).toBe(401)
  expect((await create(issuedCertificate)).status).toBe(201)
})

test('the proxy replaces certificate headers that a client sends', async () => {
  const forged = {
    'x-client-cert': encodeURIComponent(issuedCertificate.cert),
    'x-client-verify': 'SUCCESS',
    'x-forwarded-for': '10.0.0.1',
  }
  expect((await exchange('issued', undefined, forged)).status).toBe(401)
})

/** Sends a request to the platform without the proxy. */
async function requestWithoutProxy(address: string, more: Record<string, string>) {
  const body = new URLSearchParams({
    client_id: 'issued',
    grant_type: 'refresh_token',
    refresh_token: 'x',
  })
  const response = await fetch(`${address}/token`, {
    method: 'POST',
    headers: { ...form, ...more },
    body,
  })
  const { error } = (await response.json()) as { error: string }
  return error
}
const certificateHeaders = () => ({
  'X-Client-Cert': encodeURIComponent(issuedCertificate.cert),
  'X-Client-Verify': 'SUCCESS',
})

test('certificate headers are ignored in a request that did not come through the proxy', async () => {
  expect(await requestWithoutProxy(platform.issuer, certificateHeaders())).toBe('invalid_client')
  const forwarded = { ...certificateHeaders(), 'X-Forwarded-For': '10.0.0.1' }
  expect(await requestWithoutProxy(platform.issuer, forwarded)).toBe('invalid_grant')
})

test.each([
  [
    'in base64',
    (cert: string) => new X509Certificate(cert).raw.toString('base64'),
    'invalid_grant',
  ],
  [
    'as in RFC 9440',
    (cert: string) => `:${new X509Certificate(cert).raw.toString('base64')}:`,
    'invalid_grant',
  ],
  ['that is truncated', (cert: string) => encodeURIComponent(cert.slice(0, 300)), 'invalid_client'],
  [
    'that appears twice',
    (cert: string) => `${encodeURIComponent(cert)}, ${encodeURIComponent(cert)}`,
    'invalid_client',
  ],
  ['that is malformed', () => '%%%', 'invalid_client'],
])('a certificate header %s is read or rejected as expected', async (_, encode, error) => {
  const more = {
    ...certificateHeaders(),
    'X-Client-Cert': encode(issuedCertificate.cert),
    'X-Forwarded-For': '10.0.0.1',
  }
  expect(await requestWithoutProxy(platform.issuer, more)).toBe(error)
})

test('discovery announces certificate authentication and its endpoint aliases', async () => {
  const { body } = await requestWith(undefined, `${proxy.url}/.well-known/openid-configuration`)
  expect(body['token_endpoint_auth_methods_supported']).toEqual(
    expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']),
  )
  expect(body['tls_client_certificate_bound_access_tokens']).toBe(true)
  const aliases = body['mtls_endpoint_aliases'] as Record<string, string>
  for (const [name, alias] of Object.entries(aliases))
    expect(alias).toBe(`https://certificates.test${new URL(String(body[name])).pathname}`)
  expect(Object.keys(aliases)).toContain('token_endpoint')
})

test('without the setting, such clients are refused and discovery does not announce them', async () => {
  const plain = await ssoPlatform(undefined, 1, { TRUST_PROXY: '1' })
  try {
    const { mongodb } = plain.stores
    expect(await mongodb.collection('clients').countDocuments()).toBeGreaterThan(0)
    await expect(
      plain.restartWith([...Object.values(clients), ...certificateClients]),
    ).rejects.toThrow(/client issued: token_endpoint_auth_method must be/)
    const answer = await fetch(`${plain.issuer}/.well-known/openid-configuration`)
    const metadata = await answer.json()
    expect(metadata.token_endpoint_auth_methods_supported.join()).not.toContain('tls')
    expect(metadata).not.toHaveProperty('tls_client_certificate_bound_access_tokens')
  } finally {
    await plain.close()
  }
})
