import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { terminal, terminalPath } from '../support/terminal.ts'
import { keyedClient } from './keyed-client.ts'
import {
  type ClientId,
  clients,
  relyingParty,
  relyingPartyWith,
  type SsoPlatform,
  secret,
  signIn,
  ssoPlatform,
} from './platform.ts'

const bound = await keyedClient('bound', 'ES256', {
  dpop_bound_access_tokens: true,
  grant_types: ['authorization_code', 'client_credentials'],
  scope: 'openid profile ssf.manage',
})
const machine = await terminal()

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.restartWith([...Object.values(clients), bound.metadata, machine.metadata])
  await platform.register()
})
afterAll(() => platform.close())

type Ask = ReturnType<typeof relyingPartyWith>['ask']
async function codeFlow(ask: Ask, params: Record<string, string> = {}) {
  const { url, tokens } = await ask(params)
  return { url, tokens, answer: await signIn(cookieBrowser(), url) }
}

/** A token that is bound to a new key of the client. */
async function boundToken(id: ClientId = 'exam', params: Record<string, string> = {}) {
  const { config, ask } = await relyingParty(platform.issuer, id)
  const keys = await oidc.randomDPoPKeyPair('ES256', { extractable: true })
  const DPoP = oidc.getDPoPHandle(config, keys)
  const { tokens, answer } = await codeFlow(ask, params)
  return { config, keys, DPoP, got: await tokens(answer, {}, { DPoP }) }
}

const now = () => Math.floor(Date.now() / 1000)

type Keys = { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }

/** A DPoP proof (RFC 9449, 4.2). */
async function dpopProof(keys: Keys, claims: object, header: object = {}): Promise<string> {
  return new SignJWT({ jti: randomUUID(), htm: 'GET', htu: `${platform.issuer}/me`, ...claims })
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'dpop+jwt',
      jwk: await exportJWK(keys.publicKey),
      ...header,
    })
    .setIssuedAt('iat' in claims ? Number(claims.iat) : now())
    .sign(keys.privateKey)
}

const athOf = (token: string) => createHash('sha256').update(token).digest('base64url')

const userinfo = (headers: Record<string, string>) => fetch(`${platform.issuer}/me`, { headers })

test('a token is bound to the key of its client and refused without it', async () => {
  const { config, keys, DPoP, got } = await boundToken()
  expect(got.token_type).toBe('dpop')
  const fetched = oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck, { DPoP })
  expect((await fetched).sub).toBeTruthy()
  const introspection = await oidc.tokenIntrospection(config, got.access_token)
  const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey))
  expect(introspection).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt } })
  const stolen = await userinfo({ authorization: `Bearer ${got.access_token}` })
  expect(stolen.status).toBe(401)
})

test('a proof is valid for one request, one URL, one token and a few minutes', async () => {
  const { keys, got } = await boundToken()
  const authorization = `DPoP ${got.access_token}`
  const ath = athOf(got.access_token)
  const good = await dpopProof(keys, { ath })
  const uses = await Promise.all(
    Array.from({ length: 5 }, () => userinfo({ authorization, dpop: good })),
  )
  expect(uses.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401])
  const thief = await generateKeyPair('ES256', { extractable: true })
  const bad = await Promise.all([
    dpopProof(thief, { ath }),
    dpopProof(keys, {}),
    dpopProof(keys, { ath: athOf('another token') }),
    dpopProof(keys, { ath, htm: 'POST' }),
    dpopProof(keys, { ath, htu: `${platform.issuer}/token` }),
    dpopProof(keys, { ath, iat: now() - 3600 }),
    dpopProof(keys, { ath, iat: now() + 3600 }),
    dpopProof(keys, { ath }, { typ: 'JWT' }),
    dpopProof(keys, { ath, nonce: 'made up' }),
  ])
  for (const dpop of [...bad, good.replace(/\.[^.]*$/, '.'), 'no proof'])
    expect((await userinfo({ authorization, dpop })).status).toBe(401)
})

test('a proof may be ahead of our clock by a few seconds only, at every endpoint and also with a nonce', async () => {
  const { keys, got } = await boundToken()
  const authorization = `DPoP ${got.access_token}`
  const ath = athOf(got.access_token)
  const useProof = async (claims: object) => {
    const response = await userinfo({
      authorization,
      dpop: await dpopProof(keys, { ath, ...claims }),
    })
    return { status: response.status, nonce: response.headers.get('dpop-nonce') }
  }
  const { status, nonce } = await useProof({ iat: now() + 10 })
  expect([status, nonce]).toEqual([200, expect.any(String)])
  const early = { iat: now() + 30 }
  for (const claims of [early, { ...early, nonce }, { nbf: now() + 30 }])
    expect((await useProof(claims)).status).toBe(401)

  const headers = {
    authorization: `Basic ${btoa(`exam:${secret}`)}`,
    dpop: await dpopProof(keys, { htm: 'POST', htu: `${platform.issuer}/token`, ...early }),
  }
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' })
  const response = await fetch(`${platform.issuer}/token`, { method: 'POST', headers, body })
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: 'invalid_dpop_proof' },
  ])
})

test('a proof can not be used for a second token request', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const keys = await generateKeyPair('ES256', { extractable: true })
  const dpop = await dpopProof(keys, { htm: 'POST', htu: `${platform.issuer}/token` })
  const exchange = async () => {
    const verifier = oidc.randomPKCECodeVerifier()
    const { answer } = await codeFlow(ask, {
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    })
    const response = await fetch(`${platform.issuer}/token`, {
      method: 'POST',
      headers: { dpop, authorization: `Basic ${btoa(`exam:${secret}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: String(answer.searchParams.get('code')),
        redirect_uri: 'https://rp.test/callback',
        code_verifier: verifier,
      }),
    })
    return response.status
  }
  expect([await exchange(), await exchange()]).toEqual([200, 400])
})

test('a client with dpop_bound_access_tokens receives no token without a proof', async () => {
  const { ask } = relyingPartyWith(await bound.config(platform.issuer))
  const { tokens, answer } = await codeFlow(ask)
  await expect(tokens(answer)).rejects.toMatchObject({ error: 'invalid_grant' })
})

test('a code requested with a DPoP key is exchanged only with that key', async () => {
  const config = await bound.config(platform.issuer)
  const [ownKeys, otherKeys] = await Promise.all([
    oidc.randomDPoPKeyPair('ES256'),
    oidc.randomDPoPKeyPair('ES256'),
  ])
  const DPoP = oidc.getDPoPHandle(config, ownKeys)
  const { ask } = relyingPartyWith(config, (params) =>
    oidc.buildAuthorizationUrlWithPAR(config, params, { DPoP }),
  )
  const stolen = await codeFlow(ask)
  const theft = stolen.tokens(stolen.answer, {}, { DPoP: oidc.getDPoPHandle(config, otherKeys) })
  await expect(theft).rejects.toMatchObject({ error: 'invalid_grant' })
  const { tokens, answer } = await codeFlow(ask)
  expect((await tokens(answer, {}, { DPoP })).token_type).toBe('dpop')
})

test('a refresh token of a public client is bound to the key as well', async () => {
  const more = { scope: 'openid offline_access', prompt: 'consent' }
  const { config, DPoP, got } = await boundToken('page', more)
  const refresh = String(got.refresh_token)
  const thief = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))
  const theft = oidc.refreshTokenGrant(config, refresh, {}, { DPoP: thief })
  await expect(theft).rejects.toMatchObject({ error: 'invalid_grant' })
  await expect(oidc.refreshTokenGrant(config, refresh)).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  const refreshed = await oidc.refreshTokenGrant(config, refresh, {}, { DPoP })
  expect(refreshed.token_type).toBe('dpop')
})

test('a client in a browser and a client with a wrong clock receive the nonce that their proof needs', async () => {
  const keys = await generateKeyPair('ES256', { extractable: true })
  const ask = async (body: Record<string, string>, claims: object = {}) => {
    const response = await fetch(`${platform.issuer}/token`, {
      method: 'POST',
      headers: {
        dpop: await dpopProof(keys, { htm: 'POST', htu: `${platform.issuer}/token`, ...claims }),
      },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none', ...body }),
    })
    const { error } = (await response.json()) as { error: string }
    return { error, nonce: response.headers.get('dpop-nonce') }
  }
  const page = { client_id: 'page' }
  const first = await ask(page)
  expect(first).toEqual({ error: 'use_dpop_nonce', nonce: expect.any(String) })
  expect((await ask(page, { nonce: first.nonce })).error).toBe('invalid_grant')
  const exam = { client_id: 'exam', client_secret: secret }
  const wrong = await ask(exam, { iat: now() - 3600 })
  expect(wrong).toEqual({ error: 'use_dpop_nonce', nonce: expect.any(String) })
  expect((await ask(exam, { iat: now() - 3600, nonce: wrong.nonce })).error).toBe('invalid_grant')
})

describe('with a token that is bound to its key', () => {
  let config: oidc.Configuration
  let keys: Keys
  let DPoP: oidc.DPoPHandle
  let token: string
  beforeAll(async () => {
    config = await bound.config(platform.issuer)
    keys = await oidc.randomDPoPKeyPair('ES256', { extractable: true })
    DPoP = oidc.getDPoPHandle(config, keys)
    const got = await oidc.clientCredentialsGrant(config, { scope: 'ssf.manage' }, { DPoP })
    token = got.access_token
  })

  const json = { 'content-type': 'application/json' }
  const refusal = ({ status, headers }: Response) =>
    [status, headers.get('www-authenticate')] as const

  test('a receiver creates its stream, polls it and changes it', async () => {
    const ask = async (method: string, address: string, body?: object) => {
      const sent = body && JSON.stringify(body)
      const url = new URL(address, platform.issuer)
      const headers = new Headers(body && json)
      const answer = await oidc.fetchProtectedResource(config, token, url, method, sent, headers, {
        DPoP,
      })
      const said = await answer.text()
      return { status: answer.status, body: said && JSON.parse(said) }
    }
    const { status, body } = await ask('POST', '/ssf/streams', {})
    const { stream_id, delivery } = body
    expect(status).toBe(201)
    const subject = { format: 'iss_sub', iss: platform.issuer, sub: 'nobody' }
    const query = `?stream_id=${stream_id}`
    const requests: [status: number, method: string, address: string, body?: object][] = [
      [200, 'GET', `/ssf/streams${query}`],
      [200, 'PATCH', '/ssf/streams', { stream_id, description: 'a' }],
      [200, 'PUT', '/ssf/streams', { stream_id }],
      [200, 'GET', `/ssf/status${query}`],
      [200, 'POST', '/ssf/status', { stream_id, status: 'enabled' }],
      [204, 'POST', '/ssf/subjects/remove', { stream_id, subject }],
      [200, 'POST', '/ssf/subjects/add', { stream_id, subject }],
      [204, 'POST', '/ssf/verification', { stream_id }],
      [200, 'POST', delivery.endpoint_url, { returnImmediately: true }],
      [204, 'DELETE', `/ssf/streams${query}`],
    ]
    for (const [expected, ...request] of requests)
      expect([request, (await ask(...request)).status]).toEqual([request, expected])
  })

  const useAt = (path: string, method: string, headers: Readonly<Record<string, string>>) =>
    fetch(platform.issuer + path, {
      method,
      headers: { ...json, ...headers },
      ...(method === 'POST' && { body: '{}' }),
    })

  test('a proof is accepted once, and only for this request, token and key', async () => {
    const address = `${platform.issuer}/ssf/streams`
    const own = { htm: 'GET', htu: address, ath: athOf(token) }
    const authorization = `DPoP ${token}`
    const use = (dpop: string) => useAt('/ssf/streams', 'GET', { authorization, dpop })
    const good = await dpopProof(keys, own)
    const uses = await Promise.all(Array.from({ length: 5 }, () => use(good)))
    expect(uses.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401])
    const thief = await oidc.randomDPoPKeyPair('ES256', { extractable: true })
    for (const dpop of await Promise.all([
      dpopProof(thief, own),
      dpopProof(keys, { ...own, ath: athOf('another token') }),
      dpopProof(keys, { ...own, htm: 'POST' }),
      dpopProof(keys, { ...own, htu: `${platform.issuer}/ssf/status` }),
      dpopProof(keys, { ...own, iat: now() - 3600 }),
      'no proof',
    ]))
      expect(refusal(await use(dpop))).toEqual([
        401,
        expect.stringContaining(
          `DPoP realm="${platform.issuer}", error="invalid_dpop_proof", algs=`,
        ),
      ])
  })

  test('as a bearer token it is refused at every interface of the platform, with its proof too', async () => {
    const dpop = await dpopProof(keys, { htm: 'POST', htu: `${platform.issuer}/token` })
    const terminalToken = await machine.token(platform.issuer, undefined, { dpop })
    for (const [path, method, presented] of [
      ['/ssf/streams', 'GET', token],
      ['/ssf/streams', 'POST', token],
      [terminalPath, 'POST', terminalToken],
    ] as const) {
      const proof = () =>
        dpopProof(keys, { htm: method, htu: platform.issuer + path, ath: athOf(presented) })
      const authorization = `Bearer ${presented}`
      for (const headers of [{ authorization }, { authorization, dpop: await proof() }])
        expect([path, ...refusal(await useAt(path, method, headers))]).toEqual([
          path,
          401,
          `Bearer realm="${platform.issuer}", error="invalid_token"`,
        ])
      const bound = { authorization: `DPoP ${presented}`, dpop: await proof() }
      expect([path, (await useAt(path, method, bound)).status]).not.toEqual([path, 401])
    }
  })
})
