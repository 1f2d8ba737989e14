import * as oidc from 'openid-client'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'
import {
  addToRegistry,
  loginPersonOf,
  registerUnit,
  type SampleUnit,
  sampleUnit,
  successor,
  toHandlersCode,
  toRepresentativesCode,
} from '../support/units.ts'
import { clients, relyingParty, signIn } from './platform.ts'

const office = {
  ...clients.exam,
  client_id: 'exam',
  scope: 'openid offline_access profile phone identity organisation',
}
let platform: TestPlatform
beforeAll(async () => {
  const supplier = { ...office, client_id: 'shop', first_party: false }
  platform = await testPlatform({ clients: [office, supplier], env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

const scope = office.scope

async function signedIn(unit: SampleUnit, params: Readonly<Record<string, string>> = { scope }) {
  const { config, ask } = await relyingParty(platform.issuer, 'exam')
  const { url, tokens } = await ask({ prompt: 'consent', ...params })
  const given = await tokens(
    await signIn(personAtForms().browser, url, signInFields(loginPersonOf(unit))),
  )
  const sub = String(given.claims()?.sub)
  const userinfo = () => oidc.fetchUserInfo(config, given.access_token, sub)
  return { config, given, sub, userinfo }
}

const claimsOf = (unit: SampleUnit, confirmed: boolean) => ({
  sub: expect.stringMatching(/^[\w-]{22}$/),
  preferred_username: unit.username,
  name: unit.unitName,
  user_type: 'organisation',
  phone_number: `+86${unit.handler.phone}`,
  phone_number_verified: true,
  org_name: unit.unitName,
  org_id_type: 'uscc',
  org_id_number: unit.code,
  org_confirmed: confirmed,
})

test('a relying party learns the unit, and nothing of its handler but the phone', async () => {
  const unit = sampleUnit({ unitName: '深圳市𠮷样（集团）有限公司' })
  await registerUnit(platform, unit)
  const { userinfo } = await signedIn(unit)
  // Equal as a whole: no gender, birth date, ID document or name of the person.
  expect(await userinfo()).toEqual(claimsOf(unit, false))
})

test('each scope gives its own', async () => {
  const unit = sampleUnit()
  await registerUnit(platform, unit)
  const all = claimsOf(unit, false)
  const { sub, org_name, org_id_type, org_id_number, org_confirmed } = all
  const { preferred_username, name, user_type } = all
  for (const [asked, expected] of [
    ['openid', {}],
    ['openid identity', { name }],
    ['openid profile', { preferred_username, name, user_type }],
    ['openid organisation', { org_name, org_id_type, org_id_number, org_confirmed }],
  ] as const) {
    const { userinfo } = await signedIn(unit, { scope: asked })
    expect([asked, await userinfo()]).toEqual([asked, { sub, ...expected }])
  }
})

test('the ID token tells it when the claims parameter asks', async () => {
  const unit = sampleUnit()
  await registerUnit(platform, unit)
  const claims = JSON.stringify({ id_token: { org_confirmed: null, org_id_number: null } })
  const { given } = await signedIn(unit, { scope: 'openid organisation', claims })
  expect(given.claims()).toMatchObject({ org_confirmed: false, org_id_number: unit.code })
})

test('a client whose metadata does not name the scope learns no unit', async () => {
  const unit = sampleUnit()
  const done = await registerUnit(platform, unit, personAtForms(), undefined)
  expect(done.heading).toBe('注册成功')
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  const exam = await at.send(login, signInFields(loginPersonOf(unit)))
  // 考生服务系统: somebody is signed in, by the unit's name, and has no document of a person.
  expect([exam.url.href, exam.status]).toEqual([`${platform.exam.url}/`, 200])
  expect(exam.text).toContain(unit.unitName)
  for (const word of [unit.code, unit.handler.name, unit.handler.idNumber])
    expect(exam.html).not.toContain(word)
})

test.each([
  ['another handler', toHandlersCode, false],
  ['the legal representative', toRepresentativesCode, true],
])(
  'with %s the account is the same, and all that was signed in has ended',
  async (_, way, confirms) => {
    const unit = sampleUnit()
    await registerUnit(platform, unit)
    const before = await signedIn(unit)
    const next = { ...successor(), ...(confirms && { person: unit.legalRepresentative }) }
    await platform.issueCard(next.person)
    await addToRegistry(platform, unit)
    const at = personAtForms()
    const { page, fields } = await way(platform, at, unit, next)
    await at.send(page, fields)

    await expect(before.userinfo()).rejects.toThrow()
    const refresh = oidc.refreshTokenGrant(before.config, String(before.given.refresh_token))
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' })
    const changed = { ...unit, handler: next.person, password: next.password }
    const after = await signedIn(changed)
    expect(await after.userinfo()).toEqual({ ...claimsOf(changed, confirms), sub: before.sub })
  },
)

test('授权 shows the unit by its whole name and its masked code, and nothing that only people have', async () => {
  const unit = sampleUnit({ unitName: '深圳市样例供应有限公司' })
  await registerUnit(platform, unit)
  const { ask } = await relyingParty(platform.issuer, 'shop')
  const at = personAtForms()
  const login = await at.open((await ask({ scope })).url)
  const page = await at.send(login, signInFields(loginPersonOf(unit)))
  expect(page.heading).toBe('授权')
  expect(page.html.match(/<legend>[^<]+/g)).toEqual(
    ['基本信息', '证件信息', '手机号码'].map((name) => `<legend>${name}`),
  )
  expect(page.text).toContain(`单位名称${unit.unitName}`)
  expect(page.text).toContain(`${unit.code.slice(0, 3)}***********${unit.code.slice(-4)}`)
  expect(page.text).not.toContain(unit.code)
  expect(page.text).not.toMatch(/性别|出生日期/)
  expect(page.html).not.toContain(unit.handler.name)
})
