import { setTimeout as sleep } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { until } from '../../sandbox/ports.mjs'
import { tasksMongo } from '../../src/adapters/tasks/tasks-mongo.ts'
import { signedInAt } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { enrolled } from '../support/enrolled.ts'
import type { SamplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'
import { clients, relyingParty, signIn } from './platform.ts'

const newPassword = 'another staple 4711'
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({
    clients: [clients.exam, clients.shop],
    // The tasks of a change are carried out by any of the processes.
    processes: 2,
    env: {
      LIMITS_SCALE: '1000',
    },
  })
})
afterAll(() => platform.close())

/** Signs in at a client in a new browser and returns a check whether the refresh token is still valid. */
async function signInAndCheck(person: SamplePerson, id: 'exam' | 'shop' = 'exam') {
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

test('a change of the password ends earlier sign-ins, and none that begin after it, however soon', async () => {
  const person = await enrolled(platform)
  const before = await Promise.all([signInAndCheck(person), signInAndCheck(person, 'shop')])
  const { at, page } = await signedInAt(platform, person, '/account/password')
  const fields = {
    presentPassword: person.password,
    password: newPassword,
    passwordAgain: newPassword,
  }
  const changed = { ...person, password: newPassword }
  expect((await at.send(page, fields)).heading).toBe('密码已修改')
  // The sign-out task runs two seconds later, while these logins go on.
  const after = await Promise.all(
    Array.from({ length: 16 }, async (_, n) => {
      await sleep(n * 200)
      return signInAndCheck(changed, n % 2 ? 'shop' : 'exam')
    }),
  )
  await untilDone()
  expect(await Promise.all(before.map((isGood) => isGood()))).toEqual(before.map(() => false))
  expect(await Promise.all(after.map((isGood) => isGood()))).toEqual(after.map(() => true))
  expect((await at.open(`${platform.issuer}/account`)).heading).toBe('用户信息')
})

test('a new sign-in keeps its tokens while tasks that end older ones run', async () => {
  const person = await enrolled(platform)
  const account = await platform.accounts.findByUsername(person.username)
  const tasks = await tasksMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: Date.now,
    policy: policy().tasks,
  })
  const since = account?.version ?? 0
  let signingIn = true
  const addTasksRepeatedly = (async () => {
    while (signingIn) {
      const task = { kind: 'sign-out', accountId: account?.id ?? '', since } as const
      await tasks.add(Array.from({ length: 8 }, () => task))
      // The next ones come when these are done: on a slow machine they would never end otherwise.
      await untilDone()
    }
  })()
  const signIns = await Promise.all(
    Array.from({ length: 20 }, (_, n) => signInAndCheck(person, n % 2 ? 'shop' : 'exam')),
  )
  signingIn = false
  await addTasksRepeatedly
  expect(await Promise.all(signIns.map((isGood) => isGood()))).toEqual(signIns.map(() => true))
})
