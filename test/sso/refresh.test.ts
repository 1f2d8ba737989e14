import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { type ClientId, relyingParty, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  // Two processes answer alternately.
  platform = await ssoPlatform((usual) => usual, 2)
  await platform.register()
})
afterAll(() => platform.close())
// oidc-provider takes the time of the first issue from its own clock, so that ours has to return to the present.
afterEach(() => platform.turn(Math.round((Date.now() - platform.clock()) / 1000)))

const invalidGrant = { error: 'invalid_grant' }

async function newGrant(id: ClientId = 'exam') {
  const { ask, config } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask({ scope: 'openid offline_access profile', prompt: 'consent' })
  const { refresh_token: refresh = '', ...got } = await tokens(await signIn(cookieBrowser(), url))
  return { config, refresh, access: got.access_token }
}

/** Returns whether the access token is accepted by userinfo. */
const isGood = async (config: oidc.Configuration, access: string) =>
  oidc.fetchUserInfo(config, access, oidc.skipSubjectCheck).then(
    () => true,
    () => false,
  )

const use = (config: oidc.Configuration, refresh: unknown) =>
  oidc.refreshTokenGrant(config, String(refresh))
const useConcurrently = (config: oidc.Configuration, refresh: unknown, count = 5) =>
  Promise.all(Array.from({ length: count }, () => use(config, refresh)))
const successorsOf = (uses: readonly oidc.TokenEndpointResponse[]) => [
  ...new Set(uses.map(({ refresh_token: next }) => next)),
]

test('a confidential client keeps its refresh token through repeated and concurrent uses', async () => {
  const { config, refresh } = await newGrant('exam')
  const uses = [
    ...(await useConcurrently(config, refresh)),
    await use(config, refresh),
    ...(await useConcurrently(config, refresh)),
  ]
  expect(successorsOf(uses)).toEqual([refresh])
  for (const { access_token: token } of uses) expect(await isGood(config, token)).toBe(true)
})

describe('a public client', () => {
  test('receives one successor for concurrent and repeated uses', async () => {
    const { config, refresh } = await newGrant('page')
    const uses = [...(await useConcurrently(config, refresh)), await use(config, refresh)]
    const successors = successorsOf(uses)
    expect(successors).toEqual([expect.stringMatching(/^[\w-]{43}$/)])
    expect(successors).not.toEqual([refresh])
    for (const { access_token: token } of uses) expect(await isGood(config, token)).toBe(true)
    const [again] = await useConcurrently(config, successors[0], 1)
    expect(again?.refresh_token).not.toBe(successors[0])
  })

  test('may repeat a use for 30 seconds after the first one', async () => {
    const { config, refresh } = await newGrant('page')
    const [next] = successorsOf([await use(config, refresh)])
    // The time that the uses themselves take counts as well: up to 10 s of it are left.
    for (const seconds of [15, 5]) {
      platform.turn(seconds)
      expect(successorsOf([await use(config, refresh)])).toEqual([next])
    }
    platform.turn(11)
    await expect(use(config, refresh)).rejects.toMatchObject(invalidGrant)
  })

  test.each([
    ['after 30 seconds', async () => platform.turn(32)],
    [
      'after its successor was used',
      async (config: oidc.Configuration, refresh: string) => {
        const [next] = successorsOf([await use(config, refresh)])
        await use(config, next)
      },
    ],
  ])('loses the grant when it uses a token again %s', async (_, meanwhile) => {
    const { config, refresh, access } = await newGrant('page')
    const first = await use(config, refresh)
    await meanwhile(config, refresh)
    await expect(use(config, refresh)).rejects.toMatchObject(invalidGrant)
    await expect(use(config, first.refresh_token)).rejects.toMatchObject(invalidGrant)
    for (const token of [access, first.access_token])
      expect(await isGood(config, token)).toBe(false)
  })

  test('receives the same successor from every process, and each token of a chain can be repeated', async () => {
    const { config, refresh } = await newGrant('page')
    let token = refresh
    for (let round = 0; round < 5; round += 1) {
      const [next = ''] = successorsOf(await useConcurrently(config, token, 10))
      expect(successorsOf(await useConcurrently(config, token))).toEqual([next])
      token = next
    }
  })
})

test('a refresh that fails because Redis is full does not consume the refresh token', async () => {
  const { config, refresh } = await newGrant('page')
  const { redis } = platform.stores
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command: Parameters<typeof send>[0]) =>
    command.name === 'set' ? Promise.reject(new Error('OOM command not allowed')) : send(command)
  await expect(use(config, refresh)).rejects.toThrow()
  redis.sendCommand = send
  platform.turn(600)
  const { refresh_token: next } = await use(config, refresh)
  expect(next).not.toBe(refresh)
})

const day = 24 * 3600

test.each<ClientId>(['exam', 'page'])(
  'refresh tokens of %s that are used regularly live for 90 days and no longer',
  async (id) => {
    const { config, refresh } = await newGrant(id)
    let token = refresh
    for (let days = 0; days < 85; days += 12) {
      token = String((await use(config, token)).refresh_token)
      platform.turn(12 * day)
    }
    await expect(use(config, token)).rejects.toMatchObject(invalidGrant)
  },
)

test.each<ClientId>(['exam', 'page'])('refresh tokens of %s end after 14 idle days', async (id) => {
  const { config, refresh } = await newGrant(id)
  platform.turn(13 * day)
  const { refresh_token: next } = await use(config, refresh)
  platform.turn(13 * day)
  await use(config, next)
  platform.turn(14 * day + 1)
  await expect(use(config, next)).rejects.toMatchObject(invalidGrant)
})

test('the expiry of a token that is not rotated is written at most once a day', async () => {
  const tokens = platform.stores.mongodb.collection('oidc.RefreshToken')
  await tokens.deleteMany()
  const { config, refresh } = await newGrant('exam')
  const end = async () => Number((await tokens.findOne())?.['expiresAt'])
  const ends = [await end()]
  for (const hours of [1, 22, 2, 20]) {
    platform.turn(hours * 3600)
    await use(config, refresh)
    ends.push(await end())
  }
  const [first = 0, , , third = 0] = ends
  expect(third).toBeGreaterThanOrEqual(first + 24 * 3_600_000)
  expect(ends).toEqual([first, first, first, third, third])
})

test('no refresh token is stored in clear text, nor its successor', async () => {
  const { config, refresh } = await newGrant('page')
  const { refresh_token: next = '' } = await use(config, refresh)
  const documents = await platform.stores.mongodb.collection('oidc.RefreshToken').find().toArray()
  const text = JSON.stringify(documents)
  for (const token of [refresh, next]) expect(text).not.toContain(token)
})

test('a refresh token is refused from another client and for scopes that were not granted', async () => {
  const { config, refresh } = await newGrant()
  const { config: other } = await relyingParty(platform.issuer, 'shop')
  await expect(oidc.refreshTokenGrant(other, refresh)).rejects.toMatchObject(invalidGrant)
  const beyond = oidc.refreshTokenGrant(config, refresh, { scope: 'openid identity' })
  await expect(beyond).rejects.toMatchObject({ error: 'invalid_scope' })
  const narrower = await oidc.refreshTokenGrant(config, refresh, { scope: 'openid' })
  expect(narrower.scope).toBe('openid')
})

test('revoking a refresh token also ends the access tokens of its grant', async () => {
  const { config, refresh, access } = await newGrant()
  const { config: other } = await relyingParty(platform.issuer, 'shop')
  await oidc.tokenRevocation(other, refresh)
  const next = await oidc.refreshTokenGrant(config, refresh)
  await oidc.tokenRevocation(config, String(next.refresh_token))
  const ended = oidc.refreshTokenGrant(config, String(next.refresh_token))
  await expect(ended).rejects.toMatchObject(invalidGrant)
  for (const token of [access, next.access_token]) expect(await isGood(config, token)).toBe(false)
})
