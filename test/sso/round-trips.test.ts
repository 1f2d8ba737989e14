import { randomBytes } from 'node:crypto'
import * as oidc from 'openid-client'
import { hintedIds } from '../../src/adapters/redis/oidc/hinted-ids.ts'
import { oidcRedis } from '../../src/adapters/redis/oidc-redis.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { recordRoundTrips } from '../support/round-trips.ts'
import {
  answerOf,
  callback,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

let platform: SsoPlatform
let counted: ReturnType<typeof recordRoundTrips>
let party: Awaited<ReturnType<typeof relyingParty>>
let sub: string
const browser = cookieBrowser()
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
  counted = recordRoundTrips(platform.stores.redis, platform.mongodb)
  party = await relyingParty(platform.issuer)
  await signIn(browser, (await party.ask()).url)
  // The first round loads the scripts, and what the caches do not have yet.
  await round()
})
afterAll(() => platform.close())

/** A sign-in with the session of the browser, with all requests that a client usually sends. */
async function round() {
  const { url, tokens } = await party.ask()
  const got = await tokens(answerOf(await browser.visit(url, callback)))
  await oidc.fetchUserInfo(party.config, got.access_token, sub)
  await oidc.tokenIntrospection(party.config, got.access_token)
}

/** Fails with the names of all commands, so that one sees which of them is new. */
function expectAtMost(path: string, trips: number, commands: number): void {
  const last = counted.lastOf(path)
  const within = last.trips <= trips && last.commands.length <= commands
  expect({ ...last, within }).toMatchObject({ within: true })
}

test('the requests of a sign-in with a session read the stores in one round trip', async () => {
  await round()
  expectAtMost('/auth', 2, 8)
  expectAtMost('/token', 3, 10)
  expectAtMost('/me', 1, 4)
  expectAtMost('/token/introspection', 1, 4)
})

test('a refresh reads the stores in one round trip', async () => {
  const { url, tokens } = await party.ask({ scope: 'openid offline_access', prompt: 'consent' })
  const { refresh_token: token = '' } = await tokens(answerOf(await browser.visit(url, callback)))
  await oidc.refreshTokenGrant(party.config, token)
  expectAtMost('/token', 3, 10)
})

/** The records of access tokens, as the platform stores them. */
const accessTokens = () =>
  oidcRedis({
    ...{ redis: platform.stores.redis, keyPrefix: platform.stores.keyPrefix },
    ...{ encryption: platform.encryption.inRedis, clock: Date.now, unopened: 600 },
  })('AccessToken')

/** Stores the record of an access token under another id too, as if that had been issued. */
async function issuedAs(id: string): Promise<string> {
  const { url, tokens } = await party.ask()
  const { access_token: token } = await tokens(answerOf(await browser.visit(url, callback)))
  await accessTokens().upsert(id, { ...(await accessTokens().find(token)), jti: id }, 60)
  return id
}

test('a token of the version before, which tells nothing, is still valid', async () => {
  const token = await issuedAs(randomBytes(32).toString('base64url'))
  expect(await oidc.fetchUserInfo(party.config, token, sub)).toMatchObject({ sub })
  expect(await oidc.tokenIntrospection(party.config, token)).toMatchObject({ active: true, sub })
})

test('a hint at another account discloses nothing of it, and the token stays that of its own', async () => {
  const other = await platform.register({ username: 'another', phone: '+8613800000001' })
  const { inRedis } = platform.encryption
  const owner = inRedis.blindIndex('held', other)
  const id = hintedIds(inRedis).make('AccessToken', randomBytes(32).toString('base64url'), {
    owner,
  })
  const token = await issuedAs(id)
  expect(await oidc.fetchUserInfo(party.config, token, sub)).toMatchObject({ sub })
  const made = hintedIds(inRedis).make('AccessToken', randomBytes(32).toString('base64url'), {
    owner,
  })
  expect(await oidc.tokenIntrospection(party.config, made)).toEqual({ active: false })
})

test('a session is stored once a minute at most unless it changes', async () => {
  await round()
  const used = counted.lastOf('/auth')
  const other = await relyingParty(platform.issuer, 'narrow')
  const { url, tokens } = await other.ask()
  expect((await tokens(answerOf(await browser.visit(url, callback)))).claims()?.sub).toBe(sub)
  expect(used.commands).toEqual([
    ...['redis get', 'redis evalsha', 'redis get'],
    ...['redis evalsha', 'redis evalsha', 'redis set'],
  ])
  platform.turn(60)
  await round()
  expect(counted.lastOf('/auth').commands.length).toBeGreaterThan(6)
})
