import { until } from '../../sandbox/ports.mjs'
import { signedInAt } from '../support/account-pages.ts'
import { lookUp, operatorsOf } from '../support/console.ts'
import { enrolled, enrolUnit } from '../support/enrolled.ts'
import { digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  newPassword,
  personFields,
  toCodeStep,
  toResetStep,
  waitingForUsername,
  withChangeCode,
} from '../support/recovering.ts'
import { register, signInFields } from '../support/registering.ts'
import { terminal, terminalApi, wantedFor } from '../support/terminal.ts'
import { sampleUnit } from '../support/units.ts'

const machine = await terminal('terminal-1')
let platform: TestPlatform
let browser: Awaited<ReturnType<Awaited<ReturnType<typeof operatorsOf>>['signedIn']>>
beforeAll(async () => {
  platform = await testPlatform({ clients: [machine.metadata], env: { LIMITS_SCALE: '100' } })
  const desk = await operatorsOf(platform)
  browser = await desk.signedIn(await desk.newOperator('security'))
})
afterAll(() => platform.close())

const sentence = '账户已冻结，请致电12333'
const expectFrozen = ({ status, faults }: FilledPage) =>
  expect([status, faults]).toEqual([403, [sentence]])

/** Presses 冻结账户 or 解冻账户 on 用户查询. */
async function press(action: 'freeze' | 'unfreeze', { username }: SamplePerson): Promise<void> {
  const found = await lookUp(browser, { by: 'username', value: username })
  const id = found.$('[data-account-id]').attr('data-account-id')
  expect(found.$(`[formaction="/lookup/${id}/${action}"]`).length).toBe(1)
  const token = String(found.$('.results input[name=token]').attr('value'))
  const reason = '报案处理'
  const done = await browser.post(`/lookup/${id}/${action}`, { token, reason })
  expect(done.$('.success').length).toBe(1)
}

const accountOf = async ({ username }: SamplePerson) => {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('nobody of that name')
  return account
}

test('freezing ends sessions, tells clients, and answers a right password with 403 until it ends', async () => {
  const person = await enrolled(platform)
  const { at } = await signedInAt(platform, person)
  const exam = personAtForms()
  await exam.send(await exam.open(`${platform.exam.url}/login`), signInFields(person))
  expect((await exam.open(`${platform.exam.url}/`)).text).toContain(person.name)
  await press('freeze', person)
  expect((await at.open(`${platform.issuer}/account`)).heading).toBe('登录')
  await until(async () => !(await exam.open(`${platform.exam.url}/`)).text.includes(person.name), {
    seconds: 60,
    what: 'the logout at the exam service',
  })
  expectFrozen((await signedInAt(platform, person)).page)
  const wrong = await signedInAt(platform, { ...person, password: 'not the password' })
  expect([wrong.page.status, wrong.page.text.includes('冻结')]).toEqual([422, false])
  await press('unfreeze', person)
  const { page, at: again } = await signedInAt(platform, person, '/account/records')
  expect(page.text).toMatch(/账户已解冻[\s\S]*账户被冻结/)
  expect((await again.open(`${platform.issuer}/account`)).heading).toBe('用户信息')
})

test('a frozen account says so after password and code, and no message tells of a new device', async () => {
  const person = await enrolled(platform)
  await press('freeze', person)
  const at = personAtForms()
  const login = await at.open(`${platform.issuer}/account`)
  const password = await at.send(login, {}, 'byCode')
  const code = await at.send(password, signInFields(person))
  const smsCode = await platform.codeFor(person.phone)
  expectFrozen(await at.send(code, { smsCode }))
})

test('注销 that was asked for ends with freezing', async () => {
  const person = await enrolled(platform)
  const { id, version } = await accountOf(person)
  await platform.accounts.change({ id, version }, { closingSince: Date.now() }, 'a test')
  await press('freeze', person)
  expect(await accountOf(person)).not.toHaveProperty('closingSince')
})

test('找回用户名 sends no username, and 找回密码 sets no password', async () => {
  const person = await enrolled(platform)
  await press('freeze', person)
  const { at, page, code } = await waitingForUsername(platform, person)
  expectFrozen(await at.send(page, { smsCode: code }))
  const before = await accountOf(person)
  const resetting = personAtForms()
  const reset = await toResetStep(platform, resetting, person)
  expectFrozen(await resetting.send(reset, newPassword('a brand new passphrase')))
  expect(await accountOf(person)).toEqual(before)
  const messages: { template: string }[] = await platform.messages(person.phone)
  expect(new Set(messages.map(({ template }) => template))).toEqual(new Set(['code']))
})

test('更换手机号 changes nothing, and only a confirmed person learns why', async () => {
  const person = await enrolled(platform)
  await press('freeze', person)
  const before = await accountOf(person)
  const now = { ...person, phone: `13${digits(9)}` }
  await platform.issueCard(now)
  const at = personAtForms()
  const offers = await toCodeStep(platform, at, personFields(person))
  const { page, fields } = await withChangeCode(platform, at, offers, now)
  expectFrozen(await at.send(page, fields))
  expect(await accountOf(person)).toEqual(before)
})

test('a recovery that began before the freezing changes nothing after it', async () => {
  const person = await enrolled(platform)
  const at = personAtForms()
  const reset = await toResetStep(platform, at, person)
  await press('freeze', person)
  const before = await accountOf(person)
  expectFrozen(await at.send(reset, newPassword('a brand new passphrase')))
  expect(await accountOf(person)).toEqual(before)
})

test('the terminals’ interface refuses a frozen account with 403 and asks no bank', async () => {
  const person = samplePerson()
  await register(platform, personAtForms(), person, undefined, 'social-security')
  await press('freeze', person)
  const after = { ...person, phone: samplePerson().phone }
  await platform.issueCard(after, 'social-security')
  const api = await terminalApi(platform.issuer)
  const token = await machine.token(platform.issuer)
  const asked = await api.ask(token, await machine.body(wantedFor(after), platform.issuer))
  expect([asked.status, asked.body]).toEqual([
    403,
    expect.objectContaining({ type: 'urn:uup:problem:account-frozen', detail: sentence }),
  ])
})

test('the password of a frozen unit leads to no change of its handler', async () => {
  const handler = await enrolUnit(platform, sampleUnit())
  await press('freeze', handler)
  const at = personAtForms()
  const start = await at.open(`${platform.issuer}/organisation/handler`)
  const { username, password } = handler
  expectFrozen(await at.send(start, { username, password, captcha: fixedAnswer }))
})
