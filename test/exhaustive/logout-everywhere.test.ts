import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { Policy } from '../../config/policy.ts'
import { type LogoutSystem, logoutClients, signInEverywhere } from '../sso/logout-systems.ts'
import { hidden, type SsoPlatform, ssoPlatform } from '../sso/platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { type Condition, logoutListeners } from '../support/logout-listeners.ts'

const impatient = (usual: Policy) =>
  ({
    ...usual,
    tasks: {
      ...usual.tasks,
      poll: 0.05,
      logout: { ...usual.tasks.logout, retries: [0.2], rest: 0.1 },
    },
  }) as unknown as Policy

/** Seventy are up; of the rest, every way to be away. */
const conditions: readonly Condition[] = [
  ...Array.from({ length: 70 }, () => 'up' as const),
  ...Array.from(
    { length: 30 },
    (_, at) => (['down', 'hangs', 'broken'] as const)[at % 3] ?? 'down',
  ),
]

let platform: SsoPlatform
let systems: Awaited<ReturnType<typeof logoutListeners>>
let accountId: string
beforeAll(async () => {
  platform = await ssoPlatform(impatient, 2)
  accountId = await platform.register()
  systems = await logoutListeners(conditions.length)
  await platform.restartWith(logoutClients(systems.listeners))
})
afterAll(async () => {
  systems.close()
  await platform.close()
})

/** A thousand other people, signed in at three of the systems each. */
async function othersSignIn(): Promise<readonly string[]> {
  const now = Math.floor(Date.now() / 1000)
  const ids = Array.from({ length: 1000 }, () => randomUUID())
  const signedInTo = (n: number) =>
    Object.fromEntries([n, n + 1, n + 2].map((at) => [`system-${at % 100}`, { sid: randomUUID() }]))
  await Promise.all(
    ids.map((id, n) =>
      platform.sessions.upsert(
        id,
        {
          ...{ kind: 'Session', jti: id, uid: randomUUID(), iat: now, exp: now + 1800 },
          ...{ accountId: randomUUID(), loginTs: now, authorizations: signedInTo(n) },
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

/** The only messages that it took are about this sign-in there, as Back-Channel Logout 1.0, 2.4 and 2.6 ask. */
async function expectToldRightly(
  { id, listener, idToken }: LogoutSystem,
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

test('a logout tells a hundred systems: those that are up at once, the others when they are back', async () => {
  const others = await othersSignIn()
  const browser = cookieBrowser()
  const parties = await signInEverywhere(platform.issuer, systems.listeners, browser)
  await Promise.all(parties.map(({ listener }, at) => listener.become(conditions[at] ?? 'up')))
  const [up, away] = [parties.slice(0, 70), parties.slice(70)]

  const page = await browser.visit(`${platform.issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf'), logout: 'yes' })
  const confirm = `${platform.issuer}/session/end/confirm`
  const left = await browser.visit(confirm, undefined, { method: 'POST', body })
  expect(left.text).toContain('<h1>已退出登录</h1>')
  expect(left.text).toContain('以下系统暂时无法通知')
  await until(() => up.every(({ listener }) => listener.tokens.length > 0))
  expect(away.filter(({ listener }) => listener.tokens.length > 0)).toEqual([])

  await Promise.all(away.map(({ listener }) => listener.become('up')))
  await until(() => away.every(({ listener }) => listener.tokens.length > 0))
  const jwks = createRemoteJWKSet(new URL(`${platform.issuer}/jwks`))
  for (const party of parties) await expectToldRightly(party, jwks)
  for (const id of others) expect(await platform.sessions.find(id)).toBeTruthy()
}, 120_000)
