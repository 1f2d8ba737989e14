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
let issued: Certificate
const selfMade = certificate({ subject: [['CN', 'self-made']] })
const stranger = certificate({ subject: [['CN', 'stranger']] })

const jwkOf = ({ cert }: Certificate) => {
  const x509 = new X509Certificate(cert)
  const jwk = x509.publicKey.export({ format: 'jwk' })
  return { ...jwk, use: 'sig', x5c: [x509.raw.toString('base64')] }
}
const withCertificate = { ...common, tls_client_certificate_bound_access_tokens: true }
const known = [
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
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'system-1.example.cn',
  },
  {
    ...withCertificate,
    client_id: 'self-made',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [jwkOf(selfMade)] },
  },
]

beforeAll(async () => {
  proxy = await tlsProxy()
  issued = certificate({
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
  await platform.restartWith([...Object.values(clients), ...known])
})
afterAll(async () => {
  await platform.close()
  await proxy.close()
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** The token endpoint's answer to who has a code and shows this certificate. */
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
  ['by its name', 'issued', () => issued],
  ['by its host', 'by-host', () => issued],
  ['by its key', 'self-made', () => selfMade],
])(
  'a system is recognised by its certificate, %s, and its tokens are good with that alone',
  async (_, id, shown) => {
    const { status, body } = await exchange(id, shown())
    expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'Bearer' })
    expect((await userinfo(body['access_token'], shown())).status).toBe(200)
    expect((await userinfo(body['access_token'], undefined)).status).toBe(401)
    expect((await userinfo(body['access_token'], stranger)).status).toBe(401)
  },
)

test.each([
  ['none', 'issued', () => undefined],
  ['one that nobody issued', 'issued', () => selfSigned(issued)],
  [
    'one of another system',
    'issued',
    () => certificate({ subject: [['CN', 'system 2']], issuer: proxy.authority }),
  ],
  [
    'one of another host',
    'by-host',
    () =>
      certificate({
        subject: [['CN', 'system 1']],
        dns: ['system-2.example.cn'],
        issuer: proxy.authority,
      }),
  ],
  ['none', 'self-made', () => undefined],
  ['another key', 'self-made', () => stranger],
  ['one that was issued', 'self-made', () => issued],
])('%s is refused', async (_, id, shown) => {
  const { status, body } = await exchange(id, shown())
  expect({ status, error: body['error'] }).toEqual({ status: 401, error: 'invalid_client' })
})

/** The same names, by nobody's word. */
const selfSigned = (_of: Certificate) =>
  certificate({
    subject: [
      ['C', 'CN'],
      ['O', '市人社局, 信息中心'],
      ['CN', 'system 1'],
    ],
  })

test('a fapi2 client may do it all by its certificate: push, exchange and use', async () => {
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
  expect((await push(stranger)).status).toBe(401)
  const pushed = await push(issued)
  expect(pushed.status).toBe(201)
  const query = { client_id: 'bank', request_uri: String(pushed.body['request_uri']) }
  const url = `${proxy.url}/auth?${new URLSearchParams(query)}`
  const answer = await signIn(cookieBrowser(), url)
  const { status, body } = await requestWith(issued, `${proxy.url}/token`, {
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
  // Bound by the certificate, so that no proof of possession is asked for beside it.
  expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'Bearer' })
  expect((await userinfo(body['access_token'], issued)).status).toBe(200)
  expect((await userinfo(body['access_token'], undefined)).status).toBe(401)
})

test('headers that came from outside are the proxy’s to replace', async () => {
  const forged = {
    'x-client-cert': encodeURIComponent(issued.cert),
    'x-client-verify': 'SUCCESS',
    'x-forwarded-for': '10.0.0.1',
  }
  expect((await exchange('issued', undefined, forged)).status).toBe(401)
})

/** Past the proxy, straight at the platform. */
async function directly(address: string, more: Record<string, string>) {
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
  'X-Client-Cert': encodeURIComponent(issued.cert),
  'X-Client-Verify': 'SUCCESS',
})

test('a request that came by no proxy has no certificate, whatever it says', async () => {
  expect(await directly(platform.issuer, certificateHeaders())).toBe('invalid_client')
  const forwarded = { ...certificateHeaders(), 'X-Forwarded-For': '10.0.0.1' }
  expect(await directly(platform.issuer, forwarded)).toBe('invalid_grant')
})

test.each([
  [
    'in base64',
    (cert: string) => new X509Certificate(cert).raw.toString('base64'),
    'invalid_grant',
  ],
  [
    'as RFC 9440 writes it',
    (cert: string) => `:${new X509Certificate(cert).raw.toString('base64')}:`,
    'invalid_grant',
  ],
  ['cut short', (cert: string) => encodeURIComponent(cert.slice(0, 300)), 'invalid_client'],
  [
    'twice',
    (cert: string) => `${encodeURIComponent(cert)}, ${encodeURIComponent(cert)}`,
    'invalid_client',
  ],
  ['as nonsense', () => '%%%', 'invalid_client'],
])('a certificate %s', async (_, written, error) => {
  const more = {
    ...certificateHeaders(),
    'X-Client-Cert': written(issued.cert),
    'X-Forwarded-For': '10.0.0.1',
  }
  expect(await directly(platform.issuer, more)).toBe(error)
})

test('discovery says so, and where to turn to', async () => {
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

test('without the setting the headers mean nothing, and nobody can be such a client', async () => {
  const plain = await ssoPlatform(undefined, 1, { TRUST_PROXY: '1' })
  try {
    const { mongodb } = plain.stores
    expect(await mongodb.collection('clients').countDocuments()).toBeGreaterThan(0)
    await expect(plain.restartWith([...Object.values(clients), ...known])).rejects.toThrow(
      /client issued: token_endpoint_auth_method must be/,
    )
    const answer = await fetch(`${plain.issuer}/.well-known/openid-configuration`)
    const metadata = await answer.json()
    expect(metadata.token_endpoint_auth_methods_supported.join()).not.toContain('tls')
    expect(metadata).not.toHaveProperty('tls_client_certificate_bound_access_tokens')
  } finally {
    await plain.close()
  }
})
