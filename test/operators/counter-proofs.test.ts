import * as oidc from 'openid-client'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { relyingParty, type SsoPlatform, signIn, ssoPlatform } from '../sso/platform.ts'
import { signedInAt } from '../support/account-pages.ts'
import { operatorsOf } from '../support/console.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  askCounterProof,
  caseOf,
  counterCodeFor,
  counterProofFields,
  counterProved,
} from '../support/counter-proofs.ts'
import { enrol } from '../support/enrolled.ts'
import { chinese } from '../support/expect-refusal.ts'
import { digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { personFields, toCodeStep } from '../support/recovering.ts'
import { signInFields, toBankStep, withCode } from '../support/registering.ts'
import { schemaComplaints } from '../support/verified-claims-schema.ts'

type AtForms = ReturnType<typeof personAtForms>

/** Seconds in place of the 24 hours, which the contract test has: in these no session ends. */
const wait = 300
const waitingShortly = (usual: Policy) =>
  ({ ...usual, counterProofs: { ...usual.counterProofs, waitOfKnown: wait } }) as Policy

let platform: SsoPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
beforeAll(async () => {
  platform = await ssoPlatform(waitingShortly)
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

const invalid = '核验码无效或已过期'
const events = (filter: object) =>
  platform.stores.mongodb.collection('audit').find(filter).sort({ at: 1 }).toArray()
const accountOf = async ({ username }: SamplePerson) => {
  const account = await platform.accounts.findByUsername(username)
  if (!account) throw new Error('nobody of that name')
  return account
}

/** Presses 使用人工核验码 and 发送短信验证 on a page with the card's fields. */
async function withCounterCode(
  at: AtForms,
  page: FilledPage,
  phone: string,
  typed: Readonly<Record<string, string>> = {},
) {
  const href = page.link('使用人工核验码')
  const asks = await at.open(new URL(String(href), page.url).href)
  expect([asks.has('counterCode'), asks.has('bank'), asks.has('account')]).toEqual([
    ...[true, false, false],
  ])
  const sent = await at.send(asks, { phone, ...typed }, 'send')
  expect(sent.has('counterCode')).toBe(true)
  const smsCode = await platform.codeFor(phone)
  return (counterCode: string, more = {}) =>
    at.send(sent, { phone, ...typed, smsCode, counterCode, ...more })
}

const registering = async (person: SamplePerson, phone = person.phone) => {
  const at = personAtForms()
  return withCounterCode(at, await toBankStep(platform, at, person), phone)
}

/** The verified claims that the client gets. */
async function verifiedClaimsOf({ username, password }: SamplePerson) {
  const { ask, config } = await relyingParty(platform.issuer, 'benefits')
  const { url, tokens } = await ask({ scope: 'openid verified_identity' })
  const typed = { ...signInFields(samplePerson({ username, password })) }
  const got = await tokens(await signIn(cookieBrowser(), url, typed))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
  expect(schemaComplaints(userinfo['verified_claims'])).toEqual([])
  return userinfo['verified_claims']
}

test('a person whom the bank refuses registers with a 核验码 that two operators gave, and verified_claims say so', async () => {
  const person = samplePerson({ name: '欧阳·小满' })
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const refused = await at.send(page, fields)
  const [, number = ''] = /受理编号 ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(refused.text) ?? []

  const support = await desk.newOperator('support')
  const asking = await desk.signedIn(support)
  const { $ } = await asking.get(`/cases/${number}`)
  const link = String($('a:contains("人工核验")').last().attr('href'))
  expect((await asking.get(link)).$('#caseNumber').val()).toBe(number)
  const typed = counterProofFields(person, number)
  const { materialOriginal: _, ...unseen } = typed
  expect(
    (await asking.submit(link, '/counter-proofs', unseen)).$('#materialOriginal-fault').text(),
  ).toContain('证件原件')
  const stranger = { ...typed, idNumber: samplePerson().idNumber }
  const other = await asking.submit(link, '/counter-proofs', stranger)
  expect([other.status, other.$('#caseNumber-fault').length]).toEqual([422, 1])
  const asked = await asking.submit(link, '/counter-proofs', typed)
  expect([asked.path, asked.$('.success').text()]).toEqual(['/reviews', '已提交复核。'])

  const security = await desk.newOperator('security')
  const deciding = await desk.signedIn(security)
  expect((await deciding.get('/counter-proofs')).status).toBe(403)
  const waiting = await deciding.get('/reviews')
  const item = waiting
    .$('#waiting ~ .entries > li')
    .filter((_, li) => waiting.$(li).text().includes(number))
  for (const shown of ['欧**', '证件原件、银行证明', number, support.name])
    expect(item.text()).toContain(shown)
  for (const word of [person.name, person.idNumber, person.phone])
    expect([waiting.text.includes(word), asked.text.includes(word)]).toEqual([false, false])
  const review = String(item.find('form').attr('action'))
  const token = String(asked.$('input[name=token]').first().attr('value'))
  const own = await asking.post(review, { token, reason: '自己同意', action: 'approve' })
  expect(own.status).toBe(403)
  const decided = await deciding.submit('/reviews', review, {
    reason: '材料齐全',
    action: 'approve',
  })
  const code = await counterCodeFor(platform, person.phone)
  // Neither operator sees the code.
  expect([decided.text.includes(code), (await asking.get('/reviews')).text.includes(code)]).toEqual(
    [...[false, false]],
  )

  const submit = await withCounterCode(at, refused, person.phone)
  const badSms = await submit(code, { smsCode: '000000' })
  expect([badSms.faultAt('smsCode').length > 0, badSms.faultAt('counterCode')]).toEqual([true, ''])
  const done = await submit(` ${code.slice(0, 4)} ${code.slice(4)}`)
  expect(done.heading).toBe('注册成功')
  expect(done.text).toContain('人工实名核验')

  const { id } = await accountOf(person)
  expect(await verifiedClaimsOf(person)).toMatchObject({
    verification: {
      trust_framework: 'cn_counter',
      assurance_level: 'in_person',
      evidence: [
        {
          type: 'document',
          check_details: [{ check_method: 'vpip' }],
          document_details: { type: 'idcard' },
        },
      ],
    },
    claims: { name: person.name, id_number: person.idNumber },
  })
  const { at: owner, page: account } = await signedInAt(platform, person)
  const lender = await (await relyingParty(platform.issuer, 'lender')).ask({
    scope: 'openid verified_identity',
  })
  const consent = await owner.open(lender.url)
  expect(consent.text).toContain('经人工核验的姓名')
  expect(consent.text).toMatch(/核验方式和核验时间\s*人工核验 \d{4}-/)
  expect(consent.text).not.toContain('银行')
  expect(account.text).toContain('经人工核验')
  expect((await owner.open(`${platform.issuer}/account/data`)).text).toContain('人工核验时间')
  expect((await owner.open(`${platform.issuer}/account/records`)).text).toContain('使用人工核验码')
  const byCase = await events({ target: number, what: /^counter-proof/ })
  expect(byCase.map(({ what, operator }) => [what, operator])).toEqual([
    ['counter-proof-asked', support.id],
    ['counter-proof-approved', security.id],
  ])
  expect((await events({ accountId: id })).map(({ what }) => what)).toEqual(
    expect.arrayContaining(['registered', 'counter-proof-used']),
  )
  const again = await registering(samplePerson({ ...person, username: `user${digits(9)}` }))
    .then(() => 'opened')
    .catch(() => 'document taken')
  expect(again).toBe('document taken')
})

test('a wrong code, another person and another phone are refused alike, and the fifth wrong code voids it', async () => {
  const person = samplePerson()
  const code = await counterProved(platform, desk, person)
  const elsewhere = await registering(person, `13${digits(9)}`)
  expect((await elsewhere(code)).faultAt('counterCode')).toContain(invalid)
  const named = await registering({ ...person, username: `user${digits(9)}`, name: '林大满' })
  expect((await named(code)).faultAt('counterCode')).toContain(invalid)
  platform.turn(61)
  const submit = await registering({ ...person, username: `user${digits(9)}` })
  // A typing error in the form of the code costs no try.
  expect((await submit('12345')).faultAt('counterCode')).toContain(invalid)
  expect((await submit(' ')).faultAt('counterCode')).toContain('请填写核验码')
  const wrong = code === '99999999' ? '88888888' : '99999999'
  for (let tries = 0; tries < 4; tries += 1) {
    const page = await submit(wrong)
    expect([page.status, page.faultAt('counterCode').includes(invalid)]).toEqual([422, true])
  }
  expect((await submit(code)).faultAt('counterCode')).toContain(invalid)
  expect(
    await platform.accounts.documentTaken({ type: 'resident_id', number: person.idNumber }),
  ).toBe(false)
  const refusals = await events({ what: 'counter-proof-refused' })
  expect(refusals.length).toBeGreaterThanOrEqual(7)
})

test('用户信息维护 takes a 核验码 of the own account only, a bank proof replaces it', async () => {
  const document = { idType: 'passport', idCountry: 'BRA', idNumber: `FB${digits(6)}` } as const
  const person = samplePerson({ ...document, name: 'Ana Souza' })
  const before = await counterProved(platform, desk, person)
  const id = await enrol(platform, person)
  const { at } = await signedInAt(platform, person)
  const details = () => at.open(`${platform.issuer}/account/details`)
  const married = { ...person, name: 'Ana Lima' }
  // The code was given before there was an account, so nobody told its owner.
  const phone = person.phone
  const first = await withCounterCode(at, await details(), phone, { name: person.name })
  expect((await first(before)).faultAt('counterCode')).toContain(invalid)

  const review = await askCounterProof(desk, married, await caseOf(platform, married))
  const security = await desk.signedIn(await desk.newOperator('security'))
  await security.submit('/reviews', review, { reason: '材料齐全', action: 'approve' })
  await untilNoticeOn(platform, phone, 'counter-proof-old')
  const code = await counterCodeFor(platform, phone)
  const early = await first(code, { name: married.name })
  expect(early.faultAt('counterCode')).toContain(invalid)
  expect(early.summary).toContain('起方可使用')
  expect((await accountOf(person)).name).toBe('Ana Souza')
  const records = await at.open(`${platform.issuer}/account/records`)
  for (const shown of ['工作人员为您提交了人工核验', '核验码已发送', '人工核验码不正确'])
    expect(records.text).toContain(shown)

  platform.turn(wait)
  const { at: later } = await signedInAt(platform, person)
  const open = () => later.open(`${platform.issuer}/account/details`)
  const submit = await withCounterCode(later, await open(), phone, { name: married.name })
  const saved = await submit(code)
  expect(saved.text).toContain('经人工核验并保存')
  expect(await accountOf(person)).toMatchObject({ name: 'Ana Lima', counter: {} })
  expect(await accountOf(person)).not.toHaveProperty('card')
  expect(await verifiedClaimsOf(person)).toMatchObject({
    verification: {
      trust_framework: 'cn_counter',
      evidence: [{ document_details: { type: 'passport' } }],
    },
  })

  await platform.issueCard(married)
  const page = await open()
  expect(page.text).toContain('无（已通过人工核验）')
  const card = { bank: person.bank, bankConsent: 'yes', account: person.account }
  platform.turn(61)
  const sent = await later.send(page, { name: married.name, ...card, phone }, 'send')
  const smsCode = await platform.codeFor(phone)
  expect((await later.send(sent, { name: married.name, ...card, phone, smsCode })).text).toContain(
    '经银行核验并保存',
  )
  expect(await verifiedClaimsOf(person)).toMatchObject({
    verification: { trust_framework: 'cn_bank_card' },
  })
  expect(await events({ accountId: id, what: 'counter-proof-used' })).toHaveLength(1)
})

test('更换手机号 with a 核验码 changes phone and name once, after the old phone was told and the wait', async () => {
  const document = { idType: 'taiwan_permit', idNumber: digits(8) } as const
  const person = samplePerson({ ...document, name: '陳小滿' })
  await enrol(platform, person)
  const next = { ...person, name: '陳大滿', phone: `13${digits(9)}` }
  const code = await counterProved(platform, desk, next)
  await untilNoticeOn(platform, person.phone, 'counter-proof-old')
  const phoneChange = async () => {
    const at = personAtForms()
    const offers = await toCodeStep(platform, at, personFields(person))
    const change = await at.send(offers, {}, 'otherPhone')
    const { name, phone, idType, idNumber } = next
    return withCounterCode(at, change, phone, { name, idType, idNumber })
  }
  const early = await (await phoneChange())(code)
  expect(early.faultAt('counterCode')).toContain(invalid)
  expect(early.summary).toContain(chinese('phoneChange.manualCheck'))
  platform.turn(wait)
  const both = [await phoneChange()]
  platform.turn(61)
  both.push(await phoneChange())
  const pages = await Promise.all(both.map((submit) => submit(code)))
  const refused = pages.filter(({ heading }) => heading !== '更换成功')
  expect(refused.map(({ faults }) => faults)).toEqual([[invalid]])
  expect(await accountOf(person)).toMatchObject({ name: next.name, phone: `+86${next.phone}` })
  await untilNoticeOn(platform, person.phone, 'phone-changed-old')
  expect(await noticesOn(platform, next.phone)).toContain('phone-changed')
})
