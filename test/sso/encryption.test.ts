import {
  CompactEncrypt,
  compactDecrypt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'
import * as oidc from 'openid-client'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { contentEncryptions, encryptionAlgorithms } from '../../config/oidc.ts'
import { checkMetadata, problemLine } from '../../src/sso/clients/metadata/check-metadata.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { keyedClient } from './keyed-client.ts'
import {
  answerOf,
  callback,
  clients,
  relyingPartyWith,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

const { keys: limits } = policy()

/** A client with a signing key and an encryption key, whose answers are all encrypted. */
async function encryptingClient(id: string, alg: string, enc: string, more: object = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = `${alg}-enc`
  const client = await keyedClient(id, 'ES256', {
    scope: 'openid profile identity',
    grant_types: ['authorization_code'],
    userinfo_signed_response_alg: 'ES256',
    id_token_encrypted_response_alg: alg,
    id_token_encrypted_response_enc: enc,
    userinfo_encrypted_response_alg: alg,
    userinfo_encrypted_response_enc: enc,
    introspection_encrypted_response_alg: alg,
    introspection_encrypted_response_enc: enc,
    request_object_encryption_alg: alg,
    request_object_encryption_enc: enc,
    ...more,
  })
  const encryptionKey = { ...(await exportJWK(publicKey)), kid, alg, use: 'enc' }
  const jwks = { keys: [...client.metadata.jwks.keys, encryptionKey] }
  return {
    ...client,
    metadata: { ...client.metadata, jwks },
    alg,
    enc,
    kid,
    decryption: privateKey,
  }
}
type EncryptingClient = Awaited<ReturnType<typeof encryptingClient>>

const encrypting = await Promise.all(
  encryptionAlgorithms.map((alg, index) =>
    encryptingClient(`client-${index}`, alg, contentEncryptions[index % 2] ?? ''),
  ),
)
const fapi = await encryptingClient('fapi', 'ECDH-ES+A256KW', 'A256GCM', {
  profile: 'fapi2',
  userinfo_signed_response_alg: 'PS256',
})

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  const inFile = [...encrypting, fapi].map(({ metadata }) => metadata)
  await platform.restartWith([...Object.values(clients), ...inFile])
  await platform.register()
})
afterAll(() => platform.close())

async function configOf({ alg, enc, kid, decryption, ...client }: EncryptingClient) {
  const config = await client.config(platform.issuer, {
    // Makes openid-client ask for a JWT (RFC 9701, 4).
    introspection_signed_response_alg: 'RS256',
  })
  oidc.enableDecryptingResponses(config, [enc], { key: decryption, alg, kid })
  return config
}

async function platformKeys(): Promise<readonly JWK[]> {
  const response = await fetch(`${platform.issuer}/jwks`)
  return ((await response.json()) as { readonly keys: readonly JWK[] }).keys
}

test.each(encrypting)(
  'ID token, userinfo and introspection answers are encrypted by $alg and $enc',
  async (client) => {
    const config = await configOf(client)
    const { ask } = relyingPartyWith(config)
    const claims = JSON.stringify({ id_token: { id_number: null } })
    const { url, tokens } = await ask({ scope: 'openid identity', claims })
    const got = await tokens(await signIn(cookieBrowser(), url))
    expect(decodeProtectedHeader(String(got.id_token))).toMatchObject({
      alg: client.alg,
      enc: client.enc,
      kid: client.kid,
      cty: 'JWT',
    })
    expect(got.claims()?.['id_number']).toBe('11010519491231002X')

    const userinfo = await fetch(`${platform.issuer}/me`, {
      headers: { authorization: `Bearer ${got.access_token}` },
    })
    expect(userinfo.headers.get('content-type')).toContain('application/jwt')
    const { plaintext } = await compactDecrypt(await userinfo.text(), client.decryption)
    expect(decodeProtectedHeader(Buffer.from(plaintext).toString()).alg).toBe('ES256')
    const sub = String(got.claims()?.sub)
    expect(await oidc.fetchUserInfo(config, got.access_token, sub)).toMatchObject({
      id_number: '11010519491231002X',
    })
    const introspected = await oidc.tokenIntrospection(config, got.access_token)
    expect(introspected).toMatchObject({ active: true, sub })
  },
)

/** A signed request object, encrypted to a key of the platform. */
async function encryptedRequest(client: EncryptingClient, alg: string, enc: string, key?: JWK) {
  const seconds = Math.floor(Date.now() / 1000)
  const signed = await client.signed({
    ...{ iss: client.id, aud: platform.issuer, client_id: client.id, response_type: 'code' },
    ...{ redirect_uri: callback, scope: 'openid', state: 'inside', nonce: 'a-nonce' },
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...{ iat: seconds, nbf: seconds, exp: seconds + 60 },
  })
  const ours = key ?? (await platformKeys()).find((each) => each.alg === alg)
  const imported = await importJWK(ours ?? {}, alg)
  const jwe = await new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({ alg, enc, cty: 'JWT', ...(ours?.kid && { kid: ours.kid }) })
    .encrypt(imported)
  return `${platform.issuer}/auth?${new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    request: jwe,
  })}`
}

test.each(encrypting)('a request object may be encrypted by $alg and $enc', async (client) => {
  const url = await encryptedRequest(client, client.alg, client.enc)
  const answer = await signIn(cookieBrowser(), url)
  expect(answer.searchParams.get('state')).toBe('inside')
  expect(answer.searchParams.get('code')).toBeTruthy()
})

test.each([
  ['RSA-OAEP', 'A256GCM', 'RSA-OAEP-256'],
  ['RSA-OAEP-256', 'A128CBC-HS256', 'RSA-OAEP-256'],
])('a request object encrypted by %s and %s is refused', async (alg, enc, keyOf) => {
  const [client] = encrypting
  if (!client) throw new Error('no client')
  const { alg: _, ...key } = (await platformKeys()).find((each) => each.alg === keyOf) ?? {}
  const page = await cookieBrowser().visit(await encryptedRequest(client, alg, enc, key), callback)
  expect(answerOf(page).searchParams.get('error')).toBe('invalid_request_object')
})

test('the keys that request objects are encrypted to carry use, alg and kid, and no private part', async () => {
  const keys = (await platformKeys()).filter(({ use }) => use === 'enc')
  expect(keys.map(({ alg }) => alg).toSorted()).toEqual(encryptionAlgorithms.toSorted())
  for (const key of keys) {
    expect(key.kid).toMatch(/^[\w-]{43}$/)
    for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(part)
  }
})

test('discovery names the algorithms, and none of a shared secret', async () => {
  const response = await fetch(`${platform.issuer}/.well-known/openid-configuration`)
  const metadata = (await response.json()) as Record<string, readonly string[]>
  for (const what of ['id_token', 'userinfo', 'introspection', 'request_object', 'authorization']) {
    const algs = metadata[`${what}_encryption_alg_values_supported`] ?? []
    expect([what, algs.toSorted()]).toEqual([what, encryptionAlgorithms.toSorted()])
    const encs = metadata[`${what}_encryption_enc_values_supported`]
    expect([what, encs]).toEqual([what, [...contentEncryptions]])
  }
})

test('with FAPI 2.0 a client gets its ID number in an encrypted ID token', async () => {
  const config = await configOf(fapi)
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))
  const { ask } = relyingPartyWith(config, (params) =>
    oidc.buildAuthorizationUrlWithPAR(config, params, { DPoP }),
  )
  const claims = JSON.stringify({ id_token: { id_number: null } })
  const { url, tokens } = await ask({ scope: 'openid identity', claims })
  const got = await tokens(await signIn(cookieBrowser(), url), {}, { DPoP })
  expect(decodeProtectedHeader(String(got.id_token)).alg).toBe(fapi.alg)
  expect(got.claims()?.['id_number']).toBe('11010519491231002X')
})

describe('client metadata', () => {
  const problemsOf = (changes: object) => {
    const checked = checkMetadata({ ...fapi.metadata, ...changes })
    return 'problems' in checked ? checked.problems.map(problemLine) : []
  }

  test('of FAPI 2.0 with ID numbers lack no encryption', () => {
    expect(problemsOf({})).toEqual([])
    for (const what of ['id_token', 'userinfo', 'introspection']) {
      const [alg, enc] = [`${what}_encrypted_response_alg`, `${what}_encrypted_response_enc`]
      const without = { [alg]: undefined, [enc]: undefined }
      const problem = `${alg}: is missing (fapi2 with ID numbers needs it)`
      expect(problemsOf(without)).toEqual([problem])
      expect(problemsOf({ ...without, scope: 'openid verified_identity' })).toEqual([problem])
      expect(problemsOf({ ...without, scope: 'openid profile' })).toEqual([])
      const verified = { scope: 'openid verified_identity', verified_claims: ['over_18'] }
      expect(problemsOf({ ...without, ...verified })).toEqual([])
      expect(problemsOf({ ...without, profile: undefined })).toEqual([])
    }
  })

  test('name the content encryption and a key for the algorithm', () => {
    expect(problemsOf({ id_token_encrypted_response_enc: undefined })).toEqual([
      'id_token_encrypted_response_enc: is missing (id_token_encrypted_response_alg needs it), must be one of A128GCM, A256GCM',
    ])
    expect(problemsOf({ id_token_encrypted_response_alg: 'RSA-OAEP-256' })).toEqual([
      'jwks: has no key that id_token_encrypted_response_alg can encrypt to (or use jwks_uri)',
    ])
    expect(problemsOf({ id_token_encrypted_response_alg: 'dir' })[0]).toMatch(
      /^id_token_encrypted_response_alg: must be one of RSA-OAEP-256, /,
    )
  })
})

test('a replaced key still decrypts for a day, and no longer', async () => {
  const [client] = encrypting
  if (!client) throw new Error('no client')
  const old = (await platformKeys()).find(({ alg }) => alg === client.alg)
  const isPublished = async () => (await platformKeys()).some(({ kid }) => kid === old?.kid)
  platform.turn(limits.rotateEvery - limits.publishAhead)
  await platform.restart()
  platform.turn(limits.publishAhead)
  expect(await isPublished()).toBe(true)
  const url = await encryptedRequest(client, client.alg, client.enc, old)
  const accepted = await cookieBrowser().visit(url, callback)
  expect(accepted.path.at(-1)?.pathname).toMatch(/^\/interaction\//)
  platform.turn(limits.keep)
  expect(await isPublished()).toBe(false)
  const late = await encryptedRequest(client, client.alg, client.enc, old)
  const page = await cookieBrowser().visit(late, callback)
  expect(answerOf(page).searchParams.get('error')).toBe('invalid_request_object')
})
