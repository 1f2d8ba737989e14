import type { BankOutcome } from '../../src/ports/services/bank-verification.ts'
import { detailsWithCode, isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import type { personAtForms } from '../support/person-at-forms.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

/** What the bank link answers whatever it is asked; undefined: the simulator answers. */
let outcome: BankOutcome | undefined
let asked = 0
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({
    env: { LIMITS_SCALE: '60000' },
    interceptSimulators: (simulators) => (request, response) => {
      const isBank = request.url === '/bank/verifications'
      asked += isBank ? 1 : 0
      if (!isBank || !outcome) return simulators(request, response)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ outcome }))
    },
  })
})
afterAll(() => platform.close())
beforeEach(() => {
  outcome = undefined
  asked = 0
})

type AtForms = ReturnType<typeof personAtForms>

/** Somebody signed in, and the set that their bank holds since this morning. */
async function atDetails(different: Partial<SamplePerson> = {}) {
  const before = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, before)
  const wanted = { ...before, name: '林大满', account: cardNumber('621483'), ...different }
  await platform.issueCard(wanted)
  asked = 0
  return { before, wanted, at, page }
}

const otherPhone = () => ({ phone: samplePerson().phone })
const present = async (at: AtForms) => {
  const page = await at.open(`${platform.issuer}/account/details`)
  return { name: page.value('name'), text: page.text }
}

describe('用户信息', () => {
  test('shows what is registered: the document and the phone masked, the card to be typed anew', async () => {
    const { page, before } = await atDetails()
    expect(page.heading).toBe('用户信息')
    expect(page.value('name')).toBe(before.name)
    for (const empty of ['account', 'phone', 'smsCode']) expect(page.value(empty)).toBe('')
    expect(page.text).toContain(`居民身份证 ${before.idNumber.slice(0, 3)}`)
    expect(page.text).toContain(`现为 ${before.phone.slice(0, 3)}****${before.phone.slice(-4)}`)
    for (const hidden of [before.idNumber, before.account, before.phone])
      expect(page.html).not.toContain(hidden)
    expect(page.has('idNumber')).toBe(false)
    expect(page.buttons).toEqual(expect.arrayContaining(['发送短信验证', '保存']))
  })

  test('a changed name and card are saved together, and nobody is signed out', async () => {
    const { at, before, wanted } = await atDetails()
    const elsewhere = (await signedInAt(platform, before)).at
    const { save } = await detailsWithCode(platform, at, wanted, { phone: '' })
    const done = await save()
    expect(done.heading).toBe('用户信息已保存')
    expect(done.text).toContain('姓名：林大满')
    const { name, text } = await present(at)
    expect(name).toBe('林大满')
    expect(text).toContain(wanted.account.slice(-4))
    expect(await isSignedIn(platform, elsewhere)).toBe(true)
  })

  test('a changed phone ends all other sign-ins; both phones are told', async () => {
    const { at, before, wanted } = await atDetails(otherPhone())
    const elsewhere = (await signedInAt(platform, before)).at
    const done = await (await detailsWithCode(platform, at, wanted)).save()
    expect(done.text).toContain('其他设备上的登录已全部退出')
    expect(await isSignedIn(platform, elsewhere)).toBe(false)
    expect(await isSignedIn(platform, at)).toBe(true)
    await untilNoticeOn(platform, wanted.phone, 'phone-changed')
    await untilNoticeOn(platform, before.phone, 'phone-changed-old')
    expect((await present(at)).text).toContain(wanted.phone.slice(-4))
  })

  test('another document can’t be claimed: the registered one is what the bank is asked about', async () => {
    const { at, before, wanted } = await atDetails()
    const somebody = samplePerson()
    await platform.issueCard({ ...wanted, idNumber: somebody.idNumber })
    const { save } = await detailsWithCode(platform, at, wanted)
    const idNumber = somebody.idNumber
    expectRefusal(await save({ idType: 'resident_id', idNumber }), 'form', chinese('bank.mismatch'))
    expect((await present(at)).name).toBe(before.name)
  })
})

describe('all or nothing', () => {
  test('looks in this order: form, SMS code, card kind, bank', async () => {
    const { at, before, wanted } = await atDetails(otherPhone())
    const { save } = await detailsWithCode(platform, at, wanted)
    const credit = cardNumber('622575')
    const wrongForm = await save({ bankConsent: '', smsCode: '000000', account: credit })
    expectRefusal(wrongForm, 'bankConsent', chinese('bankConsent.missing'))
    const wrongCode = await save({ smsCode: '000000', account: credit })
    expectRefusal(wrongCode, 'smsCode', chinese('smsCode.wrong'))
    expectRefusal(await save({ account: credit }), 'account', chinese('bank.notDebit'))
    expect(asked).toBe(0)
    outcome = 'mismatch'
    expectRefusal(await save(), 'form', chinese('bank.mismatch'))
    expect(await present(at)).toMatchObject({ name: before.name })
    outcome = undefined
    expect((await save()).heading).toBe('用户信息已保存')
  })

  test.each<[Record<string, string>, field: string, sentence: string]>([
    [{ name: ' ' }, 'name', chinese('name.missing')],
    [{ bank: '' }, 'bank', chinese('bank.missing')],
    [{ account: '' }, 'account', chinese('account.missing')],
    [{ phone: '123' }, 'phone', chinese('phone.short', { digits: 11 })],
    [{ smsCode: '' }, 'smsCode', chinese('smsCode.required')],
  ])('%j is refused beside its field, and what was typed stays', async (typed, field, sentence) => {
    const { at, wanted } = await atDetails()
    const { save } = await detailsWithCode(platform, at, wanted)
    const refused = await save(typed)
    expectRefusal(refused, field, sentence)
    expect(refused.value('smsCode')).toBe('')
    if (field !== 'name') expect(refused.value('name')).toBe(wanted.name)
    if (field !== 'account') expect(refused.value('account')).toBe(wanted.account)
    expect(asked).toBe(0)
  })

  test.each<[BankOutcome, field: string, sentence: string, status?: number]>([
    ['mismatch', 'form', chinese('bank.mismatch')],
    ['no_record', 'form', chinese('bank.mismatch')],
    ['card_unusable', 'form', chinese('bank.mismatch')],
    ['not_debit', 'account', chinese('bank.notDebit')],
    ['unsupported_bank', 'bank', chinese('bank.unsupported')],
    ['unsupported_document', 'form', chinese('bank.unsupportedDocument')],
    ['quota', 'form', chinese('bank.unavailable'), 503],
    ['unavailable', 'form', chinese('bank.unavailable'), 503],
  ])(
    '%s of the bank changes nothing and is told; the code stays good',
    async (found, ...noticesOn) => {
      const [field, sentence, status] = noticesOn
      const { at, before, wanted } = await atDetails()
      const { save } = await detailsWithCode(platform, at, wanted)
      outcome = found
      expectRefusal(await save(), field, sentence, status)
      expect((await present(at)).name).toBe(before.name)
      outcome = undefined
      expect((await save()).heading).toBe('用户信息已保存')
    },
  )

  test('a code for one phone proves no other', async () => {
    const { at, wanted } = await atDetails(otherPhone())
    const { save } = await detailsWithCode(platform, at, wanted)
    const { phone } = samplePerson()
    expectRefusal(await save({ phone }), 'smsCode', chinese('smsCode.expired'))
    expect(asked).toBe(0)
  })

  test('twenty presses at once change once, ask the bank once and tell each phone once', async () => {
    const { at, before, wanted } = await atDetails(otherPhone())
    const { save } = await detailsWithCode(platform, at, wanted)
    const pages = await Promise.all(Array.from({ length: 20 }, () => save()))
    expect(new Set(pages.map(({ heading }) => heading))).toEqual(new Set(['用户信息已保存']))
    expect(asked).toBe(1)
    const accounts = platform.stores.mongodb.collection('accounts')
    expect(await accounts.countDocuments({ version: { $gt: 2 } })).toBe(0)
    await untilNoticeOn(platform, wanted.phone, 'phone-changed')
    await untilNoticeOn(platform, before.phone, 'phone-changed-old')
    expect(
      (await noticesOn(platform, wanted.phone)).filter((each) => each === 'phone-changed'),
    ).toHaveLength(1)
    expect(
      (await noticesOn(platform, before.phone)).filter((each) => each === 'phone-changed-old'),
    ).toHaveLength(1)
  })

  test('of two tabs that save different sets at once, each is whole or refused', async () => {
    const { at, before, wanted } = await atDetails()
    const other = { ...before, name: '林更满', account: cardNumber('621483') }
    await platform.issueCard(other)
    const [one, two] = [
      await detailsWithCode(platform, at, wanted),
      await detailsWithCode(platform, at, other),
    ]
    const pages = await Promise.all([one.save(), two.save()])
    for (const page of pages)
      expect(['用户信息已保存', `用户信息: ${chinese('account.stale')}`]).toContain(
        [page.heading, ...page.faults].join(': '),
      )
    const { name, text } = await present(at)
    const holds = name === wanted.name ? wanted : other
    expect(name).toBe(holds.name)
    expect(text).toContain(holds.account.slice(-4))
  })
})

test('a flow of 用户信息 is its owner’s: nobody else who signs in goes on with it', async () => {
  const { at, page } = await atDetails()
  const { at: there } = await signedInAt(platform, await registered(platform, samplePerson()))
  there.browser.setCookie('flow', at.browser.cookie('flow') ?? '')
  for (const taken of [await there.open(page.url.href), await there.send(page, {}, 'send')])
    expect([taken.status, taken.heading]).toEqual([403, chinese('flow.foreign.title')])
  expect((await at.open(page.url.href)).heading).toBe('用户信息')
})
