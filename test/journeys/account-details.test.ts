import type { BankOutcome } from '../../src/ports/services/bank-outcomes.ts'
import { detailsWithCode, isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import type { personAtForms } from '../support/person-at-forms.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

/** The bank's answer to every request; if undefined, the simulator answers. */
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

/** A signed-in person whose bank has newer details than the account. */
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
  test('the page shows the registered data with masked document and phone, and an empty card field', async () => {
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

  test('a changed name and card are saved together and end no session', async () => {
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

  test('a changed phone ends all other sessions, and both phones are notified', async () => {
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

  test('the bank is always asked about the registered document, whatever the form contains', async () => {
    const { at, before, wanted } = await atDetails()
    const somebody = samplePerson()
    await platform.issueCard({ ...wanted, idNumber: somebody.idNumber })
    const { save } = await detailsWithCode(platform, at, wanted)
    const idNumber = somebody.idNumber
    expectRefusal(await save({ idType: 'resident_id', idNumber }), 'form', chinese('bank.mismatch'))
    expect((await present(at)).name).toBe(before.name)
  })
})

describe('saving', () => {
  test('the form, the SMS code, the card kind and the bank are checked in this order', async () => {
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
  ])(
    '%j is refused beside its field, and the typed values stay',
    async (typed, field, sentence) => {
      const { at, wanted } = await atDetails()
      const { save } = await detailsWithCode(platform, at, wanted)
      const refused = await save(typed)
      expectRefusal(refused, field, sentence)
      expect(refused.value('smsCode')).toBe('')
      if (field !== 'name') expect(refused.value('name')).toBe(wanted.name)
      if (field !== 'account') expect(refused.value('account')).toBe(wanted.account)
      expect(asked).toBe(0)
    },
  )

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
    'the bank’s answer %s is shown and changes nothing, and the code stays valid',
    async (found, ...expected) => {
      const [field, sentence, status] = expected
      const { at, before, wanted } = await atDetails()
      const { save } = await detailsWithCode(platform, at, wanted)
      outcome = found
      expectRefusal(await save(), field, sentence, status)
      expect((await present(at)).name).toBe(before.name)
      outcome = undefined
      expect((await save()).heading).toBe('用户信息已保存')
    },
  )

  test('a code for one phone is not valid for another', async () => {
    const { at, wanted } = await atDetails(otherPhone())
    const { save } = await detailsWithCode(platform, at, wanted)
    const { phone } = samplePerson()
    expectRefusal(await save({ phone }), 'smsCode', chinese('smsCode.expired'))
    expect(asked).toBe(0)
  })

  test('20 concurrent requests change the account once, ask the bank once and notify each phone once', async () => {
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

  test('two tabs that save different details at once are each saved completely or refused', async () => {
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
    const saved = name === wanted.name ? wanted : other
    expect(name).toBe(saved.name)
    expect(text).toContain(saved.account.slice(-4))
  })
})

test('another signed-in person cannot continue a flow of 用户信息', async () => {
  const { at, page } = await atDetails()
  const { at: there } = await signedInAt(platform, await registered(platform, samplePerson()))
  there.browser.setCookie('flow', at.browser.cookie('flow') ?? '')
  for (const taken of [await there.open(page.url.href), await there.send(page, {}, 'send')])
    expect([taken.status, taken.heading]).toEqual([403, chinese('flow.foreign.title')])
  expect((await at.open(page.url.href)).heading).toBe('用户信息')
})
