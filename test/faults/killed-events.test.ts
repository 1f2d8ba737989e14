import { isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { eventReceiver, eventUri, receiverClient } from '../support/event-receiver.ts'
import { killAtEveryChange } from '../support/kill-at-every-change.ts'
import { type KillablePlatform, killablePlatform } from '../support/killable-platform.ts'
import { samplePerson } from '../support/people.ts'
import type { personAtForms } from '../support/person-at-forms.ts'
import { newPassword } from '../support/recovering.ts'

jest.setTimeout(600_000)

const callback = 'https://rp.test/callback'
const client = receiverClient('client', { redirect_uris: [callback], require_pkce: false })

let platform: KillablePlatform
beforeAll(async () => {
  platform = await killablePlatform({ clients: [client] })
  await (await eventReceiver(platform.issuer, 'client')).create()
})
afterAll(() => platform.close())

/** The types of the events about an account that wait at the client. */
async function heardOf(accountId: string | undefined) {
  const receiver = await eventReceiver(platform.issuer, 'client')
  const { body } = await receiver.ask('GET', '/ssf/streams')
  const events = await receiver.polled(body[0])
  const own = events.filter((claims) => claims['sub_id'].sub === accountId)
  return own.map((claims) => Object.keys(claims['events'])[0])
}

/** Signs the browser in at the client. */
async function atClient({ browser }: ReturnType<typeof personAtForms>) {
  const query = new URLSearchParams({
    ...{ client_id: client.client_id, redirect_uri: callback, response_type: 'code' },
    ...{ scope: 'openid', nonce: 'nonce-of-this-test' },
  })
  const { path } = await browser.visit(`${platform.issuer}/auth?${query}`, callback)
  if (!path.at(-1)?.searchParams.has('code')) throw new Error('not signed in')
}

/** A person who is signed in at the client, before the last button of 密码管理. */
async function beforeLastButton() {
  const person = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, person, '/account/password')
  await atClient(at)
  const account = await platform.accounts.findByUsername(person.username)
  const fields = { presentPassword: person.password, ...newPassword('another staple 4711') }
  return { id: account?.id, version: account?.version, press: () => at.send(page, fields) }
}

test('a changed password and its event are stored together, at whichever change the process is killed', async () => {
  const seen = new Set<boolean>()
  await killAtEveryChange(platform, {
    from: 'now',
    first: 2,
    setUp: beforeLastButton,
    act: ({ press }) => press(),
    check: async ({ id, version = 0 }, moment) => {
      const isChanged = (await platform.accounts.findById(String(id)))?.version !== version
      seen.add(isChanged)
      const events = await heardOf(id)
      const expected = isChanged ? [eventUri.credentialChange] : []
      expect([moment, events]).toEqual([moment, expected])
    },
  })
  expect([...seen].toSorted()).toEqual([false, true])
})

/** A person who is signed in at the client on one device and is about to press 退出 on another. */
async function beforeSignOut(fields: Readonly<Record<string, string>>) {
  const person = await registered(platform, samplePerson())
  const { at: device } = await signedInAt(platform, person)
  await atClient(device)
  const { at, page } = await signedInAt(platform, person, '/account/sign-ins')
  const account = await platform.accounts.findByUsername(person.username)
  return { id: account?.id, device, press: () => at.send(page, fields) }
}

const others = ['all other devices that are signed out are', 2, { signIn: 'others' }] as const
test.each([
  ['a device that is signed out from another one is', 1, {}] as const,
  // The code is nearly the same, and a run takes long.
  ...(process.env['KILLS'] === 'all' ? [others] : []),
])('%s out with an event, at whichever change the process is killed', async (_, first, fields) => {
  const seen = new Set<boolean>()
  await killAtEveryChange(platform, {
    from: 'now',
    first,
    setUp: () => beforeSignOut(fields),
    act: ({ press }) => press(),
    check: async ({ id, device }, moment) => {
      const isOut = !(await isSignedIn(platform, device))
      seen.add(isOut)
      const events = await heardOf(id)
      if (isOut) expect([moment, events]).toEqual([moment, [eventUri.sessionRevoked]])
    },
  })
  expect([...seen].toSorted()).toEqual([false, true])
})
