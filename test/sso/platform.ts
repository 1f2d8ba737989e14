import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { passwordsArgon2 } from '../../src/adapters/crypto/passwords-argon2.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { signingKeysMongo } from '../../src/adapters/mongo/signing-keys-mongo.ts'
import { oidcRedis } from '../../src/adapters/redis/oidc-redis.ts'
import type { NewIndividual } from '../../src/people/account.ts'
import type { NewCard } from '../../src/people/identity-proof.ts'
import type { cookieBrowser, Visit } from '../support/cookie-browser.ts'
import { agreedAt } from '../support/legal-texts.ts'
import { fixedAnswer, testPlatform } from '../support/platform.ts'

export const callback = 'https://rp.test/callback'
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
  lender: {
    ...common,
    client_id: 'lender',
    client_name: '便民贷款',
    scope: `${common.scope} verified_identity`,
  },
  benefits: {
    ...common,
    client_id: 'benefits',
    client_name: '社保服务',
    first_party: true,
    scope: `${common.scope} verified_identity`,
  },
  cinema: {
    ...common,
    client_id: 'cinema',
    client_name: '电影院',
    first_party: true,
    verified_claims: ['over_18'],
    scope: 'openid verified_identity',
  },
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

/** An invented person, whose name has characters beyond the BMP and the dot of ethnic names. */
const password = '正确的密码 correct horse'
export const person = {
  username: 'Zhang.San',
  name: '𠮷田·阿卜杜拉',
  document: { type: 'resident_id', number: '11010519491231002X' },
  gender: 'female',
  birthdate: '1949-12-31',
  phone: '+8613800000000',
} as const

/** The whole platform with these clients and with people who registered some time ago. */
export async function ssoPlatform(
  policy = (usual: Policy) => usual,
  processes = 1,
  env: Readonly<Record<string, string>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'uup-sso-'))
  const clientsFile = join(folder, 'clients.json')
  const write = (inFile: readonly object[]) => writeFileSync(clientsFile, JSON.stringify(inFile))
  write(Object.values(clients))
  let turned = 0
  const clock = () => Date.now() + turned
  const platform = await testPlatform({
    policy,
    processes,
    clock,
    env: {
      CLIENTS_FILE: clientsFile,
      ...env,
    },
  })
  const { inMongo, inRedis } = platform.encryption
  const accounts = await accountsMongo({
    ...{ connection: platform.stores.mongodb, encryption: inMongo, clock: Date.now },
    insertTasks: async () => undefined,
    useCounterProof: async () => true,
  })
  const passwordHash = platform.pepper.add(await cheapPasswords.hash(password))
  let serial = 0

  return {
    ...platform,
    /** Registers another account, which differs from `person` only in the given fields. */
    async register(
      different: Partial<Extract<NewIndividual, { card: NewCard }>> = {},
    ): Promise<string> {
      serial += 1
      const id = randomUUID()
      const created = await accounts.create({
        ...person,
        kind: 'individual',
        ...(serial > 1 && { document: { type: 'passport', number: `E1000000${serial}` } }),
        id,
        passwordHash,
        card: { bank: '建设银行', account: '6217001234560000007', provedAt: Date.now() },
        registeredAt: Date.now(),
        agreement: agreedAt(Date.now()),
        consent: { wording: '我同意将银行账号仅用于核验身份', at: Date.now() },
        ...different,
      })
      if (created !== 'created') throw new Error(created)
      return id
    },
    /** The store of sessions, for those of other people. */
    sessions: oidcRedis({
      redis: platform.stores.redis,
      keyPrefix: platform.stores.keyPrefix,
      encryption: inRedis,
      clock,
      unopened: 600,
    })('Session'),
    /** The signing keys as the command line accesses them. */
    signingKeys: signingKeysMongo({
      connection: platform.stores.mongodb,
      encryption: inMongo,
      clock,
    }),
    /** Restarts the platform with other clients in the file. */
    async restartWith(inFile: readonly object[]) {
      write(inFile)
      await platform.restart()
    },
    clock,
    turn(seconds: number) {
      turned += seconds * 1000
    },
    async close() {
      await platform.close()
      rmSync(folder, { recursive: true })
    },
  }
}
export type SsoPlatform = Awaited<ReturnType<typeof ssoPlatform>>

export const cheapPasswords = passwordsArgon2({
  memoryCost: 64,
  timeCost: 1,
  parallelism: 1,
  queue: 10,
})

/** A relying party that is built on openid-client. */
export async function relyingParty(issuer: string, id: ClientId = 'exam') {
  const client = clients[id]
  const config = await oidc.discovery(
    new URL(issuer),
    id,
    client.client_secret,
    client.client_secret ? oidc.ClientSecretBasic(client.client_secret) : oidc.None(),
    { execute: [oidc.allowInsecureRequests] },
  )
  return relyingPartyWith(config)
}

/** Builds the URL of an authorization request from its parameters. */
type BuildUrl = (params: Record<string, string>) => URL | Promise<URL>

export function relyingPartyWith(
  config: oidc.Configuration,
  buildUrl: BuildUrl = (params) => oidc.buildAuthorizationUrl(config, params),
) {
  return {
    config,
    /** An authorization request with all usual parameters; `params` adds some, and `null` removes one. */
    async ask(params: Readonly<Record<string, string | null>> = {}) {
      const verifier = oidc.randomPKCECodeVerifier()
      const state = oidc.randomState()
      const nonce = oidc.randomNonce()
      const all: Record<string, string | null> = {
        redirect_uri: callback,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...params,
      }
      const present = Object.entries(all).filter((param): param is [string, string] => !!param[1])
      const url = await buildUrl(Object.fromEntries(present))
      for (const [name, value] of Object.entries(params))
        if (value === null) url.searchParams.delete(name)
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
      return {
        url: url.href,
        tokens: (
          answer: URL,
          more: object = {},
          options?: oidc.AuthorizationCodeGrantOptions,
          params: Record<string, string> = {},
        ) => oidc.authorizationCodeGrant(config, answer, { ...checks, ...more }, params, options),
      }
    },
  }
}

export type Browser = ReturnType<typeof cookieBrowser>

/** The value of a hidden field on a page. */
export const hidden = (page: string, name: string): string => {
  const [, value] = new RegExp(`name="${name}" value="([^"]*)"`).exec(page) ?? []
  if (value === undefined) throw new Error(`no ${name} on the page`)
  return value
}

/** The names of the checkboxes that are ticked on a page. */
const ticked = (page: string): readonly string[] =>
  [...page.matchAll(/<input type="checkbox" id="[^"]+" name="([^"]+)" value="yes" checked/g)].map(
    ([, name = '']) => name,
  )

/**
 * Submits the form of a page with its hidden fields, its ticked checkboxes and the typed fields, of which `no` unticks a
 * checkbox. Follows redirects up to the URL `answered` of the relying party.
 */
export function submit(
  browser: Browser,
  page: Visit,
  typed: Readonly<Record<string, string>>,
  answered = callback,
): Promise<Visit> {
  const address = page.path.at(-1)?.href ?? ''
  return browser.visit(address, answered, { method: 'POST', body: formOf(page, typed) })
}

/** The form of a page as a browser sends it: its hidden fields, its ticked checkboxes and the typed fields. */
export function formOf(page: Visit, typed: Readonly<Record<string, string>>): URLSearchParams {
  const names = ['token', 'captchaId', 'shown'].filter((name) =>
    page.text.includes(`name="${name}"`),
  )
  return new URLSearchParams({
    ...Object.fromEntries(names.map((name) => [name, hidden(page.text, name)])),
    ...Object.fromEntries(ticked(page.text).map((name) => [name, 'yes'])),
    action: 'next',
    ...typed,
  })
}

export const credentials = { username: person.username, password, captcha: fixedAnswer }

/** Goes from an authorization request through all pages to the response at the relying party. */
export async function signIn(
  browser: Browser,
  address: string,
  typed: Readonly<Record<string, string>> = credentials,
  answered = callback,
): Promise<URL> {
  let page = await browser.visit(address, answered)
  for (let forms = 0; forms < 3 && page.text.includes('name="token"'); forms += 1)
    page = await submit(browser, page, page.text.includes('id="username"') ? typed : {}, answered)
  return answerOf(page, answered)
}

/** The URL of the response to the relying party; throws when the browser is still on a page of the platform. */
export function answerOf(page: Visit, answered = callback): URL {
  const last = page.path.at(-1)
  if (!last?.href.startsWith(answered))
    throw new Error(`stopped at ${last?.pathname}: ${page.text}`)
  return last
}
