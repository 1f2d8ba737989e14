import { decodeJwt } from 'jose'
import { until } from '../../sandbox/ports.mjs'
import { isSignedIn, registered } from '../support/account-pages.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import { logoutListeners } from '../support/logout-listeners.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { signInFields } from '../support/registering.ts'

jest.setTimeout(600_000)

const callback = 'https://rp.test/callback'
const { listeners, close } = await logoutListeners(1)
const [listener] = listeners
const client = {
  client_id: 'client',
  client_secret: 'a-secret-of-this-test-and-of-nothing-else',
  redirect_uris: [callback],
  backchannel_logout_uri: listener?.uri,
  backchannel_logout_session_required: true,
  first_party: true,
  require_pkce: false,
}

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform({ clients: [client] })
})
afterAll(async () => {
  await platform.close()
  close()
})

/** A person who is signed in at the client and has opened the page that asks whether to sign out. */
async function signedIn() {
  const person = await registered(platform, samplePerson())
  const at = personAtForms()
  const query = new URLSearchParams({
    ...{ client_id: client.client_id, redirect_uri: callback, response_type: 'code' },
    ...{ scope: 'openid', nonce: 'nonce-of-this-test' },
  })
  const login = await at.open(`${platform.issuer}/auth?${query}`)
  const body = new URLSearchParams({ ...login.typed, ...signInFields(person), action: 'next' })
  const address = new URL(login.action, login.url).href
  const { path } = await at.browser.visit(address, callback, { method: 'POST', body })
  if (!path.at(-1)?.searchParams.has('code')) throw new Error('not signed in')
  const confirmation = await at.open(`${platform.issuer}/session/end`)
  const account = await platform.accounts.findByUsername(person.username)
  return {
    at,
    leave: (page = confirmation) => at.send(page, { logout: 'yes' }),
    wasNotified: () =>
      (listener?.tokens ?? []).some((token) => decodeJwt(token).sub === account?.id),
  }
}

test('a logout during which the process is killed at any change still reaches the client', async () => {
  const seen = new Set<boolean>()
  const moments = await killAtEveryChange(platform, {
    from: 'now',
    first: 1,
    setUp: signedIn,
    act: ({ leave }) => leave(),
    check: async ({ at, leave, wasNotified }, moment) => {
      const isOut = !(await isSignedIn(platform, at))
      seen.add(isOut)
      if (!isOut) await leave(await at.open(`${platform.issuer}/session/end`))
      expect([moment, await isSignedIn(platform, at)]).toEqual([moment, false])
      await until(async () => wasNotified(), { seconds: 60, what: `the logout token, ${moment}` })
    },
  })
  expect(moments).toBeGreaterThan(5)
  expect([...seen].toSorted()).toEqual([false, true])
})

test('a client that was down when the process was killed receives its logout token once both are up again', async () => {
  const { at, leave, wasNotified } = await signedIn()
  await listener?.become('down')
  expect((await leave()).text).toContain('无法')
  platform.killAt({ n: 1, fate: 'unsent' }, 'now')
  await isSignedIn(platform, at).catch(() => undefined)
  expect([await platform.wasKilled(), wasNotified()]).toEqual([true, false])
  await platform.start()
  await listener?.become('up')
  expect(await isSignedIn(platform, at)).toBe(false)
  await until(async () => wasNotified(), { seconds: 60, what: 'the logout token' })
})
