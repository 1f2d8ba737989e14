import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { schemaComplaints } from '../support/verified-claims-schema.ts'
import { keyedClient } from './keyed-client.ts'
import {
  answerOf,
  type ClientId,
  clients,
  credentials,
  person,
  relyingParty,
  relyingPartyWith,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

let platform: SsoPlatform
let sub: string
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
})
afterAll(() => platform.close())

type Disclosed = {
  readonly verification: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Signs the person in and returns the disclosed claims, which are validated against the schemas. */
async function disclosedTo(
  id: ClientId,
  params: Record<string, string>,
  typed: Record<string, string> = credentials,
) {
  const { ask, config } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask(params)
  const got = await tokens(await signIn(cookieBrowser(), url, typed))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
  const idToken = got.claims()
  for (const verified of [userinfo['verified_claims'], idToken?.['verified_claims']])
    expect(verified === undefined ? [] : schemaComplaints(verified)).toEqual([])
  return { userinfo: userinfo['verified_claims'] as Disclosed, idToken }
}

const claimsRequest = (verifiedClaims: unknown, target: 'userinfo' | 'id_token' = 'userinfo') => ({
  claims: JSON.stringify({ [target]: { verified_claims: verifiedClaims } }),
})
const forClaims = (...names: string[]) => ({
  verification: { trust_framework: null },
  claims: Object.fromEntries(names.map((name) => [name, null])),
})

test('the scope verified_identity discloses at userinfo the identity with its bank and time of proof', async () => {
  const scope = 'openid profile phone verified_identity'
  const { userinfo, idToken } = await disclosedTo('benefits', { scope })
  expect(userinfo).toMatchObject({
    verification: { trust_framework: 'cn_bank_card', assurance_level: 'four_elements' },
    claims: {
      name: person.name,
      id_type: 'resident_id',
      id_number: person.document.number,
      birthdate: person.birthdate,
      gender: person.gender,
      phone_number: person.phone,
    },
  })
  expect(idToken).not.toHaveProperty('verified_claims')
  for (const digits of ['6217', '0007', '6217001234560000007'])
    expect(JSON.stringify(userinfo.verification)).not.toContain(digits)
})

test('the claims parameter requests single verified claims, also in the ID token, as an object or a list', async () => {
  const one = forClaims('name_masked', 'over_18')
  const { idToken } = await disclosedTo('benefits', claimsRequest(one, 'id_token'))
  expect(idToken).toMatchObject({
    verified_claims: {
      verification: { trust_framework: 'cn_bank_card' },
      claims: { name_masked: '𠮷**', over_18: true },
    },
  })
  const foreign = { ...one, verification: { trust_framework: { value: 'eidas' } } }
  const { userinfo } = await disclosedTo(
    'benefits',
    claimsRequest([foreign, forClaims('id_number_last4')]),
  )
  expect(userinfo).toEqual([
    { verification: { trust_framework: 'cn_bank_card' }, claims: { id_number_last4: '002X' } },
  ])
  expect(await disclosedTo('benefits', claimsRequest([foreign]))).toMatchObject({
    userinfo: undefined,
  })
})

test('a client receives only the verified claims that its metadata allows', async () => {
  const { userinfo } = await disclosedTo('cinema', { scope: 'openid verified_identity' })
  expect(userinfo.claims).toEqual({ over_18: true })
  const more = await disclosedTo('cinema', claimsRequest(forClaims('name', 'over_18', 'birthdate')))
  expect(more.userinfo.claims).toEqual({ over_18: true })
  expect((await disclosedTo('cinema', claimsRequest(forClaims('name')))).userinfo).toBeUndefined()
  // The metadata of this client has no scope for verified claims.
  expect((await disclosedTo('exam', claimsRequest(forClaims('name')))).userinfo).toBeUndefined()
})

test('sex, birth date and age are not disclosed when the document number does not contain them', async () => {
  await platform.register({
    username: 'Traveller',
    document: { type: 'passport', number: 'E12345678' },
  })
  const typed = { ...credentials, username: 'Traveller' }
  const { userinfo } = await disclosedTo(
    'benefits',
    { scope: 'openid profile verified_identity' },
    typed,
  )
  expect(Object.keys(userinfo.claims).toSorted()).toEqual(['id_number', 'id_type', 'name'])
  expect(
    (await disclosedTo('cinema', claimsRequest(forClaims('over_18')), typed)).userinfo,
  ).toBeUndefined()
})

test('no verified claims are disclosed for a unit, because its handler does not claim an identity', async () => {
  const handler = await platform.accounts.findById(sub)
  const unit = {
    name: '深圳市某某有限公司',
    code: '91440300708461136T',
    legalRepresentative: person.name,
    legalRepresentativeIdNumber: person.document.number,
  }
  const { passwordHash = '' } = handler ?? {}
  const registered = await platform.accounts.create({
    ...{ kind: 'organisation', id: 'a-unit', username: 'Mou.Mou', unit, passwordHash },
    ...{ name: person.name, document: person.document, phone: person.phone },
    ...{ registeredAt: 0, confirmedAt: 0 },
    card: { bank: '建设银行', account: '6217001234560000007', provedAt: platform.clock() },
    consent: { wording: '我同意将银行账号仅用于核验身份', at: 0 },
  })
  expect(registered).toBe('created')
  const typed = { ...credentials, username: 'Mou.Mou' }
  const scope = 'openid profile verified_identity'
  expect((await disclosedTo('benefits', { scope }, typed)).userinfo).toBeUndefined()
  expect(
    (await disclosedTo('cinema', claimsRequest(forClaims('over_18')), typed)).userinfo,
  ).toBeUndefined()
})

test('introspection returns the same verified claims as userinfo', async () => {
  const { ask, config } = await relyingParty(platform.issuer, 'benefits')
  const { url, tokens } = await ask({ scope: 'openid verified_identity' })
  const got = await tokens(await signIn(cookieBrowser(), url))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  const { verified_claims: introspected } = await oidc.tokenIntrospection(config, got.access_token)
  expect(introspected).toMatchObject({ claims: { name: person.name } })
  expect(introspected).toEqual(userinfo['verified_claims'])
  expect(schemaComplaints(introspected)).toEqual([])
  const other = await ask({ scope: 'openid profile' })
  const plain = await other.tokens(await signIn(cookieBrowser(), other.url))
  const nothing = await oidc.tokenIntrospection(config, plain.access_token)
  expect(nothing.active).toBe(true)
  expect(nothing).not.toHaveProperty('verified_claims')
})

test('a bank proof older than max_age is not disclosed', async () => {
  const within = (max_age: number) =>
    claimsRequest({
      verification: { trust_framework: null, time: { max_age } },
      claims: { name: null },
    })
  expect((await disclosedTo('benefits', within(3600))).userinfo).toMatchObject({ claims: {} })
  platform.turn(7200)
  expect((await disclosedTo('benefits', within(3600))).userinfo).toBeUndefined()
})

test('a list of verified_claims can be sent in a pushed request and in a signed request object', async () => {
  const claims = { userinfo: { verified_claims: [forClaims('id_type'), forClaims('over_18')] } }
  const scope = 'openid verified_identity'
  const signer = await keyedClient('signer', 'ES256', { scope: `${scope} profile` })
  await platform.restartWith([...Object.values(clients), signer.metadata])
  const config = await signer.config(platform.issuer)
  const pushed = relyingPartyWith(config, (params) =>
    oidc.buildAuthorizationUrlWithPAR(config, params),
  )
  const signed = relyingPartyWith(config, (params) =>
    oidc.buildAuthorizationUrlWithJAR(config, params, signer.privateKey),
  )
  for (const { ask } of [pushed, signed]) {
    const { url, tokens } = await ask({ scope, claims: JSON.stringify(claims) })
    const got = await tokens(await signIn(cookieBrowser(), url))
    const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
    expect(userinfo['verified_claims']).toMatchObject([
      { claims: { id_type: 'resident_id' } },
      { claims: { over_18: true } },
    ])
  }
})

test.each([
  ['null', null],
  ['a text', 'name'],
  ['without a trust framework', { verification: {}, claims: null }],
  ['for no claim', { verification: { trust_framework: null }, claims: {} }],
  [
    'very deep',
    { ...forClaims('name'), claims: JSON.parse(`{"a":${'{"b":'.repeat(40)}{}${'}'.repeat(40)}}`) },
  ],
])('a request that is %s is refused as invalid', async (_, request) => {
  const { ask } = await relyingParty(platform.issuer, 'benefits')
  const { url } = await ask(claimsRequest(request))
  const answer = answerOf(await cookieBrowser().visit(url, 'https://rp.test/callback'))
  expect(answer.searchParams.get('error')).toBe('invalid_request')
})

describe('the consent to verified claims', () => {
  async function consentPage(params: Record<string, string>) {
    const { ask, config } = await relyingParty(platform.issuer, 'lender')
    const { url, tokens } = await ask(params)
    const browser = cookieBrowser()
    const page = await submit(browser, await browser.visit(url), credentials)
    return { browser, page, tokens, config, ask }
  }

  test('lists each verified claim, its purpose, and that the name of the bank is disclosed', async () => {
    const purpose = '核实<您>已成年'
    const request = { ...forClaims('name'), claims: { name: null, over_18: { purpose } } }
    const { page } = await consentPage(claimsRequest(request))
    expect(page.text).toContain('经银行核验的姓名')
    expect(page.text).toContain('是否年满18周岁')
    expect(page.text).toContain('该系统说明的用途：核实&lt;您&gt;已成年')
    expect(page.text).toContain('由哪家银行核验')
    expect(page.text).not.toContain('经银行核验的证件号')
  })

  test('is asked for again for further claims, of which single ones can be withheld', async () => {
    const { browser, page, tokens, config, ask } = await consentPage(
      claimsRequest(forClaims('name_masked')),
    )
    const got = await tokens(answerOf(await submit(browser, page, {})))
    const first = await oidc.fetchUserInfo(config, got.access_token, sub)
    expect(first['verified_claims']).toMatchObject({ claims: { name_masked: '𠮷**' } })

    const more = await ask(claimsRequest(forClaims('name_masked', 'id_number', 'over_18')))
    const secondConsent = await browser.visit(more.url)
    expect(secondConsent.text).toContain('经银行核验的证件号')
    const without = { 'give-verified_claims-id_number': 'no' }
    const second = await more.tokens(answerOf(await submit(browser, secondConsent, without)))
    const userinfo = await oidc.fetchUserInfo(config, second.access_token, sub)
    expect(userinfo['verified_claims']).toMatchObject({
      claims: { name_masked: '𠮷**', over_18: true },
    })
    expect(JSON.stringify(userinfo)).not.toContain(person.document.number)

    const quiet = await ask({ ...claimsRequest(forClaims('id_number')), prompt: 'none' })
    const silent = answerOf(await browser.visit(quiet.url, 'https://rp.test/callback'))
    const third = await quiet.tokens(silent)
    const nothing = await oidc.fetchUserInfo(config, third.access_token, sub)
    expect(nothing).not.toHaveProperty('verified_claims')
  })

  test('by scope can not be given in part, except for the phone, which belongs to its own scope', async () => {
    const params = { scope: 'openid phone verified_identity', prompt: 'consent' }
    const { browser, page, tokens, config } = await consentPage(params)
    expect(page.text).toContain('name="give-phone"')
    expect(page.text).not.toContain('name="give-verified')
    const without = { 'give-phone': 'no', 'give-verified_claims-name': 'no' }
    const got = await tokens(answerOf(await submit(browser, page, without)))
    const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
    expect(userinfo['verified_claims']).toMatchObject({ claims: { name: person.name } })
    expect(JSON.stringify(userinfo)).not.toContain(person.phone)
  })
})
