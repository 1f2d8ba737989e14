import { signedInAt } from '../support/account-pages.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { untilNoticeOn } from '../support/phone-notices.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  messagesOf,
  newPassword,
  phoneProof,
  toCodeStep,
  toResetStep,
  unitFields,
  withChangeCode,
  withPhoneCode,
} from '../support/recovering.ts'
import {
  loginPersonOf,
  registerUnit,
  type SampleUnit,
  sampleUnit,
  successor,
  toHandlersCode,
} from '../support/units.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

async function registered(): Promise<SampleUnit> {
  const unit = sampleUnit()
  expect((await registerUnit(platform, unit)).heading).toBe('注册成功')
  return unit
}

/** Replaces the handler of a unit and returns the new one. */
async function replaceHandler(unit: SampleUnit) {
  const next = successor()
  await platform.issueCard(next.person)
  const at = personAtForms()
  const { page, fields } = await toHandlersCode(platform, at, unit, next)
  expect((await at.send(page, fields)).heading).toBe('更换成功')
  return next
}

describe('a registered unit', () => {
  test('finds its username by its name and its code', async () => {
    const unit = await registered()
    const at = personAtForms()
    const page = await at.send(await toCodeStep(platform, at, unitFields(unit)), {}, 'send')
    await messagesOf(platform, unit.handler, 2)
    const smsCode = await platform.codeFor(unit.handler.phone)
    expect((await at.send(page, { smsCode })).heading).toBe('找回用户名成功')
    await untilNoticeOn(platform, unit.handler.phone, 'username')
    const [message] = await platform.messages(unit.handler.phone)
    expect(message.params).toEqual({ username: unit.username })
  })

  test.each([
    ['its code', (unit: SampleUnit) => ({ idType: 'uscc', idNumber: unit.code })],
    [
      "its handler's document",
      (unit: SampleUnit) => ({ idType: 'resident_id', idNumber: unit.handler.idNumber }),
    ],
  ])('can reset its password with %s and the handler’s phone', async (_, document) => {
    const unit = await registered()
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, loginPersonOf(unit))
    const reset = await at.send(page, { ...fields, ...document(unit) })
    expect(reset.value('username')).toBe(unit.username)
    for (const personal of [unit.code, unit.handler.idNumber, unit.handler.phone])
      expectRefusal(
        await at.send(reset, newPassword(personal)),
        'password',
        chinese('password.personal'),
      )
    const password = 'chosen by the handler'
    expect((await at.send(reset, newPassword(password))).heading).toBe('重置成功')
    const { page: account } = await signedInAt(platform, { ...loginPersonOf(unit), password })
    expect(account.heading).toBe('用户信息')
  })

  test('can change its handler’s phone and continue the recovery', async () => {
    const unit = await registered()
    const holder = { ...loginPersonOf(unit), phone: samplePerson().phone }
    await platform.issueCard(holder)
    const at = personAtForms()
    const offers = await toCodeStep(platform, at, unitFields(unit))
    const { page, fields } = await withChangeCode(platform, at, offers, holder)
    const done = await at.send(page, fields)
    expect(done.heading).toBe('更换成功')
    expect(done.link('返回找回用户名')).toBe('/recover/username')
    const reset = await toResetStep(platform, personAtForms(), holder)
    expect(reset.heading).toBe('重置密码')
  })

  test('finds links to 更换经办人 and 法定代表人确认 on the page 更换手机号', async () => {
    const unit = await registered()
    const at = personAtForms()
    const offers = await toCodeStep(platform, at, unitFields(unit))
    const details = await at.send(offers, {}, 'otherPhone')
    expect(details.link('更换经办人')).toBe('/organisation/handler')
    expect(details.link('法定代表人确认')).toBe('/organisation/legal-representative')
  })
})

describe('a handler who was replaced', () => {
  test('cannot complete a reset that was begun before', async () => {
    const unit = await registered()
    const at = personAtForms()
    const reset = await toResetStep(platform, at, loginPersonOf(unit))
    const next = await replaceHandler(unit)
    const refused = await at.send(reset, newPassword('chosen by the one before'))
    expectRefusal(refused, 'form', chinese('passwordRecovery.stale'))
    const holder = { ...loginPersonOf(unit), password: next.password }
    expect((await signedInAt(platform, holder)).page.heading).toBe('用户信息')
  })

  test('cannot prove themself by their document, the unit’s code and their phone', async () => {
    const unit = await registered()
    const waiting = personAtForms()
    const { page, fields } = await withPhoneCode(platform, waiting, loginPersonOf(unit))
    await replaceHandler(unit)
    expectRefusal(await waiting.send(page, fields), 'form', chinese('passwordRecovery.mismatch'))
    const at = personAtForms()
    const anew = await withPhoneCode(platform, at, loginPersonOf(unit))
    for (const document of [phoneProof(unit.handler), { idType: 'uscc', idNumber: unit.code }]) {
      const refused = await at.send(anew.page, {
        ...anew.fields,
        ...document,
        phone: unit.handler.phone,
      })
      expectRefusal(refused, 'form', chinese('passwordRecovery.mismatch'))
    }
  })

  test('cannot recover the username or change the phone', async () => {
    const unit = await registered()
    const at = personAtForms()
    const page = await at.send(await toCodeStep(platform, at, unitFields(unit)), {}, 'send')
    await messagesOf(platform, unit.handler, 2)
    const smsCode = await platform.codeFor(unit.handler.phone)
    const changing = personAtForms()
    const offers = await toCodeStep(platform, changing, unitFields(unit))
    const own = await withChangeCode(platform, changing, offers, unit.handler)
    await replaceHandler(unit)
    expectRefusal(await at.send(page, { smsCode }), 'smsCode', chinese('smsCode.expired'))
    expectRefusal(await changing.send(own.page, own.fields), 'form', chinese('bank.mismatch'))
  })
})
