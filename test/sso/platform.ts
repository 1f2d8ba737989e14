import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import { pino } from 'pino'
import { type Environment, readEnvironment } from '../../config/env.ts'
import { type Policy, policy as policyOf } from '../../config/policy.ts'
import { accountsMongo } from '../../src/adapters/accounts-mongo.ts'
import { passwordsArgon2 } from '../../src/adapters/passwords-argon2.ts'
import { sealing } from '../../src/adapters/sealing.ts'
import { platform } from '../../src/app.ts'
import type { NewIndividual } from '../../src/people/account.ts'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import { testStores } from '../support/stores.ts'

const usual = policyOf()
/** As in production, but hashing costs next to nothing. */
export const cheapPolicy: Policy = {
  ...usual,
  argon2: { ...usual.argon2, memoryCost: 64, timeCost: 1 } as unknown as Policy['argon2'],
}

const callback = 'https://rp.test/callback'
export const secret = 'a-secret-of-the-tests-and-of-nothing-else'
const common = {
  client_secret: secret,
  redirect_uris: [callback],
  post_logout_redirect_uris: ['https://rp.test/bye'],
  client_uri: 'https://rp.test/',
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid offline_access profile phone identity',
}
export const clients = {
  exam: { ...common, client_id: 'exam', client_name: '考生服务系统', first_party: true },
  shop: { ...common, client_id: 'shop', client_name: '社区商店' },
  narrow: { ...common, client_id: 'narrow', first_party: true, scope: 'openid profile' },
  scopeless: { ...common, client_id: 'scopeless', first_party: true, scope: undefined },
  legacy: { ...common, client_id: 'legacy', first_party: true, require_pkce: false },
  page: {
    ...common,
    client_id: 'page',
    client_secret: undefined,
    token_endpoint_auth_method: 'none',
    first_party: true,
  },
} as const
export type ClientId = keyof typeof clients

/** Invented. The name has characters beyond the BMP and the dot of ethnic names. */
export const password = '正确的密码 correct horse'
export const person = {
  username: 'Zhang.San',
  name: '𠮷田·阿卜杜拉',
  document: { type: 'resident_id', number: '11010519491231002X' },
  gender: 'female',
  birthdate: '1949-12-31',
  phone: '+8613800000000',
} as const

/** The whole platform on a free port, with its own corner of the stores. */
export async function testPlatform({
  policy = cheapPolicy,
  files = Object.values(clients),
}: {
  policy?: Policy
  files?: readonly object[]
} = {}) {
  const stores = await testStores()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://localhost:${port}`
  const path = join(mkdtempSync(join(tmpdir(), 'uup-sso-')), 'clients.json')
  const env = environment({
    ISSUER: issuer,
    MONGODB_URI: stores.mongodbUri,
    REDIS_URL: stores.redisUrl,
    REDIS_PREFIX: stores.keyPrefix,
    CLIENTS_FILE: path,
  })

  let turned = 0
  const clock = () => Date.now() + turned
  let answer: (
    ...request: Parameters<ReturnType<Awaited<ReturnType<typeof platform>>['callback']>>
  ) => unknown
  /** Starts it, or starts it anew with another clients file, as a new process would. */
  async function start(clientsInFile: readonly object[]) {
    writeFileSync(path, JSON.stringify(clientsInFile))
    const { mongodb, redis } = stores
    const log = pino({ level: 'silent' })
    const app = await platform({ env, mongodb, redis, log, clock, policy })
    answer = app.callback()
  }
  await start(files)
  server.on('request', (request, response) => void answer(request, response))

  const accounts = await accountsMongo(stores.mongodb, sealing(env.DATA_KEYS, env.DIGEST_KEY))
  const passwords = passwordsArgon2(policy.argon2)
  let serial = 0
  /** Another account; only what is given differs from `person`. */
  async function register(different: Partial<NewIndividual> = {}): Promise<string> {
    serial += 1
    const id = randomUUID()
    const created = await accounts.create({
      ...person,
      ...(serial > 1 && { document: { type: 'passport', number: `E1000000${serial}` } }),
      id,
      passwordHash: await passwords.hash(password),
      card: { bank: '建设银行', account: '6217001234560000007', provedAt: Date.now() },
      registeredAt: Date.now(),
      consent: { wording: '我同意将银行账号仅用于核验身份', at: Date.now() },
      ...different,
    })
    if (created !== 'created') throw new Error(created)
    return id
  }

  return {
    issuer,
    stores,
    register,
    start,
    /** As a new process on the same stores. */
    restart: () => start(files),
    turn(seconds: number) {
      turned += seconds * 1000
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await stores.close()
    },
  }
}
export type TestPlatform = Awaited<ReturnType<typeof testPlatform>>

function environment(more: Record<string, string>): Environment {
  const key = () => randomBytes(32).toString('base64')
  return readEnvironment({
    ...more,
    DATA_KEYS: `1:${key()}`,
    DIGEST_KEY: key(),
    COOKIE_KEYS: key(),
    CAPTCHA_FIXED_ANSWER: 'ABCD',
    LOG_LEVEL: 'silent',
  })
}

/** A relying party, as openid-client is one. */
export async function relyingParty(issuer: string, id: ClientId = 'exam') {
  const known = clients[id]
  const config = await oidc.discovery(
    new URL(issuer),
    id,
    known.client_secret,
    known.client_secret ? oidc.ClientSecretBasic(known.client_secret) : oidc.None(),
    { execute: [oidc.allowInsecureRequests] },
  )
  return {
    config,
    /** An authorization request with everything in it; `params` adds, `null` takes away. */
    async ask(params: Readonly<Record<string, string | null>> = {}) {
      const verifier = oidc.randomPKCECodeVerifier()
      const state = oidc.randomState()
      const nonce = oidc.randomNonce()
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      for (const [name, value] of Object.entries(params)) {
        if (value === null) url.searchParams.delete(name)
        else url.searchParams.set(name, value)
      }
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
      return {
        url: url.href,
        tokens: (answer: URL, more: object = {}) =>
          oidc.authorizationCodeGrant(config, answer, { ...checks, ...more }),
      }
    },
  }
}

export type Browser = ReturnType<typeof cookieBrowser>

/** What a form of ours holds hidden. */
export const hidden = (page: string, name: string): string => {
  const [, value] = new RegExp(`name="${name}" value="([^"]*)"`).exec(page) ?? []
  if (value === undefined) throw new Error(`no ${name} on the page`)
  return value
}

/** Sends the form of a page: its hidden fields and what is typed. Goes on until the relying party. */
export function submit(
  browser: Browser,
  page: Visit,
  typed: Readonly<Record<string, string>>,
): Promise<Visit> {
  const address = page.path.at(-1)?.href ?? ''
  const names = ['token', 'captchaId'].filter((name) => page.text.includes(`name="${name}"`))
  const body = new URLSearchParams([
    ...names.map((name) => [name, hidden(page.text, name)]),
    ...Object.entries({ action: 'next', ...typed }),
  ])
  return browser.visit(address, callback, { method: 'POST', body })
}

export const credentials = { username: person.username, password, captcha: 'abcd' }

/** From an authorization request to the answer at the relying party, through whatever pages come. */
export async function signIn(
  browser: Browser,
  address: string,
  typed: Readonly<Record<string, string>> = credentials,
): Promise<URL> {
  let page = await browser.visit(address, callback)
  for (let forms = 0; forms < 3 && page.text.includes('name="token"'); forms += 1)
    page = await submit(browser, page, page.text.includes('id="username"') ? typed : {})
  return answerOf(page)
}

const arrived = ({ path }: Visit) => path.at(-1)?.href.startsWith(callback) ?? false

/** Where the relying party was answered, with the parameters; throws on any page of ours. */
export function answerOf(page: Visit): URL {
  const last = page.path.at(-1)
  if (!last || !arrived(page)) throw new Error(`stopped at ${last?.pathname}: ${page.text}`)
  return last
}

export { cookieBrowser }
