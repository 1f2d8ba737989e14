import { detailsWithCode, registered, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { enrolled, enrolUnit } from '../support/enrolled.ts'
import { cardNumber, digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  askForChangeCode,
  personFields,
  toCodeStep,
  unitFields as unitRecoveryFields,
} from '../support/recovering.ts'
import { bankFields, register, toBankStep } from '../support/registering.ts'
import {
  addToRegistry,
  claimantFields,
  loginPersonOf,
  sampleUnit,
  toUnitStep,
  unitFields,
} from '../support/units.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())
beforeEach(() => turn(25 * 3600))

/** U+2F45, as copied from a PDF; the unified character is U+65B9. */
const typed = '⽅静'
const unified = '方静'
const says = '姓名中的“⽅”已改为“方”'

const nameOf = async ({ username }: Pick<SamplePerson, 'username'>) =>
  (await platform.accounts.findByUsername(username))?.name

/** Completes 填写验证信息. */
async function prove(at: ReturnType<typeof personAtForms>, bank: FilledPage, who: SamplePerson) {
  const sent = await at.send(bank, bankFields(who), 'send')
  return at.send(sent, { ...bankFields(who), smsCode: await platform.codeFor(who.phone) })
}

describe('a name with a Kangxi radical at registration', () => {
  test('is changed to the unified character, which the next page says', async () => {
    const person = samplePerson({ name: unified })
    await platform.issueCard(person)
    const at = personAtForms()
    const bank = await toBankStep(platform, at, { ...person, name: typed })
    expect([bank.heading, bank.status]).toEqual(['填写验证信息', 200])
    expect(bank.text).toContain(says)
    expect(bank.buttons).toContain('保留原字')
    const done = await prove(at, bank, person)
    expect(done.heading).toBe('注册成功')
    expect(await nameOf(person)).toBe(unified)
  })

  test('stays as typed with 保留原字 and is sent to the bank like that', async () => {
    const person = samplePerson({ name: typed })
    await platform.issueCard(person)
    const at = personAtForms()
    const bank = await toBankStep(platform, at, person)
    const half = { ...bankFields(person), account: person.account }
    const kept = await at.send(bank, half, 'keepNames')
    expect([kept.heading, kept.status, kept.value('account')]).toEqual([
      '填写验证信息',
      200,
      person.account,
    ])
    expect(kept.text).not.toContain('已改为')
    expect((await prove(at, kept, person)).heading).toBe('注册成功')
    expect(await nameOf(person)).toBe(typed)
  })

  test('is mentioned after going back too, and a further change is mentioned again', async () => {
    const person = samplePerson({ name: typed })
    const at = personAtForms()
    const bank = await toBankStep(platform, at, person)
    const back = await at.send(bank, {}, 'back')
    expect([back.value('name'), back.text]).toEqual([unified, expect.stringContaining(says)])
    const kept = await at.send(back, {}, 'keepNames')
    expect([kept.heading, kept.value('name')]).toEqual(['填写身份信息', typed])
    const other = await at.send(kept, { name: '⽅⻩' })
    expect(other.text).toContain('姓名中的“⽅⻩”已改为“方黄”')
  })

  test('is not mentioned if the name has none', async () => {
    const bank = await toBankStep(platform, personAtForms(), samplePerson({ name: unified }))
    expect(bank.text).not.toContain('已改为')
    expect(bank.buttons).not.toContain('保留原字')
  })
})

test('names with invisible characters, wide spaces or another apostrophe are normalised', async () => {
  for (const [name, registeredAs] of [
    ['方静\u200b', '方静'],
    ['\ufeff方\u200e静\u202c', '方静'],
    ['方　静', '方静'],
    ['Anne-Marie O’Neil', 'Anne-Marie O’Neil'],
    ['Anne\u3000Marie', 'Anne Marie'],
  ] as const) {
    const person = samplePerson({ name: registeredAs })
    await platform.issueCard(person)
    const at = personAtForms()
    const bank = await toBankStep(platform, at, {
      ...person,
      name,
      idNumber: `\u200e${person.idNumber}\u202c`,
      birthdate: '1990 3 7',
    })
    const marked = {
      ...person,
      account: `${person.account}\u200b`,
      phone: `\u202a${person.phone}\u202c`,
    }
    const sent = await at.send(bank, bankFields(marked), 'send')
    const smsCode = `\u2060${await platform.codeFor(person.phone)}\ufeff`
    const done = await at.send(sent, { ...bankFields(marked), smsCode })
    expect(done.heading).toBe('注册成功')
    expect(await nameOf(person)).toBe(registeredAs)
  }
})

describe('an organisation', () => {
  test('sees the changes of its name and its legal representative, then of its handler', async () => {
    const unit = sampleUnit({
      unitName: '深圳⽅样例公司',
      legalRepresentative: samplePerson({ name: '⻢样例' }),
      handler: samplePerson({ name: '⽅静' }),
    })
    await platform.issueCard({ ...unit.handler, name: unified })
    await addToRegistry(platform, {
      ...unit,
      unitName: '深圳方样例公司',
      legalRepresentative: { ...unit.legalRepresentative, name: '马样例' },
    })
    const at = personAtForms()
    const handler = await at.send(await toUnitStep(platform, at, unit), unitFields(unit))
    expect(handler.text).toContain('单位名称中的“⽅”已改为“方”')
    expect(handler.text).toContain('法定代表人中的“⻢”已改为“马”')
    const kept = await at.send(handler, {}, 'keepNames')
    expect([kept.heading, kept.text]).toEqual([
      '填写经办人信息',
      expect.not.stringContaining('已改为'),
    ])
    const bank = await at.send(kept, claimantFields(unit.handler))
    expect(bank.text).toContain(says)
    expect((await prove(at, bank, unit.handler)).heading).toBe('注册成功')
    const account = await platform.accounts.findByUsername(loginPersonOf(unit).username)
    expect(account).toMatchObject({
      name: unified,
      unit: { name: '深圳⽅样例公司', legalRepresentative: '⻢样例' },
    })
  })

  test('finds its username by either form of its name and sees the change', async () => {
    const unit = sampleUnit({ unitName: '深圳方样例公司' })
    await enrolUnit(platform, unit)
    const at = personAtForms()
    const fields = unitRecoveryFields(unit)
    const code = await toCodeStep(platform, at, { ...fields, name: '深圳⽅样例公司' })
    expect([code.heading, code.text]).toEqual([
      '验证手机校验码',
      expect.stringContaining('姓名中的“⽅”已改为“方”'),
    ])
    expect((await at.send(code, {}, 'keepNames')).heading).toBe('验证手机校验码')
    expect((await at.send(code, {}, 'send')).status).toBe(200)
    await platform.codeFor(unit.handler.phone)
  })
})

describe('a page that asks the bank itself', () => {
  const atPhoneChange = async () => {
    const before = await enrolled(platform, samplePerson({ name: unified }))
    const now = { ...before, phone: `13${digits(9)}`, name: typed }
    const at = personAtForms()
    const code = await toCodeStep(platform, at, personFields(before))
    return { at, now, details: await at.send(code, {}, 'otherPhone') }
  }

  test('更换手机号 shows the change when the code is sent, and asks the bank about the unified name', async () => {
    const { at, now, details } = await atPhoneChange()
    await platform.issueCard({ ...now, name: unified })
    const { page, fields } = await askForChangeCode(platform, at, details, now)
    expect(page.text).toContain(says)
    expect(page.value('name')).toBe(unified)
    expect((await at.send(page, { ...fields, name: typed })).heading).toBe('更换成功')
    expect(await nameOf(now)).toBe(unified)
  })

  test('更换手机号 shows a new change once before it asks the bank, and 保留原字 keeps the typed name', async () => {
    const { at, now, details } = await atPhoneChange()
    await platform.issueCard(now)
    const asked = await askForChangeCode(platform, at, details, { ...now, name: unified })
    const first = await at.send(asked.page, { ...asked.fields, name: typed })
    expect([first.status, first.heading]).toEqual([422, '填写信息'])
    expect(first.faultAt('name')).toContain(`${says}，请核对后再次提交`)
    const kept = await at.send(first, {}, 'keepNames')
    expect(kept.value('name')).toBe(typed)
    const { smsCode } = asked.fields
    expect((await at.send(kept, { smsCode })).heading).toBe('更换成功')
    expect(await nameOf(now)).toBe(typed)
  })

  test('用户信息维护 does not change the registered name and shows the change of a new one', async () => {
    const person = await registered(platform, samplePerson({ name: unified }))
    const { at } = await signedInAt(platform, person)
    const wanted = { ...person, name: typed, account: cardNumber('621483') }
    await platform.issueCard(wanted)
    const { page: waiting, fields } = await detailsWithCode(platform, at, wanted)
    expect(waiting.text).toContain(says)
    const kept = await at.send(waiting, {}, 'keepNames')
    expect((await at.send(kept, { ...fields, name: typed })).text).toContain(typed)
    expect(await nameOf(person)).toBe(typed)

    const again = await at.open(`${platform.issuer}/account/details`)
    expect(again.value('name')).toBe(typed)
    const sent = await detailsWithCode(platform, at, wanted)
    expect(sent.page.text).not.toContain('已改为')
  })
})

test('找回用户名 finds the account by a name that was kept with 保留原字', async () => {
  const person = samplePerson({ name: unified })
  await register(platform, personAtForms(), person)
  const at = personAtForms()
  const code = await toCodeStep(platform, at, personFields({ ...person, name: typed }))
  const kept = await at.send(code, {}, 'keepNames')
  expect((await at.send(kept, {}, 'send')).status).toBe(200)
  await platform.codeFor(person.phone)
})
