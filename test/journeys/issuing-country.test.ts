import { randomUUID } from 'node:crypto'
import { testClock } from '../support/clock.ts'
import { enrolled } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  personFields,
  phoneProof,
  toCodeStep,
  waitingForUsername,
  withChangeCode,
  withPhoneCode,
} from '../support/recovering.ts'
import { identityFields, loginFields, register } from '../support/registering.ts'
import { terminal, terminalApi, wantedFor } from '../support/terminal.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
const machine = await terminal('terminal-1', clock)
beforeAll(async () => {
  platform = await testPlatform({ clock, clients: [machine.metadata] })
})
afterAll(() => platform.close())
beforeEach(() => turn(25 * 3600))

const passport = (idCountry: string, name: string, more: Partial<SamplePerson> = {}) =>
  samplePerson({ idType: 'passport', idCountry, idNumber: `FB${digits(6)}`, name, ...more })

/** Two persons of one passport number, from two countries. */
function twoHolders() {
  const anna = passport('DEU', 'Anna Schmidt')
  return { anna, joao: passport('BRA', 'João Pereira', { idNumber: anna.idNumber }) }
}

/** The same passport as accounts from before the country was asked for have it. */
async function enrolledBefore(name = 'Anna Schmidt') {
  const { idCountry: _, ...old } = passport('DEU', name)
  const person = await enrolled(platform, old, {
    document: { type: 'passport', number: old.idNumber },
  })
  return { ...person, idCountry: 'DEU' }
}

const accountOf = async ({ username }: SamplePerson) => {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('nobody of that name')
  return account
}

const withNewPhone = async (person: SamplePerson) => {
  const now = { ...person, phone: `13${digits(9)}`, account: cardNumber('621483') }
  await platform.issueCard(now)
  return now
}

async function changePhone(person: SamplePerson) {
  const at = personAtForms()
  const offers = await toCodeStep(platform, at, personFields(person))
  const { page, fields } = await withChangeCode(platform, at, offers, person)
  return at.send(page, fields)
}

/** Fills in 填写身份信息 and returns the next page. */
async function identityOf(person: SamplePerson, typed: Readonly<Record<string, string>> = {}) {
  const at = personAtForms()
  const identity = await at.send(await at.open(`${platform.issuer}/register`), loginFields(person))
  return at.send(identity, { ...identityFields(person), ...typed })
}

describe('two passports of one number from two countries', () => {
  test('are two accounts, and 更换手机号 changes its own holder’s only', async () => {
    const { anna, joao } = twoHolders()
    await register(platform, personAtForms(), anna)
    const before = await accountOf(anna)
    expectRefusal(await changePhone(await withNewPhone(joao)), 'form', chinese('bank.mismatch'))
    expect(await accountOf(anna)).toEqual(before)

    turn(25 * 3600)
    expect((await register(platform, personAtForms(), joao)).heading).toBe('注册成功')
    const now = await withNewPhone(joao)
    turn(25 * 3600)
    expect((await changePhone(now)).heading).toBe('更换成功')
    expect(await accountOf(anna)).toEqual(before)
    expect(await accountOf(joao)).toMatchObject({
      phone: `+86${now.phone}`,
      document: { country: 'BRA', number: anna.idNumber },
    })
  })

  test('are two accounts for a person of the same name, too', async () => {
    const { anna, joao } = twoHolders()
    await enrolled(platform, anna)
    const namesake = await withNewPhone({ ...joao, name: anna.name })
    expectRefusal(await changePhone(namesake), 'form', chinese('bank.mismatch'))
    expect((await accountOf(anna)).phone).toBe(`+86${anna.phone}`)
  })

  test('do not prove each other in 找回密码', async () => {
    const { anna } = twoHolders()
    await enrolled(platform, anna)
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, anna)
    const refused = await at.send(page, { ...fields, idCountry: 'BRA' })
    expectRefusal(refused, 'form', '证件号或手机号码与注册信息不一致')
    expect((await at.send(refused, { ...phoneProof(anna), smsCode: fields.smsCode })).heading).toBe(
      '重置密码',
    )
  })
})

describe('签发国家或地区', () => {
  test('is labelled for a passport only where no script runs, and China’s passports come first', async () => {
    const at = personAtForms()
    const page = await at.send(
      await at.open(`${platform.issuer}/register`),
      loginFields(samplePerson()),
    )
    expect(page.text).toContain('签发国家或地区（仅护照填写）')
    expect(page.options('idCountry').slice(0, 5)).toEqual([
      ...['请选择国家或地区', '中国', '中国香港', '中国澳门', '中国台湾'],
    ])
  })

  test.each(['', 'XYZ', 'BR'])('is required for a passport: %j is refused', async (idCountry) => {
    const refused = await identityOf(passport('BRA', 'Maria'), { idCountry })
    expectRefusal(refused, 'idCountry', chinese('idCountry.missing'))
    expect(refused.value('idType')).toBe('passport')
  })

  test('is ignored for another document', async () => {
    const person = samplePerson()
    expect((await identityOf(person, { idCountry: 'BRA' })).step).toContain('填写验证信息')
    expect((await identityOf(samplePerson(), { idCountry: 'XYZ' })).step).toContain('填写验证信息')
  })

  test('is part of what is taken', async () => {
    const { anna, joao } = twoHolders()
    await enrolled(platform, anna)
    const again = await identityOf(passport('DEU', 'Anna', { idNumber: anna.idNumber }))
    expectRefusal(again, 'idNumber', '证件已被使用')
    expect((await identityOf(joao)).step).toContain('填写验证信息')
  })

  test('is confirmed by the bank', async () => {
    const anna = await enrolled(platform, passport('DEU', 'Anna Schmidt'))
    const now = await withNewPhone(anna)
    await platform.issueCard({ ...now, idCountry: 'BRA' })
    expectRefusal(await changePhone(now), 'form', chinese('bank.mismatch'))
    await platform.issueCard(now)
    turn(25 * 3600)
    expect((await changePhone(now)).heading).toBe('更换成功')
  })

  test('is handed over with the document from both recoveries', async () => {
    const anna = await enrolled(platform, passport('DEU', 'Anna Schmidt'))
    const at = personAtForms()
    const code = await toCodeStep(platform, at, personFields(anna))
    expect((await at.send(code, {}, 'otherPhone')).value('idCountry')).toBe('DEU')
    const { page, fields } = await withPhoneCode(platform, at, anna)
    expect((await at.send(page, fields, 'otherPhone')).value('idCountry')).toBe('DEU')
  })
})

describe('an account from before the country was asked for', () => {
  test('is found by 找回用户名 with any country', async () => {
    const anna = await enrolledBefore()
    const { at, page, code } = await waitingForUsername(platform, anna)
    expect((await at.send(page, { smsCode: code })).heading).toBe('找回用户名成功')
  })

  test('is found by 找回密码 with any country', async () => {
    const anna = await enrolledBefore()
    const at = personAtForms()
    const { page, fields } = await withPhoneCode(platform, at, anna)
    expect((await at.send(page, fields)).heading).toBe('重置密码')
  })

  test('gets the country with the next proof, and is unique by it from then on', async () => {
    const anna = await enrolledBefore()
    const joao = passport('BRA', 'João Pereira', { idNumber: anna.idNumber })
    expectRefusal(await identityOf(joao), 'idNumber', '证件已被使用')
    expectRefusal(await changePhone(await withNewPhone(joao)), 'form', chinese('bank.mismatch'))
    expect((await accountOf(anna)).phone).toBe(`+86${anna.phone}`)

    turn(25 * 3600)
    expect((await changePhone(await withNewPhone(anna))).heading).toBe('更换成功')
    expect((await accountOf(anna)).document).toEqual({
      type: 'passport',
      number: anna.idNumber,
      country: 'DEU',
    })
    expect((await identityOf(joao)).step).toContain('填写验证信息')
    expectRefusal(
      await identityOf(passport('DEU', 'Anna', { idNumber: anna.idNumber })),
      'idNumber',
      '证件已被使用',
    )
  })

  test('is not preferred to the account with the country', async () => {
    const anna = await enrolledBefore()
    const { id: _, ...account } = await accountOf(anna)
    const card = { ...account.card, account: cardNumber('621483') }
    const document = { ...account.document, country: 'BRA' }
    const username = `user${digits(10)}`
    const id = randomUUID()
    await platform.accounts.create({ ...account, id, card, document, username } as never)
    expect((await platform.accounts.findByDocument(document))?.id).toBe(id)
    const german = { ...account.document, country: 'DEU' }
    expect((await platform.accounts.findByDocument(german))?.username).toBe(anna.username)
  })
})

describe('the terminals’ interface', () => {
  const socialSecurity = (person: SamplePerson) =>
    enrolled(platform, person, {
      card: {
        bank: '招商银行',
        account: '6214830000000000',
        provedAt: clock(),
        kind: 'social-security',
      },
    })
  async function ask(person: SamplePerson) {
    const api = await terminalApi(platform.issuer)
    const token = await machine.token(platform.issuer)
    return api.ask(token, await machine.body(wantedFor(person), platform.issuer))
  }

  test('finds the holder of a passport by its country', async () => {
    const { anna, joao } = twoHolders()
    await socialSecurity(anna)
    const now = { ...anna, phone: `13${digits(9)}` }
    await platform.issueCard(now, 'social-security')
    expect((await ask(joao)).status).toBe(404)
    expect((await ask(now)).status).toBe(200)
    expect((await accountOf(anna)).phone).toBe(`+86${now.phone}`)
  })

  test('refuses a passport without its country', async () => {
    const { idCountry: _, ...person } = passport('DEU', 'Anna Schmidt')
    expect(await ask(person)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/holder/idCountry', detail: chinese('idCountry.missing') }] },
    })
  })
})
