import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { hashSync } from '@node-rs/argon2'
import { hashSync as bcryptSync } from '@node-rs/bcrypt'
import { signedInAt } from '../support/account-pages.ts'
import { enrol } from '../support/enrolled.ts'
import { importedLine, saltedHash } from '../support/imported-lines.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, register } from '../support/registering.ts'
import { addToRegistry, claimantFields, sampleUnit } from '../support/units.ts'
import { importLine, importPerson } from '../support/unproved.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
const cheapArgon2 = (algorithm: number) => (password: string) =>
  hashSync(password, { algorithm, memoryCost: 64, timeCost: 1 })

/** Hashes of each kind that a line may have, made by other code than the platform's. */
const kinds: Readonly<Record<string, (password: string) => string>> = {
  argon2id: cheapArgon2(2),
  argon2i: cheapArgon2(1),
  argon2d: cheapArgon2(0),
  bcrypt: (password) => bcryptSync(password, { cost: 4 }),
  'bcrypt of PHP': (password) => bcryptSync(password, { cost: 4, version: '2y' }),
  PBKDF2: (password) => {
    const salt = randomBytes(16)
    const key = pbkdf2Sync(password, salt, 1000, 32, 'sha256')
    return `$pbkdf2-sha256$1000$${base64(salt)}$${base64(key)}`.replaceAll('+', '.')
  },
  scrypt: (password) => {
    const salt = randomBytes(16)
    const key = scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 })
    return `$scrypt$ln=4,r=8,p=1$${base64(salt)}$${base64(key)}`
  },
  SSHA256: (password) => saltedHash(password),
  SM3: (password) => saltedHash(password, 'SM3', 'sm3'),
}

async function imported(more: Partial<SamplePerson> = {}): Promise<SamplePerson> {
  const person = samplePerson(more)
  await importPerson(platform, person)
  return person
}

/** Signs in at the exam service up to the page after the password. */
async function signIn({ username, password }: Pick<SamplePerson, 'username' | 'password'>) {
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  return { at, page: await at.send(login, { username, password, captcha: fixedAnswer }) }
}

type SignedIn = Awaited<ReturnType<typeof signIn>>

/** Fills in 实名认证 with the card of a person. */
async function prove({ at, page }: SignedIn, person: SamplePerson, more = {}) {
  const fields = { ...bankFields(person), agreement: 'yes', ...more }
  const sent = await at.send(page, fields, 'send')
  expect(sent.faults).toEqual([])
  return at.send(sent, { ...fields, smsCode: await platform.codeFor(person.phone) })
}

const isAtExam = ({ url }: { readonly url: URL }) => url.href.startsWith(platform.exam.url)
const storedHash = async ({ username }: Pick<SamplePerson, 'username'>) => {
  const account = await platform.accounts.findByUsername(username)
  return account && platform.pepper.remove(account.passwordHash)
}

test.each(Object.entries(kinds))(
  'a person with an imported %s hash proves who they are, then gets to the client with an argon2id hash',
  async (_, hash) => {
    const person = samplePerson()
    await importLine(platform, importedLine(person, hash(person.password)))
    await platform.issueCard(person)
    const wrong = await signIn({ ...person, password: 'not the password' })
    expect(wrong.page.status).toBe(422)
    const first = await signIn(person)
    expect(first.page.heading).toBe('实名认证')
    await platform.settled()
    expect(isAtExam(await prove(first, person))).toBe(true)
    expect(await storedHash(person)).toMatch(/^\$argon2id\$v=19\$/)

    const again = await signIn(person)
    expect(isAtExam(again.page)).toBe(true)
    const { page } = await signedInAt(platform, person)
    expect(page.heading).toBe('用户信息')
  },
)

test('the right password of an unproved account opens neither a session nor the pages of the account', async () => {
  const person = await imported()
  const { at, page } = await signIn(person)
  expect([page.heading, page.has('gender'), page.has('birthdate')]).toEqual([
    '实名认证',
    false,
    false,
  ])
  expect(page.text).not.toContain(person.name)
  expect(page.text).not.toContain(person.idNumber)
  for (const path of ['/account', '/account/password', '/account/details', '/account/data'])
    expect((await at.open(platform.issuer + path)).heading).toBe('登录')
  // A request that needs no page any more asks for the password again.
  const retried = await at.open(`${platform.exam.url}/login`)
  expect(retried.heading).toBe('登录')
  expect(await platform.accounts.findByUsername(person.username)).toBeUndefined()
})

test('实名认证 needs the agreement, the right card and the SMS code', async () => {
  const person = await imported()
  await platform.issueCard({ ...person, name: '别人' })
  const first = await signIn(person)
  const unticked = await prove(first, person, { agreement: '' })
  expect([unticked.status, unticked.faultAt('agreement')]).toEqual([
    422,
    expect.stringContaining('用户协议'),
  ])
  const refused = await first.at.send(unticked, {
    ...{ ...bankFields(person), agreement: 'yes' },
    smsCode: await platform.codeFor(person.phone),
  })
  expect(refused.faults[0]).toContain('人员姓名或证件名或证件号与银行登记不匹配')
  await platform.issueCard(person)
  const code = await platform.codeFor(person.phone)
  const noCode = await first.at.send(refused, { smsCode: code === '000000' ? '000001' : '000000' })
  expect(noCode.status).toBe(422)
  expect(isAtExam(await first.at.send(noCode, { smsCode: code }))).toBe(true)
})

test('a document without sex and birth date in its number is asked for them', async () => {
  const person = await imported({ idType: 'hk_macau_permit', idNumber: 'H12345678' })
  await platform.issueCard(person)
  const first = await signIn(person)
  expect([first.page.has('gender'), first.page.has('birthdate')]).toEqual([true, true])
  const page = await prove(first, person, { gender: 'female', birthdate: '1988-05-06' })
  expect(isAtExam(page)).toBe(true)
  expect(await platform.accounts.findByUsername(person.username)).toMatchObject({
    ...{ gender: 'female', birthdate: '1988-05-06' },
    registeredAt: Date.parse('2016-10-10T00:00:00Z'),
  })
})

test('a bank-proved registration displaces an imported record from its document, and both are told', async () => {
  const squatter = await imported()
  const owner = samplePerson({ idNumber: squatter.idNumber, name: squatter.name })
  const pending = await signIn(squatter)
  const done = await register(platform, personAtForms(), owner)
  expect(done.heading).toBe('注册成功')
  expect(done.text).toContain('该用户名与您的证件已不再关联')
  expect(done.text).not.toContain(squatter.username)
  expect(done.link('12333')).toBe('tel:12333')

  const { page } = await signIn(squatter)
  expect([page.status, page.faults[0]]).toEqual([403, expect.stringContaining('另一用户名')])
  const failed = { what: 'sign-in-failed', detail: 'displaced' }
  expect(await platform.stores.mongodb.collection('audit').countDocuments(failed)).toBe(1)
  // A page that was open before is refused before the bank is asked.
  await platform.issueCard(squatter)
  const before = (await platform.simulator('GET', '/calls')).bank
  const late = await prove(pending, squatter)
  expect([late.status, late.faults[0]]).toEqual([403, expect.stringContaining('另一用户名')])
  expect((await platform.simulator('GET', '/calls')).bank).toBe(before)
  const other = await register(platform, personAtForms(), samplePerson())
  expect(other.text).not.toContain('不再关联')
})

test('an imported username is taken for registrations, without case', async () => {
  const person = await imported()
  const newcomer = samplePerson({ username: person.username.toUpperCase() })
  const at = personAtForms()
  const page = await at.send(await at.open(`${platform.issuer}/register`), {
    ...{ username: newcomer.username, password: newcomer.password },
    ...{ passwordAgain: newcomer.password, agreement: 'yes', captcha: fixedAnswer },
  })
  expect(page.faultAt('username')).toContain('用户名已被使用')
  await expect(enrol(platform, newcomer)).rejects.toThrow('username_taken')
})

test('an imported organisation proves its registry entry and its handler, then gets to the client', async () => {
  const unit = sampleUnit()
  await importLine(platform, {
    ...importedLine({ ...unit.handler, username: unit.username, password: unit.password }),
    ...{ name: unit.unitName, id_type: 'uscc', id_number: unit.code },
  })
  await addToRegistry(platform, unit)
  await platform.issueCard(unit.handler)
  const { at, page } = await signIn(unit)
  expect([page.heading, page.text]).toEqual(['填写单位信息', expect.stringContaining(unit.code)])
  const { legalRepresentative: head } = unit
  const wrong = await at.send(page, {
    legalRepresentative: '别人',
    legalRepresentativeIdNumber: head.idNumber,
  })
  expect(wrong.status).toBe(422)
  const handler = await at.send(wrong, {
    legalRepresentative: head.name,
    legalRepresentativeIdNumber: head.idNumber,
  })
  expect(handler.heading).toBe('填写经办人信息')
  const bank = await at.send(handler, claimantFields(unit.handler))
  expect(bank.heading).toBe('实名认证')
  expect(isAtExam(await prove({ at, page: bank }, unit.handler))).toBe(true)
  const account = await platform.accounts.findByUsername(unit.username)
  expect(account).toMatchObject({ kind: 'organisation', unit: { code: unit.code } })
  expect(account).not.toHaveProperty('confirmedAt')
})
