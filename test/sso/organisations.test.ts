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

const officeClient = {
  ...clients.exam,
  client_id: 'exam',
  scope: 'openid offline_access profile phone identity organisation',
}
let platform: TestPlatform
beforeAll(async () => {
  const supplier = { ...officeClient, client_id: 'shop', first_party: false }
  platform = await testPlatform({
    clients: [officeClient, supplier],
    env: { LIMITS_SCALE: '60000' },
  })
})
afterAll(() => platform.close())

const scope = officeClient.scope

async function signedIn(unit: SampleUnit, params: Readonly<Record<string, string>> = { scope }) {
  const { config, ask } = await relyingParty(platform.issuer, 'exam')
  const { url, tokens } = await ask({ prompt: 'consent', ...params })
  const tokenResponse = await tokens(
    await signIn(personAtForms().browser, url, signInFields(loginPersonOf(unit))),
  )
  const sub = String(tokenResponse.claims()?.sub)
  const userinfo = () => oidc.fetchUserInfo(config, tokenResponse.access_token, sub)
  return { config, tokenResponse, sub, userinfo }
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

test('a relying party receives the unit and, of its handler, only the phone', async () => {
  const unit = sampleUnit({ unitName: '深圳市𠮷样（集团）有限公司' })
  await registerUnit(platform, unit)
  const { userinfo } = await signedIn(unit)
  // The comparison is exact, so that gender, birth date, ID document and name of the person are excluded.
  expect(await userinfo()).toEqual(claimsOf(unit, false))
})

test('each scope discloses its own claims', async () => {
  const unit = sampleUnit()
  await registerUnit(platform, unit)
  const all = claimsOf(unit, false)
  const { sub, org_name, org_id_type, org_id_number, org_confirmed } = all
  const { preferred_username, name, user_type } = all
  for (const [requested, expected] of [
    ['openid', {}],
    ['openid identity', { name }],
    ['openid profile', { preferred_username, name, user_type }],
    ['openid organisation', { org_name, org_id_type, org_id_number, org_confirmed }],
  ] as const) {
    const { userinfo } = await signedIn(unit, { scope: requested })
    expect([requested, await userinfo()]).toEqual([requested, { sub, ...expected }])
  }
})

test('the ID token contains claims of the unit when the claims parameter requests them', async () => {
  const unit = sampleUnit()
  await registerUnit(platform, unit)
  const claims = JSON.stringify({ id_token: { org_confirmed: null, org_id_number: null } })
  const { tokenResponse } = await signedIn(unit, { scope: 'openid organisation', claims })
  expect(tokenResponse.claims()).toMatchObject({ org_confirmed: false, org_id_number: unit.code })
})

test('a client whose metadata does not allow the scope receives no claims of the unit', async () => {
  const unit = sampleUnit()
  const done = await registerUnit(platform, unit, personAtForms(), undefined)
  expect(done.heading).toBe('注册成功')
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  const exam = await at.send(login, signInFields(loginPersonOf(unit)))
  // 考生服务系统 shows the name of the unit and no document.
  expect([exam.url.href, exam.status]).toEqual([`${platform.exam.url}/`, 200])
  expect(exam.text).toContain(unit.unitName)
  for (const word of [unit.code, unit.handler.name, unit.handler.idNumber])
    expect(exam.html).not.toContain(word)
})

test.each([
  ['another handler', toHandlersCode, false],
  ['the legal representative', toRepresentativesCode, true],
])(
  'a change to %s keeps the account and ends all its sessions and tokens',
  async (_, toLastCode, confirms) => {
    const unit = sampleUnit()
    await registerUnit(platform, unit)
    const before = await signedIn(unit)
    const next = { ...successor(), ...(confirms && { person: unit.legalRepresentative }) }
    await platform.issueCard(next.person)
    await addToRegistry(platform, unit)
    const at = personAtForms()
    const { page, fields } = await toLastCode(platform, at, unit, next)
    await at.send(page, fields)

    await expect(before.userinfo()).rejects.toThrow()
    const refresh = oidc.refreshTokenGrant(
      before.config,
      String(before.tokenResponse.refresh_token),
    )
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' })
    const changed = { ...unit, handler: next.person, password: next.password }
    const after = await signedIn(changed)
    expect(await after.userinfo()).toEqual({ ...claimsOf(changed, confirms), sub: before.sub })
  },
)

test('授权 shows the full name and the masked code of the unit, and no claims of people', async () => {
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
