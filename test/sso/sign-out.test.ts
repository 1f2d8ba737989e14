import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { policy } from '../../config/policy.ts'
import { until } from '../../sandbox/ports.mjs'
import { sealing } from '../../src/adapters/crypto/encryption.ts'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import { signedInAt } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { enrolled } from '../support/enrolled.ts'
import type { SamplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'
import { clients, relyingParty, signIn } from './platform.ts'

const [dataKey, digestKey] = [randomBytes(32), randomBytes(32)]
const wanted = 'another staple 4711'
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({
    clients: [clients.exam, clients.shop],
    // What comes with a change is done by any of them.
    processes: 2,
    env: {
      LIMITS_SCALE: '1000',
      DATA_KEYS: `1:${dataKey.toString('base64')}`,
      DIGEST_KEY: digestKey.toString('base64'),
    },
  })
})
afterAll(() => platform.close())

/** Signs in at a client in a browser of its own; tells whether its refresh token is good. */
async function signedIn(person: SamplePerson, id: 'exam' | 'shop' = 'exam') {
  const { config, ask } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask({ scope: 'openid offline_access', prompt: 'consent' })
  const answer = await signIn(cookieBrowser(), url, signInFields(person))
  const { refresh_token: refresh = '' } = await tokens(answer)
  return () =>
    oidc.refreshTokenGrant(config, refresh).then(
      () => true,
      (error) => error.error === 'invalid_grant' && false,
    )
}

const queue = () => platform.stores.mongodb.collection('tasks')
const untilDone = () =>
  until(async () => (await queue().countDocuments({ kind: 'sign-out' })) === 0, {
    ...{ seconds: 60, what: 'sign-out tasks' },
  })

test('a change of the password ends the sign-ins from before, and none from after, however soon it begins', async () => {
  const person = await enrolled(platform)
  const before = await Promise.all([signedIn(person), signedIn(person, 'shop')])
  const { at, page } = await signedInAt(platform, person, '/account/password')
  const fields = { presentPassword: person.password, password: wanted, passwordAgain: wanted }
  const changed = { ...person, password: wanted }
  expect((await at.send(page, fields)).heading).toBe('密码已修改')
  // The task comes two seconds later.
  const after = await Promise.all(
    Array.from({ length: 16 }, async (_, n) => {
      await sleep(n * 200)
      return signedIn(changed, n % 2 ? 'shop' : 'exam')
    }),
  )
  await untilDone()
  expect(await Promise.all(before.map((isGood) => isGood()))).toEqual(before.map(() => false))
  expect(await Promise.all(after.map((isGood) => isGood()))).toEqual(after.map(() => true))
  expect((await at.open(`${platform.issuer}/account`)).heading).toBe('用户信息')
})

test('a sign-in keeps its tokens though tasks that end older ones run all the time meanwhile', async () => {
  const person = await enrolled(platform)
  const account = await platform.accounts.findByUsername(person.username)
  const tasks = await tasksMongo({
    connection: platform.stores.mongodb,
    sealing: sealing([{ version: '1', key: dataKey }], digestKey),
    clock: Date.now,
    policy: policy().tasks,
  })
  const since = account?.version ?? 0
  let signingIn = true
  const ending = (async () => {
    while (signingIn) {
      const task = { kind: 'sign-out', accountId: account?.id ?? '', since } as const
      await tasks.add(Array.from({ length: 8 }, () => task))
      await sleep(20)
    }
  })()
  const signIns = await Promise.all(
    Array.from({ length: 20 }, (_, n) => signedIn(person, n % 2 ? 'shop' : 'exam')),
  )
  signingIn = false
  await ending
  await untilDone()
  expect(await Promise.all(signIns.map((isGood) => isGood()))).toEqual(signIns.map(() => true))
})
