import { createRemoteJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose'
import { type Policy, policy } from '../../config/limits-and-lifetimes.ts'
import { keyAlgorithms, signingAlgorithms } from '../../config/oidc.ts'
import { rotateKey } from '../../src/sso/keys/key-rotation.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { rawRequest } from '../support/raw-request.ts'
import { clients, relyingParty, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

const { keys: limits } = policy()
const algorithms = keyAlgorithms.length
const look = 0.02
const frequentLook = (usual: Policy) =>
  ({ ...usual, keys: { ...usual.keys, look } }) as unknown as Policy

let platform: SsoPlatform
beforeEach(async () => {
  platform = await ssoPlatform(frequentLook, 2)
  await platform.register()
})
afterEach(() => platform.close())

test('ID tokens are signed with the algorithm of the client, by default with RS256', async () => {
  for (const alg of [undefined, ...signingAlgorithms]) {
    if (alg) await platform.restartWith([{ ...clients.exam, id_token_signed_response_alg: alg }])
    const verified = await strictRelyingParty(limits.cache)(await idToken())
    expect(verified.protectedHeader.alg).toBe(alg ?? 'RS256')
  }
})

test('a scheduled rotation publishes a key, signs with it and removes the old one in every process without a restart', async () => {
  const before = await publishedKids()
  expect(before).toHaveLength(algorithms)
  const old = await idToken()

  platform.turn(limits.rotateEvery - limits.publishAhead)
  const both = await published((found) => found.length === 2 * algorithms)
  expect(both).toEqual(expect.arrayContaining(before))
  expect(await platform.signingKeys.all()).toHaveLength(2 * algorithms)
  for (const _ of [1, 2]) expect(kidOf(await idToken())).toBe(kidOf(old))

  platform.turn(limits.publishAhead)
  const signing = [await idToken(), await idToken()].map(kidOf)
  expect(before).not.toContain(signing[0])
  expect(both).toContain(signing[0])
  expect(signing[1]).toBe(signing[0])
  expect(await publishedKids()).toEqual(expect.arrayContaining(before))
  // The platform still accepts tokens that the old key signed.
  for (const _ of [1, 2]) expect(await signOut(old)).toBe(200)

  platform.turn(limits.keep)
  const after = await published((found) => found.length === algorithms)
  for (const kid of before) expect(after).not.toContain(kid)
  for (const _ of [1, 2]) expect(await signOut(old)).toBe(400)
  await until(async () => (await platform.signingKeys.all()).length === algorithms)
})

test('discovery and keys may be cached by anybody, for less time than keys are published in advance, with ETags', async () => {
  for (const path of ['/.well-known/openid-configuration', '/jwks']) {
    const response = await fetch(`${platform.issuer}${path}`, {
      headers: { origin: 'https://anywhere.test' },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe(`public, max-age=${limits.cache}`)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(response.headers.get('vary')).toContain('Origin')
    const etag = response.headers.get('etag') ?? ''
    // `fetch` would add `Cache-Control: no-cache`.
    const known = (etag: string) =>
      rawRequest(platform.issuer, path, { headers: { 'If-None-Match': etag } })
    const unchanged = await known(etag)
    expect([unchanged.status, unchanged.text]).toEqual([304, ''])
    expect(unchanged.headers['cache-control']).toBe(`public, max-age=${limits.cache}`)
    expect(await known('"other"')).toMatchObject({ status: 200, text: await response.text() })
    const head = await fetch(`${platform.issuer}${path}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag])
  }
})

test('an answer from memory is the one that the app makes, with an id of its own', async () => {
  for (const path of ['/.well-known/openid-configuration', '/jwks']) {
    const [first, made, again] = [
      await read(path),
      await read(`${path}?made=now`),
      await read(path),
    ]
    expect(again).toEqual({ ...made, id: again?.id })
    expect(first).toEqual({ ...again, id: first?.id })
    expect(new Set([first?.id, made?.id, again?.id]).size).toBe(3)
  }
})

async function read(path: string) {
  const { headers, status, text } = await rawRequest(platform.issuer, path)
  const { date, 'x-request-id': id, ...others } = headers
  return { status, text, id, others }
}

test('relying parties with cached keys refuse a key that signs at once, until they fetch the keys again', async () => {
  const verify = strictRelyingParty(limits.cache)
  await verify(await idToken())
  const outcome = await rotateKey(platform.signingKeys, 'RS256', platform.clock(), limits, true)
  expect(outcome).toBe('rotated')
  await published((found) => found.length === algorithms + 1)
  const token = await idToken()
  await expect(verify(token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
  await strictRelyingParty(limits.cache)(token)
})

const jwksUri = () => new URL(`${platform.issuer}/jwks`)
const kidOf = (token: string) => String(decodeProtectedHeader(token).kid)

async function publishedKids(): Promise<string[]> {
  const response = await fetch(jwksUri())
  const { keys } = (await response.json()) as { keys: JWK[] }
  return keys.map(({ kid }) => String(kid))
}

/** Waits until the keys that every process publishes satisfy the condition, and returns them. */
async function published(isExpected: (found: readonly string[]) => boolean): Promise<string[]> {
  let found: string[] = []
  await until(async () => {
    found = await publishedKids()
    return isExpected(found) && found.join() === (await publishedKids()).join()
  })
  return found
}

async function until(isTrue: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isTrue())) await new Promise((later) => setTimeout(later, look * 1000))
}

async function idToken(): Promise<string> {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask()
  return String((await tokens(await signIn(cookieBrowser(), url))).id_token)
}

async function signOut(hint: string): Promise<number> {
  const address = `${platform.issuer}/session/end?id_token_hint=${hint}`
  return (await cookieBrowser().visit(address)).response.status
}

/** A relying party that fetches the keys only when its cached copy has expired, and not for an unknown `kid`. */
function strictRelyingParty(cache: number) {
  const keys = createRemoteJWKSet(jwksUri(), {
    cacheMaxAge: cache * 1000,
    cooldownDuration: Number.POSITIVE_INFINITY,
  })
  return (token: string) =>
    jwtVerify(token, keys, { issuer: platform.issuer, currentDate: new Date(Date.now()) })
}
