import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { type LogoutClient, logoutClients, signInEverywhere } from '../sso/logout-clients.ts'
import { hidden, type SsoPlatform, ssoPlatform } from '../sso/platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { type Condition, logoutListeners } from '../support/logout-listeners.ts'

const shortRetries = (usual: Policy) =>
  ({
    ...usual,
    tasks: {
      ...usual.tasks,
      poll: 0.05,
      logout: { ...usual.tasks.logout, retries: [0.2], rest: 0.1 },
    },
  }) as unknown as Policy

/** 70 clients are reachable, and the other 30 fail in each of three ways. */
const conditions: readonly Condition[] = [
  ...Array.from({ length: 70 }, () => 'up' as const),
  ...Array.from(
    { length: 30 },
    (_, at) => (['down', 'hangs', 'broken'] as const)[at % 3] ?? 'down',
  ),
]

let platform: SsoPlatform
let logoutClientListeners: Awaited<ReturnType<typeof logoutListeners>>
let accountId: string
beforeAll(async () => {
  platform = await ssoPlatform(shortRetries, 2)
  accountId = await platform.register()
  logoutClientListeners = await logoutListeners(conditions.length)
  await platform.restartWith(logoutClients(logoutClientListeners.listeners))
})
afterAll(async () => {
  logoutClientListeners.close()
  await platform.close()
})

/** Signs in a thousand other people at three of the clients each. */
async function signInOthers(): Promise<readonly string[]> {
  const now = Math.floor(Date.now() / 1000)
  const ids = Array.from({ length: 1000 }, () => randomUUID())
  const authorizationsAt = (n: number) =>
    Object.fromEntries([n, n + 1, n + 2].map((at) => [`system-${at % 100}`, { sid: randomUUID() }]))
  await Promise.all(
    ids.map((id, n) =>
      platform.sessions.upsert(
        id,
        {
          ...{ kind: 'Session', jti: id, uid: randomUUID(), iat: now, exp: now + 1800 },
          ...{ accountId: randomUUID(), loginTs: now, authorizations: authorizationsAt(n) },
        },
        1800,
      ),
    ),
  )
  return ids
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(20)
}

/** Expects that the client received logout tokens for its own session only (Back-Channel Logout 1.0, 2.4 and 2.6). */
async function expectOwnLogoutTokens(
  { id, listener, idToken }: LogoutClient,
  jwks: ReturnType<typeof createRemoteJWKSet>,
) {
  const expected = { issuer: platform.issuer, audience: id }
  const { payload: signedIn } = await jwtVerify(idToken, jwks, expected)
  expect(listener.tokens.length).toBeGreaterThan(0)
  for (const token of listener.tokens) {
    const { payload } = await jwtVerify(token, jwks, { ...expected, typ: 'logout+jwt' })
    expect(payload).toMatchObject({ sub: accountId, sid: signedIn['sid'], jti: expect.any(String) })
    expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
    expect(payload).not.toHaveProperty('nonce')
  }
}

test('a logout notifies a hundred clients: reachable ones immediately, and the others when they are reachable again', async () => {
  const others = await signInOthers()
  const browser = cookieBrowser()
  const parties = await signInEverywhere(platform.issuer, logoutClientListeners.listeners, browser)
  await Promise.all(parties.map(({ listener }, at) => listener.become(conditions[at] ?? 'up')))
  const [reachable, unreachable] = [parties.slice(0, 70), parties.slice(70)]

  const page = await browser.visit(`${platform.issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf'), logout: 'yes' })
  const confirm = `${platform.issuer}/session/end/confirm`
  const left = await browser.visit(confirm, undefined, { method: 'POST', body })
  expect(left.text).toContain('<h1>已退出登录</h1>')
  expect(left.text).toContain('以下系统暂时无法通知')
  await until(() => reachable.every(({ listener }) => listener.tokens.length > 0))
  expect(unreachable.filter(({ listener }) => listener.tokens.length > 0)).toEqual([])

  await Promise.all(unreachable.map(({ listener }) => listener.become('up')))
  await until(() => unreachable.every(({ listener }) => listener.tokens.length > 0))
  const jwks = createRemoteJWKSet(new URL(`${platform.issuer}/jwks`))
  for (const party of parties) await expectOwnLogoutTokens(party, jwks)
  for (const id of others) expect(await platform.sessions.find(id)).toBeTruthy()
})
