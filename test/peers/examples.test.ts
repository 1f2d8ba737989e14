import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateKeyPair, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { policy } from '../../config/policy.ts'
import {
  assuranceLevel,
  evidenceType,
  recordType,
  trustFramework,
} from '../../config/verified-claims.ts'
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
  buildExample,
  type Example,
  missingFor,
  startExample,
} from '../support/examples.ts'
import { ownPort } from '../support/own-port.ts'
import { personAtForms } from '../support/person-at-forms.ts'

/**
 * The business systems of docs/examples/, as they stand there: client libraries that nobody here wrote, in four
 * languages, and each takes tokens of another algorithm.
 */
const missing = allExamples.flatMap((example) =>
  missingFor(example).map((program) => `${example.name}: ${program} is missing`),
)
const present = allExamples.filter((example) => !missingFor(example).length)

test('the languages of the examples are there', () => {
  if (!missing.length) return
  // On a desk it is said and goes on; where it counts it fails.
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
  let system: Awaited<ReturnType<typeof startExample>>
  beforeAll(async () => {
    const at = await buildExample(example)
    const port = await ownPort()
    await platform.restartWith([clientAt(`http://localhost:${port}`, example)])
    system = await startExample(example, at, {
      ISSUER: platform.issuer,
      CLIENT_ID: example.folder,
      CLIENT_SECRET: clients.exam.client_secret,
      PORT: String(port),
      ...asked(example),
    })
  }, 300_000)
  afterAll(() => system?.stop())

  const home = async (browser: Browser) => (await browser.visit(`${system.url}/`)).text
  const isSignedIn = async (browser: Browser) => (await home(browser)).includes('id="sub"')

  /** As far as the answer of the platform, which the system has not seen yet. */
  const toAnswer = (browser: Browser) =>
    signIn(browser, system.url + example.login, undefined, system.url + example.callback)

  async function signedIn(): Promise<Browser> {
    const browser = cookieBrowser()
    await browser.visit((await toAnswer(browser)).href)
    expect(await isSignedIn(browser)).toBe(true)
    return browser
  }

  /** The answer of one browser with the code of another. */
  function exchanged(answer: URL, other: URL): string {
    const mixed = new URL(answer)
    mixed.searchParams.set('code', String(other.searchParams.get('code')))
    return mixed.href
  }

  /** With what the forms of its first page hold against forgery. */
  async function post(browser: Browser, path: string) {
    const { typed } = await personAtForms(browser).open(`${system.url}/`)
    const body = new URLSearchParams(typed)
    return browser.visit(system.url + path, undefined, { method: 'POST', body })
  }

  const tokenAnswers = () =>
    platform.lines
      .map((line) => JSON.parse(line))
      .filter(({ path }) => path === '/token')
      .map(({ status }) => status)

  test('signs a person in, with the name from userinfo', async () => {
    const page = await home(await signedIn())
    expect(page).toContain(person.name)
    expect(page).toContain(accountId)
  })

  test('is refused a code with another browser’s verifier, and signs nobody in', async () => {
    const [one, other] = [cookieBrowser(), cookieBrowser()]
    const [mine, theirs] = [await toAnswer(one), await toAnswer(other)]
    await one.visit(exchanged(mine, theirs))
    expect(tokenAnswers().at(-1)).toBe(400)
    expect(await isSignedIn(one)).toBe(false)
  })

  test('is refused a code that was used', async () => {
    const owner = cookieBrowser()
    const used = await toAnswer(owner)
    await owner.visit(used.href)
    const stranger = cookieBrowser()
    await stranger.visit(exchanged(await toAnswer(stranger), used))
    expect(tokenAnswers().at(-1)).toBe(400)
    expect(await isSignedIn(stranger)).toBe(false)
    expect(await isSignedIn(owner)).toBe(true)
  })

  test('goes on by refresh tokens, a new one each time, until they end', async () => {
    const browser = await signedIn()
    for (const _ of [1, 2]) {
      expect((await post(browser, '/refresh')).response.status).toBe(200)
      expect(tokenAnswers().at(-1)).toBe(200)
    }
    platform.turn(refreshIdle)
    const { response, text } = await post(browser, '/refresh')
    platform.turn(-refreshIdle)
    expect([response.status, text.includes('invalid_grant')]).toEqual([400, true])
  })

  if (example.verified)
    test('reads who was verified, by whom and how, from userinfo and ID token', async () => {
      const browser = await signedIn()
      const { text } = await browser.visit(system.url + example.verified)
      const verification = {
        ...{ trust_framework: trustFramework, assurance_level: assuranceLevel },
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        evidence: [
          {
            type: evidenceType,
            record: { type: recordType, source: { name: '建设银行', country_code: 'CHN' } },
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

  test('is told of a sign-out at the platform', async () => {
    const browser = await signedIn()
    const elsewhere = await signedIn()
    const at = personAtForms(browser)
    await at.send(await at.open(`${platform.issuer}/session/end`), { logout: 'yes' })
    while (await isSignedIn(browser)) await sleep(20)
    expect(await isSignedIn(elsewhere)).toBe(true)
  })

  test('believes no logout message but the platform’s, about itself, for once', async () => {
    const browser = await signedIn()
    const tell = async (token: string) => {
      const body = new URLSearchParams({ logout_token: token })
      const response = await fetch(system.url + example.backchannel, { method: 'POST', body })
      return response.status
    }
    const stranger = (await generateKeyPair(example.alg)).privateKey
    const { right, sign } = await logoutMessages(example)
    const wrong: Readonly<Record<string, string>> = {
      'another key': await sign(right(), stranger),
      'no signature': new UnsecuredJWT(right()).encode(),
      'another client': await sign({ ...right(), aud: 'exam' }),
      'another issuer': await sign({ ...right(), iss: 'https://evil.test' }),
      'a nonce': await sign({ ...right(), nonce: 'one' }),
      'no logout': await sign({ ...right(), events: {} }),
      'no word': 'x',
    }
    for (const [what, token] of Object.entries(wrong)) {
      const status = await tell(token)
      expect([what, status >= 400 && status < 500, await isSignedIn(browser)]).toEqual([
        what,
        true,
        true,
      ])
    }
    const message = await sign(right())
    expect(await tell(message)).toBeLessThan(300)
    expect(await isSignedIn(browser)).toBe(false)
    if (example.byHand) expect(await tell(message)).toBe(400)
  })

  test('signs out here and there, and the platform leads back', async () => {
    const browser = await signedIn()
    const at = personAtForms(browser)
    const asked = await at.send(await at.open(`${system.url}/`), {})
    expect(asked.heading).toBe('退出登录')
    expect(asked.html).toContain('data-go')
    const left = await at.send(asked, { logout: 'yes' })
    expect(left.url.origin).toBe(system.url)
    expect(await isSignedIn(browser)).toBe(false)
    const again = await at.open(system.url + example.login)
    expect(again.heading).toBe('登录')
  })
})

/** What the examples are told to ask for; Spring's settings have commas in their lists. */
const asked = ({ verified }: Example) =>
  verified
    ? {
        SCOPE: 'openid,profile,offline_access,verified_identity',
        CLAIMS: JSON.stringify({ id_token: { verified_claims: single } }),
      }
    : { SCOPE: 'openid profile offline_access' }

/** A list of one, all of the verification that the library knows. */
const single = [
  {
    verification: {
      ...{ trust_framework: null, assurance_level: null, time: null },
      evidence: [{ type: { value: evidenceType }, record: null }],
    },
    claims: { name_masked: null, over_18: null },
  },
]

const clientAt = (url: string, { folder, callback, backchannel, alg }: Example) => ({
  ...clients.benefits,
  client_id: folder,
  client_name: folder,
  client_uri: `${url}/`,
  redirect_uris: [url + callback],
  post_logout_redirect_uris: [`${url}/`],
  backchannel_logout_uri: url + backchannel,
  backchannel_logout_session_required: true,
  id_token_signed_response_alg: alg,
})

/** Messages as the platform signs them, about every sign-in of the person: with its own key, unless another is given. */
async function logoutMessages({ folder, alg }: Example) {
  const jwk = (await platform.signingKeys.all()).find((key) => key.alg === alg)?.jwk
  if (!jwk) throw new Error(`no key of ${alg}`)
  const own = await importJWK(jwk as Parameters<typeof importJWK>[0], alg)
  const now = Math.floor(Date.now() / 1000)
  return {
    right: (): JWTPayload => ({
      ...{ iss: platform.issuer, aud: folder, sub: accountId, jti: randomUUID() },
      ...{ iat: now, exp: now + 120 },
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    }),
    sign: (payload: JWTPayload, key: Parameters<SignJWT['sign']>[0] = own) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg, kid: String(jwk.kid), typ: 'logout+jwt' })
        .sign(key),
  }
}
