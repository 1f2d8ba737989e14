import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { callback, relyingParty, type SsoPlatform, signIn, ssoPlatform } from './platform.ts'

/** The codes and tokens of one address have a bound in the stores (decision 0231). */
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform((usual) => ({
    ...usual,
    issuedRecords: { ...usual.issuedRecords, perAddress: { count: 30_000, window: 3600 } },
  }))
  await platform.register()
})
afterAll(() => platform.close())
afterEach(() => platform.turn(3600))

test('an address gets only so many codes without a page, the fewer the larger their parameters', async () => {
  const browser = cookieBrowser()
  const { ask } = await relyingParty(platform.issuer)
  await signIn(browser, (await ask()).url)
  const status = async (params: Record<string, string> = {}) => {
    const { url } = await ask({ prompt: 'none', ...params })
    const { response, path } = await browser.visit(url, callback)
    return path.at(-1)?.searchParams.has('code')
      ? 'code'
      : [response.status, Number(response.headers.get('retry-after')) > 0]
  }
  const large = { nonce: 'x'.repeat(4000) }
  expect([await status(large), await status(large)]).toEqual(['code', [429, true]])
  expect(await status()).toBe('code')
  platform.turn(1700)
  await status()
  platform.turn(1900)
  // The session ended meanwhile, and the address may sign in again.
  await signIn(browser, (await ask()).url)
  expect(await status(large)).toBe('code')
})

test('the renewed tokens of a public client count for the address, those of a server do not', async () => {
  const scope = 'openid offline_access'
  const refreshed = async (id: 'page' | 'exam', times: number) => {
    const { config, ask } = await relyingParty(platform.issuer, id)
    const { url, tokens } = await ask({ scope, prompt: 'consent' })
    let token = (await tokens(await signIn(cookieBrowser(), url))).refresh_token ?? ''
    for (let n = 0; n < times; n += 1)
      token = (await oidc.refreshTokenGrant(config, token)).refresh_token ?? token
    return token
  }
  await expect(refreshed('page', 12)).rejects.toMatchObject({
    status: 429,
    error: 'temporarily_unavailable',
  })
  platform.turn(3600)
  expect(await refreshed('exam', 12)).not.toBe('')
})
