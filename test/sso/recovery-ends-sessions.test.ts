import * as oidc from 'openid-client'
import { until } from '../../sandbox/ports.mjs'
import { signedInAt } from '../support/account-pages.ts'
import { enrolled } from '../support/enrolled.ts'
import { digits, type SamplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  newPassword,
  personFields,
  toCodeStep,
  toResetStep,
  withChangeCode,
} from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'
import { callback, clients, relyingParty, signIn } from './platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ clients: [clients.exam], env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())

/** A person with sessions at a client with offline access, at 考生服务系统 and at the account pages. */
async function signedInEverywhere() {
  const person = await enrolled(platform)
  const { config, ask } = await relyingParty(platform.issuer)
  const offlineClient = personAtForms()
  const scope = 'openid offline_access profile'
  const request = await ask({ scope, prompt: 'consent' })
  const tokens = await request.tokens(
    await signIn(offlineClient.browser, request.url, signInFields(person)),
  )

  const exam = personAtForms()
  const login = await exam.open(`${platform.exam.url}/login`)
  expect((await exam.send(login, signInFields(person))).text).toContain(person.name)
  const { at: account } = await signedInAt(platform, person)

  // An authorization code of this session that is not exchanged yet.
  const another = await ask({ scope })
  const { path } = await offlineClient.browser.visit(another.url, callback)
  const answer = path.at(-1) as URL
  expect(answer.searchParams.has('code')).toBe(true)
  return {
    person,
    config,
    ask,
    offlineClient,
    tokens,
    exam,
    account,
    exchange: () => another.tokens(answer),
  }
}
type Sessions = Awaited<ReturnType<typeof signedInEverywhere>>

/** Expects that all sessions and tokens end with the next request. */
async function expectAllEnded({ config, ask, offlineClient, tokens, account, ...more }: Sessions) {
  const invalid = { error: 'invalid_grant' }
  const refreshed = oidc.refreshTokenGrant(config, String(tokens.refresh_token))
  await expect(refreshed).rejects.toMatchObject(invalid)
  await expect(more.exchange()).rejects.toMatchObject(invalid)
  const userinfo = oidc.fetchUserInfo(config, tokens.access_token, oidc.skipSubjectCheck)
  await expect(userinfo).rejects.toMatchObject({ status: 401 })
  const silent = await offlineClient.browser.visit((await ask({ prompt: 'none' })).url, callback)
  expect(silent.path.at(-1)?.searchParams.get('error')).toBe('login_required')
  expect((await account.open(`${platform.issuer}/account`)).heading).toBe('登录')
}

/** Waits until back-channel logout has ended the session at 考生服务系统. */
const expectExamLoggedOut = ({ exam, person }: Sessions) =>
  until(async () => !(await exam.open(platform.exam.url)).text.includes(person.name), {
    seconds: 60,
    what: '考生服务系统 to hear of it',
  })

test('a password reset immediately ends sessions, codes, access and refresh tokens, and logs out at the clients', async () => {
  const sessions = await signedInEverywhere()
  const at = personAtForms()
  const reset = await toResetStep(platform, at, sessions.person)
  expect((await at.send(reset, newPassword('a brand new passphrase'))).heading).toBe('重置成功')
  await expectAllEnded(sessions)
  await expectExamLoggedOut(sessions)
})

test('a change of phone ends the same sessions and tokens', async () => {
  const sessions = await signedInEverywhere()
  const now: SamplePerson = { ...sessions.person, phone: `13${digits(9)}` }
  await platform.issueCard(now)
  const at = personAtForms()
  const offers = await toCodeStep(platform, at, personFields(now))
  const { page, fields } = await withChangeCode(platform, at, offers, now)
  expect((await at.send(page, fields)).heading).toBe('更换成功')
  await expectAllEnded(sessions)
  await expectExamLoggedOut(sessions)
})

test('recovering a username does not end any session', async () => {
  const { person, account } = await signedInEverywhere()
  const at = personAtForms()
  const sent = await at.send(await toCodeStep(platform, at, personFields(person)), {}, 'send')
  await until(async () => (await platform.messages(person.phone)).length, {
    seconds: 60,
    what: 'the code',
  })
  const done = await at.send(sent, { smsCode: await platform.codeFor(person.phone) })
  expect(done.heading).toBe('找回用户名成功')
  expect((await account.open(`${platform.issuer}/account`)).heading).toBe('用户信息')
})
