import { exportJWK, exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { keyedClient } from './keyed-client.ts'
import {
  callback,
  clients,
  relyingParty,
  relyingPartyWith,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

const signer = await keyedClient('signer', 'ES256')
const strict = await keyedClient('strict', 'PS256', {
  require_signed_request_object: true,
  request_object_signing_alg: 'PS256',
  authorization_signed_response_alg: 'PS256',
})
const pushing = await keyedClient('pushing', 'ES256', {
  require_pushed_authorization_requests: true,
})

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  const keyed = [signer, strict, pushing].map(({ metadata }) => metadata)
  await platform.restartWith([...Object.values(clients), ...keyed])
  await platform.register()
})
afterAll(() => platform.close())

const now = () => Math.floor(Date.now() / 1000)

/** The claims of a valid request object of the client (RFC 9101, 4). */
const requestObjectClaims = (id: string) => ({
  iss: id,
  aud: platform.issuer,
  client_id: id,
  response_type: 'code',
  redirect_uri: callback,
  scope: 'openid',
  state: 'a-state',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  iat: now(),
  exp: now() + 60,
})

/** The page after a request with this request object, and the response to the relying party. */
async function answerTo(id: string, request: string) {
  const query = new URLSearchParams({
    client_id: id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    request,
  })
  const page = await cookieBrowser().visit(`${platform.issuer}/auth?${query}`, callback)
  return { page, response: Object.fromEntries(page.path.at(-1)?.searchParams ?? []) }
}

describe('a signed request object (RFC 9101)', () => {
  test('takes precedence over parameters outside it', async () => {
    const config = await signer.config(platform.issuer)
    const { ask } = relyingPartyWith(config, async (params) => {
      const url = await oidc.buildAuthorizationUrlWithJAR(config, params, {
        key: signer.privateKey,
        kid: signer.kid,
      })
      url.searchParams.set('scope', 'openid profile')
      return url
    })
    const { url, tokens } = await ask()
    const got = await tokens(await signIn(cookieBrowser(), url))
    expect(got.scope).toBe('openid')
    expect(got.claims()?.aud).toBe(signer.id)
  })

  test.each([
    ['expired', () => ({ iat: now() - 120, exp: now() - 60 })],
    ['not valid yet', () => ({ nbf: now() + 60 })],
    ['issued in the future', () => ({ iat: now() + 60, exp: now() + 120 })],
    ['for another issuer', () => ({ aud: 'https://other.test' })],
    ['issued by another client', () => ({ iss: 'exam' })],
    ['for another client_id', () => ({ client_id: 'exam' })],
    ['pointing to another one', () => ({ request_uri: 'https://rp.test/r' })],
  ])('is refused when it is %s', async (_, different) => {
    const request = await signer.signed({ ...requestObjectClaims(signer.id), ...different() })
    expect((await answerTo(signer.id, request)).response).toMatchObject({
      error: 'invalid_request_object',
      iss: platform.issuer,
    })
  })

  test('is refused when it is unsigned, signed by another key, or signed with the public key as a shared secret', async () => {
    const claims = requestObjectClaims(signer.id)
    const unsigned = new UnsecuredJWT(claims).encode()
    const another = await keyedClient('signer', 'ES256')
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(await exportSPKI(signer.publicKey)))
    for (const request of [unsigned, await another.signed(claims), confused])
      expect((await answerTo(signer.id, request)).response['error']).toBe('invalid_request_object')
  })

  test('is refused with another algorithm than that of the metadata', async () => {
    const claims = requestObjectClaims(strict.id)
    const key = await importJWK(await exportJWK(strict.privateKey), 'RS256')
    const request = await strict.signed(claims, { alg: 'RS256' }, key)
    expect((await answerTo(strict.id, request)).response['error']).toBe('invalid_request_object')
  })

  test('is required from a client whose metadata says so', async () => {
    const { ask } = relyingPartyWith(await strict.config(platform.issuer))
    const { url } = await ask()
    const { path } = await cookieBrowser().visit(url, callback)
    expect(path.at(-1)?.searchParams.get('error')).toBe('invalid_request')
  })
})

test('request objects are not fetched from other hosts, as discovery announces', async () => {
  const config = await signer.config(platform.issuer)
  expect(config.serverMetadata()).toMatchObject({
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  })
  const { ask } = relyingPartyWith(config)
  const { url } = await ask({ request_uri: 'https://rp.test/request.jwt' })
  const { path } = await cookieBrowser().visit(url, callback)
  expect(path.at(-1)?.searchParams.get('error')).toBe('request_uri_not_supported')
})

describe('a pushed request (RFC 9126)', () => {
  const pushed = async (by = pushing) => {
    const config = await by.config(platform.issuer)
    return relyingPartyWith(config, (params) => oidc.buildAuthorizationUrlWithPAR(config, params))
  }

  test('signs in once with a URL that contains only its reference', async () => {
    const { ask } = await pushed()
    const { url, tokens } = await ask()
    expect([...new URL(url).searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri'])
    const browser = cookieBrowser()
    expect((await tokens(await signIn(browser, url))).claims()?.aud).toBe(pushing.id)
    const { path } = await browser.visit(url, callback)
    expect(path.at(-1)?.href).not.toContain('code=')
  })

  test('can contain a signed request object', async () => {
    const config = await strict.config(platform.issuer)
    const { ask } = relyingPartyWith(config, async (params) => {
      const key = { key: strict.privateKey, kid: strict.kid }
      const signed = await oidc.buildAuthorizationUrlWithJAR(config, params, key)
      return oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams)
    })
    const { url, tokens } = await ask()
    expect((await tokens(await signIn(cookieBrowser(), url))).claims()?.aud).toBe(strict.id)
  })

  test('is required from a client whose metadata says so', async () => {
    const { ask } = relyingPartyWith(await pushing.config(platform.issuer))
    const { url } = await ask()
    const { path } = await cookieBrowser().visit(url, callback)
    expect(path.at(-1)?.searchParams.get('error')).toBe('invalid_request')
  })

  test('is refused from another client', async () => {
    const { ask } = await pushed()
    const url = new URL((await ask()).url)
    url.searchParams.set('client_id', signer.id)
    const { response, path } = await cookieBrowser().visit(url.href, callback)
    expect([response.status, path.length]).toEqual([400, 1])
  })

  test.each([
    [
      'an unregistered redirect URI',
      { redirect_uri: 'https://evil.test/callback' },
      'invalid_request',
    ],
    ['a scope that the metadata does not allow', { scope: 'openid identity' }, 'invalid_scope'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
  ])('is refused at once with %s', async (_, different, error) => {
    const { ask } = await pushed()
    await expect(ask(different)).rejects.toMatchObject({ error })
  })

  test('is refused without client authentication and with an assertion that was used before', async () => {
    const metadata = (await pushing.config(platform.issuer)).serverMetadata()
    const endpoint = String(metadata.pushed_authorization_request_endpoint)
    const push = async (more: Record<string, string>) => {
      const { iss, aud, iat, exp, ...params } = requestObjectClaims(pushing.id)
      const body = new URLSearchParams({ ...params, ...more })
      const response = await fetch(endpoint, { method: 'POST', body })
      const { error } = (await response.json()) as { error?: string }
      return { status: response.status, error }
    }
    expect(await push({})).toEqual({ status: 401, error: 'invalid_client' })
    const proof = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await pushing.signed({
        ...{ iss: pushing.id, sub: pushing.id, aud: platform.issuer, jti: 'once' },
        exp: now() + 60,
      }),
    }
    const tries = await Promise.all(Array.from({ length: 5 }, () => push(proof)))
    expect(tries.map(({ status }) => status).toSorted()).toEqual([201, 401, 401, 401, 401])
  })
})

describe('a signed response (JARM)', () => {
  test.each(['jwt', 'query.jwt'])('is returned for response_mode %s', async (mode) => {
    const config = await signer.config(platform.issuer)
    oidc.useJwtResponseMode(config)
    const { ask } = relyingPartyWith(config)
    const { url, tokens } = await ask({ response_mode: mode })
    const answer = await signIn(cookieBrowser(), url)
    expect([...answer.searchParams.keys()]).toEqual(['response'])
    expect((await tokens(answer)).claims()?.aud).toBe(signer.id)
  })

  test('is returned in a form that submits itself', async () => {
    const { ask } = relyingPartyWith(await signer.config(platform.issuer))
    const { url } = await ask({ response_mode: 'form_post.jwt' })
    const browser = cookieBrowser()
    await signIn(browser, url).catch(() => undefined)
    const { response, text } = await browser.visit(url)
    expect(response.status).toBe(200)
    expect(text).toMatch(/action="https:\/\/rp\.test\/callback"/)
    expect(text).toMatch(/name="response" value="[\w-]+\.[\w-]+\.[\w-]+"/)
    expect(text).not.toContain('name="code"')
  })

  test('is signed with the algorithm of the metadata, also for errors', async () => {
    const config = await strict.config(platform.issuer)
    const { ask } = relyingPartyWith(config, (params) =>
      oidc.buildAuthorizationUrlWithJAR(config, params, {
        key: strict.privateKey,
        kid: strict.kid,
      }),
    )
    const { url } = await ask({ response_mode: 'query.jwt', prompt: 'none' })
    const { path } = await cookieBrowser().visit(url, callback)
    const [header = '', payload = ''] = path.at(-1)?.searchParams.get('response')?.split('.') ?? []
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(read(header).alg).toBe('PS256')
    expect(read(payload)).toMatchObject({
      error: 'login_required',
      iss: platform.issuer,
      aud: strict.id,
    })
  })
})

describe('the issuer of a response (RFC 9207)', () => {
  test('is checked by the relying party, which rejects another one and a missing one', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const { url, tokens } = await ask()
    const answer = await signIn(cookieBrowser(), url)
    expect(answer.searchParams.get('iss')).toBe(platform.issuer)
    const mixedUp = new URL(answer)
    mixedUp.searchParams.set('iss', 'https://evil.test')
    await expect(tokens(mixedUp)).rejects.toThrow()
    mixedUp.searchParams.delete('iss')
    await expect(tokens(mixedUp)).rejects.toThrow()
    expect((await tokens(answer)).access_token).toBeTruthy()
  })
})
