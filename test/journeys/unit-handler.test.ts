import { isSignedIn, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { enrolUnit } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'
import {
  addToRegistry,
  claimantFields,
  loginPersonOf,
  registerUnit,
  type SampleUnit,
  type Successor,
  sampleUnit,
  successor,
  toHandlersCode,
  toRepresentativesCode,
  unitFields,
} from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

/** A registered unit and its future handler, whom the bank confirms. */
async function withSuccessor(more: Partial<SampleUnit> = {}, who: Partial<SamplePerson> = {}) {
  const unit = sampleUnit(more)
  await registerUnit(platform, unit)
  const next = successor(who)
  await platform.issueCard(next.person)
  return { unit, next }
}

/** A registered unit whose legal representative takes over. */
async function withRepresentative(more: Partial<SampleUnit> = {}) {
  const { unit } = await withSuccessor(more)
  const next: Successor = { ...successor(), person: unit.legalRepresentative }
  await platform.issueCard(next.person)
  return { unit, next }
}

const holderAfter = (unit: SampleUnit, { person, password }: Successor) =>
  loginPersonOf({ ...unit, handler: person, password })

async function changed(unit: SampleUnit, next: Successor, way = toHandlersCode) {
  const at = personAtForms()
  const { page, fields } = await way(platform, at, unit, next)
  return at.send(page, fields)
}

const atStart = (way: 'handler' | 'legal-representative', at = personAtForms()) =>
  at.open(`${platform.issuer}/organisation/${way}`)

/** Signs in as the new handler and returns what the account page shows. */
async function seenAt(unit: SampleUnit, next: Successor) {
  const { page } = await signedInAt(platform, holderAfter(unit, next))
  return { heading: page.heading, name: page.value('name'), text: page.text }
}

describe('更换经办人', () => {
  test('the new handler can sign in, the previous one cannot and gets a notice without personal data', async () => {
    const { unit, next } = await withSuccessor()
    const before = await signedInAt(platform, loginPersonOf(unit))
    expect(before.page.value('name')).toBe(unit.handler.name)

    const at = personAtForms()
    const start = await atStart('handler', at)
    expect([start.heading, start.text]).toEqual([
      '验证单位账户',
      expect.stringMatching(/^更换经办人/),
    ])
    const { page, fields } = await toHandlersCode(platform, at, unit, next)
    expect(page.heading).toBe('填写验证信息')
    const done = await at.send(page, fields)
    expect(done.heading).toBe('更换成功')
    expect(done.text).toContain(unit.username)
    expect(done.link('返回登录')).toBe('/account')

    expect(await isSignedIn(platform, before.at)).toBe(false)
    const refused = await signedInAt(platform, loginPersonOf(unit))
    expectRefusal(refused.page, 'form', chinese('login.wrong'))
    expect(await seenAt(unit, next)).toMatchObject({ heading: '用户信息', name: next.person.name })

    await untilNoticeOn(platform, unit.handler.phone, 'handler-changed')
    const [notice] = await platform.messages(unit.handler.phone)
    for (const word of [unit.unitName, unit.handler.name, next.person.name, unit.username])
      expect(notice.text).not.toContain(word)
    expect(await noticesOn(platform, next.person.phone)).toEqual(['code'])
  })

  test('the new handler may have their own account and handle another unit', async () => {
    const { unit, next } = await withSuccessor()
    await register(platform, personAtForms(), next.person)
    const other = await withSuccessor()
    for (const each of [unit, other.unit])
      expect((await changed(each, next)).heading).toBe('更换成功')
  })

  test.each([
    ['username', chinese('username.missing'), { username: '' }],
    ['password', chinese('password.missing'), { password: '' }],
    ['captcha', chinese('captcha.wrong'), { captcha: 'ZZZZ' }],
    ['form', chinese('login.wrong'), { password: 'not the password' }],
    ['form', chinese('login.wrong'), { username: 'nobody.has.this' }],
  ])('验证单位账户 refuses an invalid %s with %s', async (field, sentence, typed) => {
    const { unit } = await withSuccessor()
    const at = personAtForms()
    const { username, password } = unit
    const all = { username, password, captcha: fixedAnswer, ...typed }
    const page = await at.send(await atStart('handler', at), all)
    expectRefusal(page, field, sentence)
    expect([page.value('username'), page.value('password')]).toEqual([all.username, ''])
  })

  test('each try of the password needs a captcha', async () => {
    const { unit } = await withSuccessor()
    const at = personAtForms()
    const { username, password } = unit
    const wrong = await at.send(await atStart('handler', at), {
      username,
      password: 'not the password',
      captcha: fixedAnswer,
    })
    expectRefusal(await at.send(wrong, { username, password }), 'captcha', '请输入图中的数字')
    const right = { username, password, captcha: fixedAnswer }
    const handler = await at.send(wrong, right)
    expect(handler.heading).toBe('填写经办人信息')
    const back = await at.send(handler, {}, 'back')
    expectRefusal(await at.send(back, { username, password }), 'captcha', '请输入图中的数字')
  })

  test("a person's account is refused as such only with the right password", async () => {
    const person = samplePerson()
    await register(platform, personAtForms(), person)
    const at = personAtForms()
    const { username, password } = person
    const typed = { username, password, captcha: fixedAnswer }
    const page = await at.send(await atStart('handler', at), typed)
    expectRefusal(page, 'username', chinese('handlerChange.individual'))
    const wrong = await at.send(page, { ...typed, password: 'not the password' })
    expectRefusal(wrong, 'form', chinese('login.wrong'))
  })

  test('设置新密码 refuses weak and personal passwords and keeps a valid one', async () => {
    const { unit, next } = await withSuccessor()
    const at = personAtForms()
    const { username, password } = unit
    const start = await at.send(await atStart('handler', at), {
      username,
      password,
      captcha: fixedAnswer,
    })
    const page = await at.send(start, claimantFields(next.person))
    for (const [field, code, typed] of [
      ['password', 'password.missing', ''],
      ['password', 'password.common', 'password123'],
      ['password', 'password.personal', username],
      ['password', 'password.personal', unit.code],
      ['password', 'password.personal', next.person.idNumber],
    ] as const)
      expectRefusal(
        await at.send(page, { password: typed, passwordAgain: typed }),
        field,
        chinese(code),
      )
    const differs = { password: next.password, passwordAgain: `${next.password}!` }
    expectRefusal(await at.send(page, differs), 'passwordAgain', chinese('passwordAgain.differs'))
    const typed = { password: next.password, passwordAgain: next.password }
    const bank = await at.send(page, typed)
    const back = await at.send(bank, {}, 'back')
    expect(back.text).toContain('密码已设置。不修改请留空。')
    expect((await at.send(back, {})).heading).toBe('填写验证信息')
  })

  test('a refusal by the bank changes nothing and leaves the code valid', async () => {
    const unit = sampleUnit()
    await registerUnit(platform, unit)
    const next = successor()
    const at = personAtForms()
    const { page, fields } = await toHandlersCode(platform, at, unit, next)
    const refused = await at.send(page, fields)
    expectRefusal(refused, 'form', '人员姓名或证件名或证件号与银行登记不匹配')
    expect((await signedInAt(platform, loginPersonOf(unit))).page.value('name')).toBe(
      unit.handler.name,
    )
    expect(await noticesOn(platform, unit.handler.phone)).toEqual(['code'])
    await platform.issueCard(next.person)
    expect((await at.send(refused, fields)).heading).toBe('更换成功')
  })

  test('an account that was changed meanwhile requires its password again', async () => {
    const { unit, next } = await withSuccessor()
    const at = personAtForms()
    const { page, fields } = await toHandlersCode(platform, at, unit, next)
    const first = successor()
    await platform.issueCard(first.person)
    await changed(unit, first)
    const stale = await at.send(page, fields)
    expectRefusal(stale, 'form', chinese('organisation.stale'))
    expect(stale.heading).toBe('验证单位账户')
    expect((await seenAt(unit, first)).name).toBe(first.person.name)
  })

  test('a confirmation by the legal representative survives a change of the handler', async () => {
    const representative = samplePerson()
    const { unit, next } = await withSuccessor({
      legalRepresentative: representative,
      handler: representative,
    })
    const done = await changed(unit, next)
    expect(done.text).not.toContain('尚未经法定代表人确认')
  })

  test('a new handler who is still the registered legal representative confirms the unit', async () => {
    const { unit, next } = await withRepresentative()
    expect((await changed(unit, next)).text).not.toContain('尚未经法定代表人确认')

    const later = await withRepresentative()
    await addToRegistry(platform, { ...later.unit, legalRepresentative: samplePerson() })
    const done = await changed(later.unit, later.next)
    expect([done.heading, done.text]).toEqual([
      '更换成功',
      expect.stringContaining('尚未经法定代表人确认'),
    ])
  })
})

describe('法定代表人确认', () => {
  test('needs no password and replaces the handler by the legal representative', async () => {
    const { unit, next } = await withRepresentative()
    const before = await signedInAt(platform, loginPersonOf(unit))
    const start = await atStart('legal-representative')
    expect([start.heading, start.has('password')]).toEqual(['填写单位信息', false])
    const done = await changed(unit, next, toRepresentativesCode)
    expect(done.heading).toBe('确认成功')
    expect(done.text).toContain(unit.username)
    expect(await isSignedIn(platform, before.at)).toBe(false)
    expect((await seenAt(unit, next)).name).toBe(next.person.name)
    await untilNoticeOn(platform, unit.handler.phone, 'handler-changed')
  })

  test('can be repeated after another handler has taken over', async () => {
    const { unit, next } = await withRepresentative()
    await changed(unit, next, toRepresentativesCode)
    const rival = successor()
    await platform.issueCard(rival.person)
    await changed({ ...unit, password: next.password }, rival)
    const again = { ...next, password: `${next.password} again` }
    expect((await changed(unit, again, toRepresentativesCode)).heading).toBe('确认成功')
    await untilNoticeOn(platform, rival.person.phone, 'handler-changed')
  })

  test('by the present handler confirms the unit and replaces nobody', async () => {
    const representative = samplePerson({
      idType: 'passport',
      idNumber: 'E5550001',
      name: 'Ana Li',
    })
    const handler = { ...representative, name: 'Ana Maria Li' }
    const unit = sampleUnit({ legalRepresentative: representative, handler })
    expect((await registerUnit(platform, unit)).text).toContain('尚未经法定代表人确认')
    await platform.issueCard(representative)
    const next = { ...successor(), person: representative }
    expect((await changed(unit, next, toRepresentativesCode)).heading).toBe('确认成功')
    await untilNoticeOn(platform, handler.phone, 'password-reset')
    const other = { ...next, person: samplePerson({ ...representative, phone: '13712345678' }) }
    await platform.issueCard(other.person)
    expect((await changed(unit, other, toRepresentativesCode)).heading).toBe('确认成功')
    await untilNoticeOn(platform, handler.phone, 'phone-changed-old')
    await untilNoticeOn(platform, '13712345678', 'phone-changed')
    expect(await noticesOn(platform, handler.phone)).not.toContain('handler-changed')
  })

  test('accepts the legal representative whom the registry names now', async () => {
    const { unit, next } = await withRepresentative()
    const today = sampleUnit({ ...unit, unitName: '深圳市改名后有限公司' })
    const newcomer = { ...successor(), person: samplePerson({ name: '上官接任' }) }
    await addToRegistry(platform, { ...today, legalRepresentative: newcomer.person })
    await platform.issueCard(newcomer.person)
    const at = personAtForms()
    const about = await at.send(await atStart('legal-representative', at), {
      ...unitFields(unit),
      captcha: fixedAnswer,
    })
    const refused = await at.send(about, claimantFields(next.person))
    expectRefusal(refused, 'form', chinese('registry.mismatch'))
    const done = await changed(today, newcomer, toRepresentativesCode)
    expect(done.heading).toBe('确认成功')
    // The account has taken over the unit's current name.
    const recovery = await at.open(`${platform.issuer}/recover/username`)
    const code = await at.send(recovery, {
      name: today.unitName,
      userType: 'organisation',
      idType: 'uscc',
      idNumber: unit.code,
      captcha: fixedAnswer,
    })
    await at.send(code, {}, 'send')
    await untilNoticeOn(platform, newcomer.person.phone, 'code')
  })

  test.each([
    ['unitName', chinese('unitName.missing'), { unitName: '' }],
    ['idType', chinese('idType.missing'), { idType: 'passport' }],
    ['idNumber', chinese('uscc.short', { length: 18 }), { idNumber: '9144' }],
    ['captcha', chinese('captcha.required'), { captcha: '' }],
  ])('refuses an invalid %s with %s', async (field, sentence, typed) => {
    const at = personAtForms()
    const all = { ...unitFields(sampleUnit()), captcha: fixedAnswer, ...typed }
    expectRefusal(await at.send(await atStart('legal-representative', at), all), field, sentence)
  })

  test('reports an outage of the registry and keeps the input', async () => {
    const { unit, next } = await withRepresentative()
    const at = personAtForms()
    const start = await atStart('legal-representative', at)
    const about = await at.send(start, { ...unitFields(unit), captcha: fixedAnswer })
    await platform.simulator('PUT', '/faults', { registry: 'error' })
    const out = await at.send(about, claimantFields(next.person))
    expectRefusal(out, 'form', '单位登记核验服务暂不可用，请稍后再试', 503)
    await platform.simulator('PUT', '/faults', { registry: 'ok' })
    expect((await at.send(out, claimantFields(next.person))).heading).toBe('设置新密码')
    const back = await at.open(about.url.href)
    const asked = await callsOf(platform)
    expect((await at.send(back, {})).heading).toBe('设置新密码')
    expect(await callsOf(platform)).toEqual(asked)
  })

  test('discloses that a unit has no account only to its proved legal representative', async () => {
    const unknown = sampleUnit()
    await addToRegistry(platform, unknown)
    const next = { ...successor(), person: unknown.legalRepresentative }
    const at = personAtForms()
    const { page, fields } = await toRepresentativesCode(platform, at, unknown, next)
    const known = await withRepresentative()
    const mine = await toRepresentativesCode(platform, at, known.unit, {
      ...known.next,
      person: { ...known.next.person, account: samplePerson().account },
    })
    const refused = [await at.send(page, fields), await at.send(mine.page, mine.fields)]
    for (const each of refused) expectRefusal(each, 'form', chinese('bank.mismatch'))
    await platform.issueCard(next.person)
    const confirmed = await at.send(page, fields)
    expectRefusal(confirmed, 'form', chinese('legalRepresentative.notRegistered'))
  })
})

describe('the login limits', () => {
  let strict: TestPlatform
  beforeAll(async () => {
    // The clock stands still, since the waits are shown in seconds.
    strict = await testPlatform({ clock: testClock().clock })
  })
  afterAll(() => strict.close())

  test('impose a wait after five wrong passwords at 更换经办人, for unknown usernames too', async () => {
    const unit = sampleUnit()
    const { username, password } = await enrolUnit(strict, unit)
    for (const name of [username, 'nobody.has.this']) {
      const at = personAtForms()
      let page = await at.open(`${strict.issuer}/organisation/handler`)
      const typed = { username: name, captcha: fixedAnswer }
      for (let tries = 0; tries < 4; tries += 1) {
        page = await at.send(page, { ...typed, password: 'not the password' })
        expectRefusal(page, 'form', chinese('login.wrong'))
      }
      for (const now of ['not the password', password]) {
        page = await at.send(page, { ...typed, password: now })
        expectRefusal(page, 'form', chinese('login.wait', { when: ' 60 秒后' }), 429)
        expect(page.headers.get('retry-after')).toBe('60')
      }
    }
    // The login page shares the count.
    const { page } = await signedInAt(strict, loginPersonOf(unit))
    expect(page.status).toBe(429)
  })

  test('are removed when the legal representative sets the password', async () => {
    const unit = sampleUnit()
    await enrolUnit(strict, unit)
    const next = { ...successor(), person: unit.legalRepresentative }
    await strict.issueCard(next.person)
    await addToRegistry(strict, unit)
    for (let tries = 0; tries < 5; tries += 1)
      await signedInAt(strict, { ...loginPersonOf(unit), password: 'not the password' })
    const at = personAtForms()
    const { page, fields } = await toRepresentativesCode(strict, at, unit, next)
    expect((await at.send(page, fields)).heading).toBe('确认成功')
    const { page: account } = await signedInAt(strict, holderAfter(unit, next))
    expect(account.heading).toBe('用户信息')
  })
})
