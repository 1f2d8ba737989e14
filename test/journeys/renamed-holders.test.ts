import { testClock } from '../support/clock.ts'
import { enrolled } from '../support/enrolled.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { personFields, toCodeStep, withChangeCode } from '../support/recovering.ts'
import { terminal, terminalApi, wantedFor } from '../support/terminal.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
const machine = await terminal('terminal-1', clock)
beforeAll(async () => {
  platform = await testPlatform({ clock, clients: [machine.metadata] })
})
afterAll(() => platform.close())
beforeEach(() => turn(25 * 3600))

type Document = Pick<SamplePerson, 'idType' | 'idCountry' | 'idNumber'>
const callToProve = '请致电12333办理人工核验'

/** Documents whose number is one person's in the whole nation, so that the bank may confirm a new name. */
const nationWide: readonly Document[] = [
  { idType: 'resident_id', idNumber: samplePerson().idNumber },
  { idType: 'hmt_residence_permit', idNumber: '830000199201300022' },
  { idType: 'foreigner_residence_id', idNumber: '932682198501010017' },
  { idType: 'hk_macau_permit', idNumber: 'H0123456701' },
]
const others: readonly Document[] = [
  { idType: 'passport', idCountry: 'BRA', idNumber: 'FB123456' },
  { idType: 'taiwan_permit', idNumber: '12345678' },
  { idType: 'foreigner_residence_id', idNumber: 'USA110172082010' },
]

const accountOf = async ({ username }: SamplePerson) => {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('nobody of that name')
  return account
}

/** Stores an account, and has the bank confirm the document under a name with a new card and phone. */
async function confirmedAs(name: string, document: Document, kind?: 'social-security') {
  const registered = await enrolled(
    platform,
    { ...document, name: 'Anna Schmidt' },
    kind && { card: { bank: '招商银行', account: '6214830000000000', provedAt: clock(), kind } },
  )
  const confirmed = { ...samplePerson(), ...document, name, phone: `13${digits(9)}` }
  await platform.issueCard(confirmed, kind)
  return { registered, confirmed }
}

/** Sends 更换手机号 as the confirmed person, from 找回用户名. */
async function changePhone(confirmed: SamplePerson) {
  const at = personAtForms()
  const offers = await toCodeStep(platform, at, personFields(confirmed))
  const { page, fields } = await withChangeCode(platform, at, offers, confirmed)
  return at.send(page, fields)
}

const erase = async ({ username }: SamplePerson) => {
  const id = (await platform.accounts.findByUsername(username))?.id ?? ''
  await platform.stores.mongodb.collection<{ _id: string }>('accounts').deleteOne({ _id: id })
}

describe.each(others)('an account with $idType $idNumber', (document) => {
  let registered: SamplePerson | undefined
  afterEach(() => registered && erase(registered))
  const holders = async (name: string, kind?: 'social-security') => {
    const both = await confirmedAs(name, document, kind)
    registered = both.registered
    return both
  }

  test('is not taken over by 更换手机号 with another confirmed name, and the refusal says whom to call', async () => {
    const { registered, confirmed } = await holders('João Pereira')
    const page = await changePhone(confirmed)
    expectRefusal(page, 'form', chinese('bank.mismatch'))
    expect(page.summary).toMatch(new RegExp(`${callToProve}$`))
    expect(await accountOf(registered)).toMatchObject({
      name: 'Anna Schmidt',
      phone: `+86${registered.phone}`,
    })
  })

  test('is refused in the same words where the document has no account', async () => {
    const { registered, confirmed } = await holders('João Pereira')
    const known = await changePhone(confirmed)
    await erase(registered)
    turn(25 * 3600)
    const unknown = await changePhone({ ...confirmed, phone: `13${digits(9)}` })
    // A time near midnight has its date.
    const words = ({ summary }: { summary: string }) => summary.replaceAll(/\d+|[月日:] ?/g, '')
    expect(words(unknown)).toBe(words(known))
  })

  test('gets its new phone when the bank confirms the registered name in another spelling', async () => {
    const { registered, confirmed } = await holders('ANNA  SCHMIDT')
    expect((await changePhone(confirmed)).heading).toBe('更换成功')
    expect((await accountOf(registered)).phone).toBe(`+86${confirmed.phone}`)
  })

  test('is not found by a terminal that reads a card with another name', async () => {
    const { registered, confirmed } = await holders('João Pereira', 'social-security')
    const api = await terminalApi(platform.issuer)
    const token = await machine.token(platform.issuer)
    const body = await machine.body(wantedFor(confirmed), platform.issuer)
    expect(await api.ask(token, body)).toMatchObject({
      status: 404,
      body: { type: 'urn:uup:problem:no-account' },
    })
    expect((await accountOf(registered)).phone).toBe(`+86${registered.phone}`)
  })
})

test.each(nationWide)(
  'an account with $idType $idNumber gets the new name that the bank confirms',
  async (document) => {
    const { registered, confirmed } = await confirmedAs('Anna Weber', document)
    expect((await changePhone(confirmed)).heading).toBe('更换成功')
    expect(await accountOf(registered)).toMatchObject({
      name: 'Anna Weber',
      phone: `+86${confirmed.phone}`,
    })
  },
)

test('a refusal for a nation-wide identifier does not ask for a check by hand', async () => {
  const { confirmed } = await confirmedAs('Anna Weber', {
    idType: 'resident_id',
    idNumber: samplePerson().idNumber,
  })
  const page = await changePhone({ ...confirmed, phone: `13${digits(9)}` })
  expectRefusal(page, 'form', chinese('bank.mismatch'))
  expect(page.summary).not.toContain(callToProve)
})
