import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { testPlatform } from '../support/platform.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] }
const terminal = {
  client_id: 'terminal-1',
  grant_types: ['client_credentials'],
  scope: 'terminal:phone-change',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks,
}
const backend = {
  client_id: 'archive',
  client_secret: 'a-secret-of-the-tests-and-of-nothing-else',
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
}

let platform: Awaited<ReturnType<typeof testPlatform>>
beforeAll(async () => {
  platform = await testPlatform({ clients: [terminal, backend] })
})
afterAll(() => platform.close())

const ask = async (params: Readonly<Record<string, string>>) => {
  const response = await fetch(`${platform.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...params }),
  })
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) }
}

/** Parameters of a client that authenticates by a signed assertion (RFC 7523, 2.2). */
const clientAssertion = async (key = privateKey) => ({
  client_id: terminal.client_id,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(terminal.client_id)
    .setSubject(terminal.client_id)
    .setAudience(platform.issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key),
})

test('a terminal that authenticates by its key receives a token for the scopes of its metadata', async () => {
  expect(await ask({ ...(await clientAssertion()), scope: 'terminal:phone-change' })).toMatchObject(
    {
      status: 200,
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'terminal:phone-change',
    },
  )
})

test('other scopes, other keys and other clients are refused', async () => {
  expect(await ask({ ...(await clientAssertion()), scope: 'profile' })).toMatchObject({
    status: 400,
    error: 'invalid_scope',
  })
  const { privateKey: another } = await generateKeyPair('ES256')
  expect(await ask(await clientAssertion(another))).toMatchObject({
    status: 401,
    error: 'invalid_client',
  })
  const { client_id, client_secret } = backend
  expect(await ask({ client_id, client_secret, scope: 'terminal:phone-change' })).toMatchObject({
    status: 400,
    error: 'invalid_scope',
  })
})

test('the authorization endpoint refuses a client without redirect URIs', async () => {
  const request = new URLSearchParams({
    client_id: terminal.client_id,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'https://terminal.test/callback',
  })
  const response = await fetch(`${platform.issuer}/auth?${request}`, { redirect: 'manual' })
  expect(response.status).toBe(400)
})
