import { testClock } from '../support/clock.ts'
import { lookUp, operatorsOf } from '../support/console.ts'
import { importedLine } from '../support/imported-lines.ts'
import { digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  messagesOf,
  newPassword,
  personFields,
  toCodeStep,
  toResetStep,
  withChangeCode,
  withPhoneCode,
} from '../support/recovering.ts'
import { bankFields } from '../support/registering.ts'
import {
  addToRegistry,
  sampleUnit,
  successor,
  toRepresentativesCode,
  unitFields,
} from '../support/units.ts'
import { importLine, importPerson } from '../support/unproved.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

async function imported(more: Partial<SamplePerson> = {}): Promise<SamplePerson> {
  const person = samplePerson(more)
  await importPerson(platform, person)
  return person
}

/** The person with another phone, which the bank knows. */
async function atBank(person: SamplePerson, more: Partial<SamplePerson> = {}) {
  const now = { ...person, phone: `13${digits(9)}`, ...more }
  await platform.issueCard(now)
  return now
}

async function signIn({ username, password }: Pick<SamplePerson, 'username' | 'password'>) {
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  return at.send(login, { username, password, captcha: fixedAnswer })
}

test('找回用户名 sends nothing to the imported phone, and leads on by the bank', async () => {
  const before = await imported()
  const at = personAtForms()
  const step = await toCodeStep(platform, at, personFields(before))
  const page = await at.send(step, {}, 'send')
  const unknown = await at.send(
    await toCodeStep(platform, at, personFields(samplePerson())),
    {},
    'send',
  )
  expect([page.status, page.faults, page.text]).toEqual([
    unknown.status,
    unknown.faults,
    unknown.text,
  ])
  await platform.settled()
  expect(await platform.messages(before.phone)).toEqual([])

  // A stranger who knows the imported password has 实名认证 open.
  const stranger = personAtForms()
  const login = await stranger.open(`${platform.exam.url}/login`)
  const { username, password } = before
  const pending = await stranger.send(login, { username, password, captcha: fixedAnswer })
  expect(pending.heading).toBe('实名认证')

  const now = await atBank(before)
  const change = await withChangeCode(platform, at, page, now)
  const changed = await at.send(change.page, change.fields)
  expect([changed.heading, changed.text]).toEqual([
    '更换成功',
    expect.stringContaining('原密码已失效'),
  ])
  expect(await platform.messages(before.phone)).toEqual([])

  // A phone gets one code a minute.
  turn(61)
  const fresh = personAtForms()
  const waiting = await fresh.send(await toCodeStep(platform, fresh, personFields(now)), {}, 'send')
  await platform.settled()
  const told = await fresh.send(waiting, { smsCode: await platform.codeFor(now.phone) })
  expect(told.heading).toBe('找回用户名成功')
  const messages = await messagesOf(platform, now, 3)
  expect(messages[0].params.username).toBe(before.username)
  const late = { ...bankFields(now), agreement: 'yes', smsCode: '123456' }
  const refused = await stranger.send(pending, late)
  expect(refused.faults[0]).toContain('已在别处完成实名认证')
  expect((await signIn(before)).faults[0]).toContain('用户名或密码')
})

test('找回密码 ends as with a wrong phone, and leads on by the bank to a new password', async () => {
  const before = await imported()
  const at = personAtForms()
  const { page, fields } = await withPhoneCode(platform, at, before)
  const refused = await at.send(page, fields)
  expect(refused.faults[0]).toContain('证件号或手机号码与注册信息不一致')
  const now = await atBank(before)
  const change = await withChangeCode(platform, at, refused, now)
  expect((await at.send(change.page, change.fields)).heading).toBe('更换成功')
  turn(61)
  const person = personAtForms()
  const reset = await toResetStep(platform, person, now)
  const password = `another horse ${digits(6)}`
  expect((await person.send(reset, newPassword(password))).heading).toBe('重置成功')
  expect((await signIn(before)).status).toBe(422)
  const page2 = await signIn({ ...before, password })
  expect(page2.heading).toBe('请确认用户协议和隐私政策')
})

test('only the person whom the bank confirms gets the imported username', async () => {
  const before = await imported()
  const stranger = await atBank(samplePerson())
  const at = personAtForms()
  const page = await toCodeStep(platform, at, personFields(before))
  const change = await withChangeCode(platform, at, page, stranger)
  const refused = await at.send(change.page, change.fields)
  expect(refused.faults[0]).toContain('人员姓名或证件名或证件号与银行登记不匹配')
  expect(await platform.accounts.findByUsername(before.username)).toBeUndefined()
})

test('the legal representative proves an imported organisation and sets its password', async () => {
  const unit = sampleUnit()
  await importLine(platform, {
    ...importedLine({ ...unit.handler, username: unit.username }),
    ...{ name: unit.unitName, id_type: 'uscc', id_number: unit.code },
  })
  await addToRegistry(platform, unit)
  const at = personAtForms()
  const step = await toCodeStep(platform, at, {
    name: unit.unitName,
    userType: 'organisation',
    idType: 'uscc',
    idNumber: unitFields(unit).idNumber,
    captcha: fixedAnswer,
  })
  await at.send(step, {}, 'send')
  await platform.settled()
  expect(await platform.messages(unit.handler.phone)).toEqual([])
  const next = { ...successor(), person: unit.legalRepresentative }
  await platform.issueCard(next.person)
  const representative = personAtForms()
  const { page, fields } = await toRepresentativesCode(platform, representative, unit, next)
  const replaced = await representative.send(page, fields)
  expect(replaced.text).toContain(unit.username)
  expect(await platform.accounts.findByUsername(unit.username)).toMatchObject({
    ...{ kind: 'organisation', confirmedAt: expect.any(Number) },
    ...{ unit: { code: unit.code }, phone: `+86${next.person.phone}` },
  })
  expect((await signIn({ username: unit.username, password: next.password })).status).toBe(200)
})

test('用户查询 shows an imported registration as 未实名, masked, with 解除登录等待 only', async () => {
  const person = await imported()
  const desk = await operatorsOf(platform)
  const browser = await desk.signedIn(await desk.newOperator('security'))
  for (const way of [
    { by: 'username', value: person.username },
    { by: 'document', idType: person.idType, value: person.idNumber },
    { by: 'phone', value: person.phone },
  ]) {
    const page = await lookUp(browser, way)
    const shown = page.$('.results').text()
    expect([way.by, shown.includes('未实名')]).toEqual([way.by, true])
    for (const word of [person.name, person.idNumber, person.phone])
      expect(page.text).not.toContain(word)
    expect(page.$('.results button').text()).toBe('解除登录等待')
  }
  const page = await lookUp(browser, { by: 'username', value: person.username })
  const id = page.$('[data-account-id]').attr('data-account-id')
  expect((await lookUp(browser, { by: 'account', value: id ?? '' })).text).toContain('未实名')
})
