import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { byBank } from '../../config/claims/verified-claims.ts'
import { policy } from '../../config/limits-and-lifetimes.ts'
import {
  type Browser,
  clients,
  person,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from '../sso/platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  allExamples,
  buildExamples,
  type Example,
  missingFor,
  startExample,
  startProgram,
} from '../support/examples.ts'
import { ownPort } from '../support/own-port.ts'
import { personAtForms } from '../support/person-at-forms.ts'

/**
 * These tests run the clients of docs/examples/ unchanged. They are built on client libraries of other projects in four
 * languages, and each uses another signing algorithm.
 */
const missing = allExamples.flatMap((example) =>
  missingFor(example).map((program) => `${example.name}: ${program} is missing`),
)
const present = allExamples.filter((example) => !missingFor(example).length)
const built = buildExamples(present)

test('the machine has the languages of the examples', () => {
  if (!missing.length) return
  // A missing language is only reported on a developer machine, but fails in CI.
  process.stderr.write(`\nNOT CHECKED, docs/examples: ${missing.join('; ')}\n\n`)
  if (process.env['CI']) expect(missing).toEqual([])
})

const { refreshIdle } = policy().tokens
let platform: SsoPlatform
let accountId: string
beforeAll(async () => {
  platform = await ssoPlatform()
  accountId = await platform.register()
})
afterAll(() => platform.close())

describe.each(present)('$name', (example) => {
  let client: Awaited<ReturnType<typeof startExample>>
  beforeAll(async () => {
    const at = await built(example)
    const port = await ownPort()
    await platform.restartWith([clientAt(`http://localhost:${port}`, example)])
    client = await startExample(example, at, {
      ISSUER: platform.issuer,
      CLIENT_ID: example.folder,
      CLIENT_SECRET: clients.exam.client_secret,
      PORT: String(port),
      ...requestSettings(example),
    })
  }, 900_000)
  afterAll(() => client?.stop())

  const home = async (browser: Browser) => (await browser.visit(`${client.url}/`)).text
  const isSignedIn = async (browser: Browser) => (await home(browser)).includes('id="sub"')

  /** Signs in up to the authorization response, which the client has not received yet. */
  const authorizationResponse = (browser: Browser) =>
    signIn(browser, client.url + example.login, undefined, client.url + example.callback)

  async function signedIn(): Promise<Browser> {
    const browser = cookieBrowser()
    await browser.visit((await authorizationResponse(browser)).href)
    expect(await isSignedIn(browser)).toBe(true)
    return browser
  }

  /** The authorization response of one browser with the code of another. */
  function withCodeOf(answer: URL, other: URL): string {
    const mixed = new URL(answer)
    mixed.searchParams.set('code', String(other.searchParams.get('code')))
    return mixed.href
  }

  /** Posts with the forgery token from the first page of the client. */
  async function post(browser: Browser, path: string) {
    const { typed } = await personAtForms(browser).open(`${client.url}/`)
    const body = new URLSearchParams(typed)
    return browser.visit(client.url + path, undefined, { method: 'POST', body })
  }

  const tokenStatuses = () =>
    platform.lines
      .map((line) => JSON.parse(line))
      .filter(({ path }) => path === '/token')
      .map(({ status }) => status)

  test('signs a person in and shows the name from userinfo', async () => {
    const page = await home(await signedIn())
    expect(page).toContain(person.name)
    expect(page).toContain(accountId)
  })

  test('is refused a code with the code_verifier of another browser and signs nobody in', async () => {
    const [one, other] = [cookieBrowser(), cookieBrowser()]
    const [ownResponse, otherResponse] = [
      await authorizationResponse(one),
      await authorizationResponse(other),
    ]
    await one.visit(withCodeOf(ownResponse, otherResponse))
    expect(tokenStatuses().at(-1)).toBe(400)
    expect(await isSignedIn(one)).toBe(false)
  })

  test('is refused a code that was already used', async () => {
    const owner = cookieBrowser()
    const used = await authorizationResponse(owner)
    await owner.visit(used.href)
    const otherBrowser = cookieBrowser()
    await otherBrowser.visit(withCodeOf(await authorizationResponse(otherBrowser), used))
    expect(tokenStatuses().at(-1)).toBe(400)
    expect(await isSignedIn(otherBrowser)).toBe(false)
    expect(await isSignedIn(owner)).toBe(true)
  })

  test('refreshes its tokens until the refresh token expires', async () => {
    const browser = await signedIn()
    for (const _ of [1, 2]) {
      expect((await post(browser, '/refresh')).response.status).toBe(200)
      expect(tokenStatuses().at(-1)).toBe(200)
    }
    platform.turn(refreshIdle)
    const { response, text } = await post(browser, '/refresh')
    platform.turn(-refreshIdle)
    expect([response.status, text.includes('invalid_grant')]).toEqual([400, true])
  })

  if (example.verified)
    test('reads verified claims and their verification from userinfo and the ID token', async () => {
      const browser = await signedIn()
      const { text } = await browser.visit(client.url + example.verified)
      const verification = {
        ...{ trust_framework: byBank.trustFramework, assurance_level: byBank.assuranceLevel },
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        evidence: [
          {
            type: byBank.evidenceType,
            record: { type: byBank.recordType, source: { name: '建设银行', country_code: 'CHN' } },
          },
        ],
      }
      const { name, document, birthdate, gender } = person
      const id = { id_type: document.type, id_number: document.number }
      expect(JSON.parse(text)).toMatchObject([
        { verification, claims: { name, ...id, birthdate, gender } },
        { verification, claims: { name_masked: '𠮷**', over_18: true } },
      ])
    })

  test('receives the logout at the platform', async () => {
    const browser = await signedIn()
    const otherBrowser = await signedIn()
    const at = personAtForms(browser)
    await at.send(await at.open(`${platform.issuer}/session/end`), { logout: 'yes' })
    while (await isSignedIn(browser)) await sleep(20)
    expect(await isSignedIn(otherBrowser)).toBe(true)
  })

  test('learns by an event that a session has ended', async () => {
    const receiver = startProgram(example.events(await built(example)), {
      ISSUER: platform.issuer,
      CLIENT_ID: example.folder,
      CLIENT_SECRET: clients.exam.client_secret,
    })
    const hears = async (line: string) => {
      while (!receiver.said().includes(line)) await sleep(20)
    }
    const failed = receiver.died.then(() => Promise.reject(new Error(receiver.said())))
    await Promise.race([hears('stream '), failed])
    const at = personAtForms(await signedIn())
    await at.send(await at.open(`${platform.issuer}/session/end`), { logout: 'yes' })
    await Promise.race([hears(`session-revoked ${accountId}`), failed])
    await receiver.stop()
  })

  test('accepts only logout tokens that the platform issued for it', async () => {
    const browser = await signedIn()
    const postLogoutToken = async (token: string) => {
      const body = new URLSearchParams({ logout_token: token })
      const response = await fetch(client.url + example.backchannel, { method: 'POST', body })
      return response.status
    }
    const otherKey = (await generateKeyPair(example.alg)).privateKey
    const { validPayload, sign } = await logoutTokens(example)
    const invalidTokens: Readonly<Record<string, string>> = {
      'another key': await sign(validPayload(), otherKey),
      'no signature': new UnsecuredJWT(validPayload()).encode(),
      'another client': await sign({ ...validPayload(), aud: 'exam' }),
      'another issuer': await sign({ ...validPayload(), iss: 'https://evil.test' }),
      'a nonce': await sign({ ...validPayload(), nonce: 'one' }),
      'no logout': await sign({ ...validPayload(), events: {} }),
      'no token': 'x',
    }
    for (const [what, token] of Object.entries(invalidTokens)) {
      const status = await postLogoutToken(token)
      expect([what, status >= 400 && status < 500, await isSignedIn(browser)]).toEqual([
        what,
        true,
        true,
      ])
    }
    const message = await sign(validPayload())
    expect(await postLogoutToken(message)).toBeLessThan(300)
    expect(await isSignedIn(browser)).toBe(false)
    if (example.byHand) expect(await postLogoutToken(message)).toBe(400)
  })

  test('signs out locally and at the platform, which leads back to it', async () => {
    const browser = await signedIn()
    const at = personAtForms(browser)
    const confirmation = await at.send(await at.open(`${client.url}/`), {})
    expect(confirmation.heading).toBe('退出登录')
    expect(confirmation.html).toContain('data-go')
    const returned = await at.send(confirmation, { logout: 'yes' })
    expect(returned.url.origin).toBe(client.url)
    expect(await isSignedIn(browser)).toBe(false)
    const again = await at.open(client.url + example.login)
    expect(again.heading).toBe('登录')
  })
})

/** The scopes and claims of the examples; the list is separated by commas for those that request claims, as in Spring. */
const requestSettings = ({ verified }: Example) =>
  verified
    ? {
        SCOPE: 'openid,profile,offline_access,verified_identity',
        CLAIMS: JSON.stringify({ id_token: { verified_claims: claimsOfIdToken } }),
      }
    : { SCOPE: 'openid profile offline_access' }

/** A list with one element, which requests every member of the verification that the library knows. */
const claimsOfIdToken = [
  {
    verification: {
      ...{ trust_framework: null, assurance_level: null, time: null },
      evidence: [{ type: { value: byBank.evidenceType }, record: null }],
    },
    claims: { name_masked: null, over_18: null },
  },
]

const clientAt = (url: string, { folder, callback, backchannel, alg }: Example) => ({
  ...clients.benefits,
  client_id: folder,
  client_name: folder,
  client_uri: `${url}/`,
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  scope: `${clients.benefits.scope} ssf.manage`,
  redirect_uris: [url + callback],
  post_logout_redirect_uris: [`${url}/`],
  backchannel_logout_uri: url + backchannel,
  backchannel_logout_session_required: true,
  id_token_signed_response_alg: alg,
})

/** Logout tokens as the platform signs them, for every session of the person, with its own key by default. */
async function logoutTokens({ folder, alg }: Example) {
  const jwk = (await platform.signingKeys.all()).find((key) => key.alg === alg)?.jwk
  if (!jwk) throw new Error(`no key of ${alg}`)
  const platformKey = await importJWK(jwk as Parameters<typeof importJWK>[0], alg)
  const now = Math.floor(Date.now() / 1000)
  return {
    validPayload: (): JWTPayload => ({
      ...{ iss: platform.issuer, aud: folder, sub: accountId, jti: randomUUID() },
      ...{ iat: now, exp: now + 120 },
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    }),
    sign: (payload: JWTPayload, key: Parameters<SignJWT['sign']>[0] = platformKey) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg, kid: String(jwk.kid), typ: 'logout+jwt' })
        .sign(key),
  }
}
