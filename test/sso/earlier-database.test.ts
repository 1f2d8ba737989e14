import * as oidc from 'openid-client'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { signedInAt } from '../support/account-pages.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { earlierDatabase, loadEarlierDatabase } from '../support/earlier-database.ts'
import { threeAnswers } from '../support/enrolled.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { toMethodStep } from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'
import { clients, relyingParty, signIn } from './platform.ts'

const { keys, person, unit, refreshToken } = earlierDatabase
const century = 3_000_000_000

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({
    env: { ...keys, LIMITS_SCALE: '1000' },
    clients: [clients.exam, clients.shop],
    prepare: loadEarlierDatabase,
    policy: (usual) =>
      ({
        ...usual,
        tokens: { ...usual.tokens, refreshIdle: century, refreshMost: century },
      }) as unknown as Policy,
  })
})
afterAll(() => platform.close())

test('the start migrates the documents and records the schema', async () => {
  const { mongodb } = platform.stores
  const [first] = await mongodb.collection('schema_migrations').find().toArray()
  expect(String(first?._id)).toBe('0001-absent-fields')
  expect(await mongodb.collection('accounts').countDocuments({ kind: 'individual' })).toBe(1)
  expect(await mongodb.collection('clients').countDocuments({ owner: { $exists: false } })).toBe(0)
})

test('a person and a unit sign in with their passwords', async () => {
  for (const { username, password } of [person, unit]) {
    const { ask } = await relyingParty(platform.issuer)
    const { url, tokens } = await ask({ scope: 'openid profile' })
    const answer = await signIn(
      cookieBrowser(),
      url,
      signInFields({ ...person, username, password }),
    )
    expect((await tokens(answer)).claims()?.sub).toEqual(expect.any(String))
  }
})

test('a refresh token of before works', async () => {
  const { config } = await relyingParty(platform.issuer)
  const { access_token: access } = await oidc.refreshTokenGrant(config, refreshToken)
  expect(await oidc.fetchUserInfo(config, access, oidc.skipSubjectCheck)).toHaveProperty('sub')
})

test('the account pages show what was stored: permissions, records, sign-ins', async () => {
  const { at, page } = await signedInAt(platform, person)
  expect(page.heading).toBe('用户信息')
  const text = async (path: string) => (await at.open(`${platform.issuer}${path}`)).text
  expect(await text('/account/permissions')).toContain('社区商店')
  expect(await text('/account/records')).toContain('登录成功')
})

test('username and document are taken, and the document finds the account', async () => {
  const { accounts } = platform
  const document = { type: person.idType, number: person.idNumber }
  expect(await accounts.usernameTaken(person.username.toUpperCase())).toBe(true)
  expect(await accounts.documentTaken(document)).toBe(true)
  expect((await accounts.findByDocument(document))?.username).toBe(person.username)
})

test('the answers to the security questions still prove who the person is', async () => {
  const at = personAtForms()
  const method = await toMethodStep(platform, at, person.username)
  const asked = await at.send(method, {}, 'questions')
  const answers = Object.values(threeAnswers).map((answer, at) => [`answer${at + 1}`, answer])
  const reset = await at.send(asked, Object.fromEntries(answers))
  expect(reset.step).toContain('重置密码')
})
