import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { type ClientId, relyingParty, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.register()
})
afterAll(() => platform.close())

const invalidGrant = { error: 'invalid_grant' }

async function granted(id: ClientId = 'exam') {
  const { ask, config } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask({ scope: 'openid offline_access profile', prompt: 'consent' })
  const { refresh_token: refresh = '', ...got } = await tokens(await signIn(cookieBrowser(), url))
  return { config, refresh, access: got.access_token }
}

/** Tokens of this kind are good, or are not, for their client. */
const isGood = async (config: oidc.Configuration, access: string) =>
  oidc.fetchUserInfo(config, access, oidc.skipSubjectCheck).then(
    () => true,
    () => false,
  )

test.each<ClientId>(['exam', 'page'])(
  'each use gives %s another token, and one that was used ends them all',
  async (id) => {
    const { config, refresh, access } = await granted(id)
    const second = await oidc.refreshTokenGrant(config, refresh)
    expect(second.refresh_token).not.toBe(refresh)
    const third = await oidc.refreshTokenGrant(config, String(second.refresh_token))
    expect(await isGood(config, third.access_token)).toBe(true)

    await expect(oidc.refreshTokenGrant(config, refresh)).rejects.toMatchObject(invalidGrant)
    const last = oidc.refreshTokenGrant(config, String(third.refresh_token))
    await expect(last).rejects.toMatchObject(invalidGrant)
    for (const token of [access, second.access_token, third.access_token])
      expect(await isGood(config, token)).toBe(false)
  },
)

test('of ten uses at once one succeeds at most, and then everything ends', async () => {
  const { config, refresh, access } = await granted()
  const uses = await Promise.allSettled(
    Array.from({ length: 10 }, () => oidc.refreshTokenGrant(config, refresh)),
  )
  const won = uses.flatMap((use) => (use.status === 'fulfilled' ? [use.value] : []))
  expect(won.length).toBeLessThanOrEqual(1)
  for (const { access_token: token, refresh_token: next } of won) {
    expect(await isGood(config, token)).toBe(false)
    const again = oidc.refreshTokenGrant(config, String(next))
    await expect(again).rejects.toMatchObject(invalidGrant)
  }
  expect(await isGood(config, access)).toBe(false)
})

test('it is worth nothing to another client, and gets no scope that was not granted', async () => {
  const { config, refresh } = await granted()
  const { config: other } = await relyingParty(platform.issuer, 'shop')
  await expect(oidc.refreshTokenGrant(other, refresh)).rejects.toMatchObject(invalidGrant)
  const beyond = oidc.refreshTokenGrant(config, refresh, { scope: 'openid identity' })
  await expect(beyond).rejects.toMatchObject({ error: 'invalid_scope' })
  const narrower = await oidc.refreshTokenGrant(config, refresh, { scope: 'openid' })
  expect(narrower.scope).toBe('openid')
})

test('revoked, it is none, and neither is what it gave', async () => {
  const { config, refresh, access } = await granted()
  const { config: other } = await relyingParty(platform.issuer, 'shop')
  await oidc.tokenRevocation(other, refresh)
  const next = await oidc.refreshTokenGrant(config, refresh)
  await oidc.tokenRevocation(config, String(next.refresh_token))
  const ended = oidc.refreshTokenGrant(config, String(next.refresh_token))
  await expect(ended).rejects.toMatchObject(invalidGrant)
  for (const token of [access, next.access_token]) expect(await isGood(config, token)).toBe(false)
})
