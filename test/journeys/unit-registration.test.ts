import { testClock } from '../support/clock.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, register } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'
import {
  addToRegistry,
  claimantFields,
  registerUnit,
  sampleUnit,
  toHandlerStep,
  toUnitStep,
  toUnitsCode,
  unitFields,
  unitLoginFields,
} from '../support/units.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())

const steps = ['填写登录信息', '填写单位信息', '填写经办人信息', '填写验证信息', '注册成功']
const stepper = ({ html }: FilledPage) =>
  [...html.matchAll(/aria-hidden="true">\d<\/span><span>([^<]*)/g)].map(([, name]) => name)
const calls = () => callsOf(platform)

describe('单位用户注册', () => {
  test('leads from 立即注册 at a client through all steps back to the login', async () => {
    const unit = sampleUnit()
    await platform.issueCard(unit.handler)
    await addToRegistry(platform, unit)
    const at = personAtForms()
    const person = await at.open(`${platform.exam.url}/register`)
    expect(person.link('单位用户注册')).toBeDefined()
    const login = await at.open(new URL(String(person.link('单位用户注册')), person.url).href)
    expect(stepper(login)).toEqual(steps)
    expect([login.heading, login.html]).toEqual([
      steps[0],
      expect.stringContaining('来自：考生服务系统'),
    ])
    expect(login.link('个人用户注册')).toMatch(/^\/register\?interaction=/)

    const about = await at.send(login, unitLoginFields(unit))
    expect([about.heading, about.options('idType')]).toEqual([steps[1], ['统一社会信用代码']])
    const handler = await at.send(about, unitFields(unit))
    expect([handler.heading, handler.options('idType')[0]]).toEqual([steps[2], '居民身份证'])
    const bank = await at.send(handler, claimantFields(unit.handler))
    expect(bank.heading).toBe(steps[3])
    const sent = await at.send(bank, bankFields(unit.handler), 'send')
    const done = await at.send(sent, {
      ...bankFields(unit.handler),
      smsCode: await platform.codeFor(unit.handler.phone),
    })
    expect(done.heading).toBe(steps[4])
    expect(done.text).toContain(unit.username)
    expect(done.text).toContain('可以关闭本页面')
    expect(done.link('设置密保问题')).toBe('/account/questions')
    const signIn = await at.open(new URL(String(done.link('返回业务系统登录')), done.url).href)
    expect(signIn.heading).toBe('登录')
  })

  test('ends with a link to the confirmation if the handler is not the legal representative', async () => {
    const done = await registerUnit(platform, sampleUnit())
    expect(done.text).toContain('单位尚未经法定代表人确认')
    expect(done.link('法定代表人确认')).toBe('/organisation/legal-representative')
    expect(done.link('用户信息维护')).toBe('/account')
  })

  test('confirms the unit at once if the legal representative is the handler', async () => {
    const legalRepresentative = samplePerson()
    const done = await registerUnit(
      platform,
      sampleUnit({ legalRepresentative, handler: legalRepresentative }),
    )
    expect(done.text).toContain('单位已经法定代表人确认')
  })

  test('does not confirm the unit for another person with the same document number', async () => {
    const legalRepresentative = samplePerson({ idNumber: 'E12345678' })
    const handler = samplePerson({ name: '另一个人', idType: 'passport', idNumber: 'E12345678' })
    const done = await registerUnit(platform, sampleUnit({ legalRepresentative, handler }))
    expect(done.text).toContain('单位尚未经法定代表人确认')
    const same = samplePerson({ idType: 'passport', idNumber: 'E87654321', name: 'Anna Berg' })
    const own = sampleUnit({ legalRepresentative: same, handler: same })
    expect((await registerUnit(platform, own)).text).toContain('单位已经法定代表人确认')
  })

  test('allows a handler who has their own account and handles several units', async () => {
    const handler = samplePerson()
    await register(platform, personAtForms(), handler)
    for (let units = 0; units < 3; units += 1) {
      // The phone must wait a minute between two messages.
      turn(60)
      const unit = sampleUnit({ handler })
      expect((await registerUnit(platform, unit)).heading).toBe('注册成功')
    }
    const later = sampleUnit()
    await registerUnit(platform, later)
    turn(60)
    const own = await register(platform, personAtForms(), later.handler)
    expect(own.heading).toBe('注册成功')
  })

  test('normalises input in full width, with spaces or in lower case', async () => {
    const unit = sampleUnit()
    await platform.issueCard(unit.handler)
    await addToRegistry(platform, unit)
    const at = personAtForms()
    const handler = await at.send(await toUnitStep(platform, at, unit), {
      ...unitFields(unit),
      unitName: ` ${unit.unitName.replace('（', '(').replace('）', ')')} `,
      idNumber: unit.code.toLowerCase().replace(/(.{6})/g, '$1 '),
      legalRepresentative: unit.legalRepresentative.name.replace('·', '•'),
      legalRepresentativeIdNumber: unit.legalRepresentative.idNumber.replace(/(.{6})/g, '$1 '),
    })
    expect(handler.heading).toBe('填写经办人信息')
  })
})

describe('填写单位信息', () => {
  const today = { length: 18 }
  test.each([
    ['unitName', chinese('unitName.missing'), { unitName: ' ' }],
    ['unitName', chinese('unitName.length', { most: 128 }), { unitName: '厂'.repeat(129) }],
    ['unitName', chinese('text.unreadable'), { unitName: '厂\u0007' }],
    ['idType', chinese('idType.missing'), { idType: 'resident_id' }],
    ['idNumber', chinese('uscc.missing'), { idNumber: '' }],
    ['idNumber', chinese('uscc.short', today), { idNumber: '9135020077604965' }],
    ['idNumber', chinese('uscc.long', today), { idNumber: '91350200776049653AA' }],
    ['idNumber', chinese('uscc.characters'), { idNumber: '9135020077604965IA' }],
    ['legalRepresentative', chinese('legalRepresentative.missing'), { legalRepresentative: '' }],
    ['legalRepresentative', chinese('name.characters'), { legalRepresentative: '张三1' }],
    [
      'legalRepresentative',
      chinese('name.length', { most: 64 }),
      { legalRepresentative: '张'.repeat(65) },
    ],
    [
      'legalRepresentativeIdNumber',
      chinese('legalRepresentativeIdNumber.missing'),
      { legalRepresentativeIdNumber: '' },
    ],
    [
      'legalRepresentativeIdNumber',
      chinese('idNumber.checksum'),
      { legalRepresentativeIdNumber: '110105194912310021' },
    ],
    [
      'legalRepresentativeIdNumber',
      chinese('idNumber.short', today),
      { legalRepresentativeIdNumber: '11010519491231002' },
    ],
    [
      'legalRepresentativeIdNumber',
      chinese('idNumber.fifteen'),
      { legalRepresentativeIdNumber: '110105491231002' },
    ],
  ])('%s: %s', async (field, sentence, typed) => {
    const at = personAtForms()
    const unit = sampleUnit()
    const before = await calls()
    const all = { ...unitFields(unit), ...typed }
    const page = await at.send(await toUnitStep(platform, at, unit), all)
    expectRefusal(page, field, sentence)
    for (const [name, value] of Object.entries(all))
      if (name !== 'idType') expect(page.value(name)).toBe(value)
    expect(await calls()).toEqual(before)
  })

  test('a code with a wrong check character is questioned once, and then the registry decides', async () => {
    const at = personAtForms()
    const unit = sampleUnit({ code: '91350203M0001QAY9B' })
    await addToRegistry(platform, unit)
    const asked = await at.send(await toUnitStep(platform, at, unit), unitFields(unit))
    expectRefusal(asked, 'idNumber', chinese('uscc.check'))
    const other = sampleUnit({ code: '91350203M0001QAY8B' })
    const changed = await at.send(asked, unitFields(other))
    expectRefusal(changed, 'idNumber', chinese('uscc.check'))
    const back = await at.send(changed, unitFields(unit))
    expectRefusal(back, 'idNumber', chinese('uscc.check'))
    const wrong = { ...unitFields(unit), idNumber: ' 91350203m0001qay9b' }
    const differs = await at.send(back, { ...wrong, unitName: '另一家公司' })
    expectRefusal(differs, 'form', chinese('registry.mismatch'))
    // The same code is not questioned again.
    expect((await at.send(differs, wrong)).heading).toBe('填写经办人信息')
  })

  test('an unknown unit and every difference get the same refusal', async () => {
    const at = personAtForms()
    const unit = sampleUnit()
    const page = await toUnitStep(platform, at, unit)
    expectRefusal(await at.send(page, unitFields(unit)), 'form', chinese('registry.mismatch'))
    await addToRegistry(platform, unit)
    for (const wrong of [
      { unitName: '深圳市另一家有限公司' },
      { legalRepresentative: '李四' },
      { legalRepresentativeIdNumber: samplePerson().idNumber },
    ]) {
      const refused = await at.send(page, { ...unitFields(unit), ...wrong })
      expectRefusal(refused, 'form', chinese('registry.mismatch'))
    }
    expect((await at.send(page, unitFields(unit))).heading).toBe('填写经办人信息')
  })

  test('an outage of the registry is reported and keeps the input', async () => {
    const at = personAtForms()
    const unit = sampleUnit()
    const page = await toUnitStep(platform, at, unit)
    await addToRegistry(platform, unit)
    await platform.simulator('PUT', '/faults', { registry: 'down' })
    const out = await at.send(page, unitFields(unit))
    expectRefusal(out, 'form', '单位登记核验服务暂不可用，请稍后再试', 503)
    expect(out.headers.get('retry-after')).toBeTruthy()
    expect(out.value('unitName')).toBe(unit.unitName)
    await platform.simulator('PUT', '/faults', { registry: 'ok' })
    expect((await at.send(out, unitFields(unit))).heading).toBe('填写经办人信息')
  })

  test('a code that has an account is refused with a link to 忘记用户名？ and without a call', async () => {
    const first = sampleUnit()
    await registerUnit(platform, first)
    const at = personAtForms()
    const before = await calls()
    const second = sampleUnit({ code: first.code })
    const refused = await at.send(await toUnitStep(platform, at, second), unitFields(first))
    expectRefusal(refused, 'idNumber', '证件已被使用')
    expect(refused.link('忘记用户名？')).toBe('/recover/username')
    expect(await calls()).toEqual(before)
  })

  test('people and units share the usernames', async () => {
    const person = samplePerson()
    await register(platform, personAtForms(), person)
    const at = personAtForms()
    const page = await toUnitStep(
      platform,
      at,
      sampleUnit({ username: person.username.toUpperCase() }),
    )
    expectRefusal(page, 'username', '用户名已被使用')
  })

  test('going back without a change causes no second call', async () => {
    const at = personAtForms()
    const handler = await toHandlerStep(platform, at, sampleUnit())
    const before = await calls()
    const unit = await at.send(handler, {}, 'back')
    expect(unit.heading).toBe('填写单位信息')
    expect((await at.send(unit, {})).heading).toBe('填写经办人信息')
    expect(await calls()).toEqual(before)
  })
})

describe('填写经办人信息 and 填写验证信息', () => {
  test.each([
    ['name', chinese('name.missing'), { name: '' }],
    ['idType', chinese('idType.missing'), { idType: 'uscc' }],
    ['idNumber', chinese('idNumber.checksum'), { idNumber: '110105194912310021' }],
  ])('%s: %s', async (field, sentence, typed) => {
    const at = personAtForms()
    const unit = sampleUnit()
    const page = await toHandlerStep(platform, at, unit)
    const refused = await at.send(page, { ...claimantFields(unit.handler), ...typed })
    expectRefusal(refused, field, sentence)
  })

  test('a refusal by the bank has a case number and leaves the code valid', async () => {
    const at = personAtForms()
    const unit = sampleUnit()
    const { page, fields } = await toUnitsCode(platform, at, unit)
    const refused = await at.send(page, fields)
    expectRefusal(refused, 'form', '人员姓名或证件名或证件号与银行登记不匹配')
    expect(refused.text).toContain('受理编号')
    await platform.issueCard(unit.handler)
    expect((await at.send(refused, fields)).heading).toBe('注册成功')
  })

  test('the unit can be changed after going back, which frees the first one’s code', async () => {
    const at = personAtForms()
    const [unit, other] = [sampleUnit(), sampleUnit()]
    await platform.issueCard(unit.handler)
    await addToRegistry(platform, other)
    const { page, fields } = await toUnitsCode(platform, at, unit)
    const handler = await at.send(page, {}, 'back')
    const about = await at.send(handler, {}, 'back')
    expect((await at.send(about, unitFields(other))).step).toContain('填写验证信息')
    expect((await at.send(page, fields)).heading).toBe('注册成功')
    // The code of the first unit is still free.
    const again: SamplePerson = samplePerson()
    const free = sampleUnit({ code: unit.code, handler: again })
    expect((await registerUnit(platform, free)).heading).toBe('注册成功')
  })
})
