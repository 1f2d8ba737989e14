import * as oidc from 'openid-client'
import { acr } from '../../config/acr.ts'
import { idTypes } from '../../config/id-types.ts'
import { processClock } from '../support/clock.ts'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import { chinese } from '../support/expect-refusal.ts'
import { cardNumber, digits } from '../support/people.ts'
import {
  answerOf,
  type Browser,
  credentials,
  hidden,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const callback = 'https://rp.test/callback'

const { turn, restore } = processClock()
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
})
afterAll(async () => {
  await platform.close()
  restore()
})

/** A person with their own phone and a new browser. */
async function newPerson() {
  const phone = `13${digits(9)}`
  const username = `user${digits(8)}`
  const number = `E${digits(8)}`
  const id = await platform.register({
    username,
    phone: `+86${phone}`,
    document: { type: 'passport', country: 'BRA', number },
  })
  return { id, phone, number, typed: { ...credentials, username }, browser: cookieBrowser() }
}
type Person = Awaited<ReturnType<typeof newPerson>>

const essential = (value: string) =>
  JSON.stringify({ id_token: { acr: { essential: true, values: [value] } } })

/** Sends a request from the browser of this person, up to the first page or the response. */
async function request({ browser }: Person, params: Record<string, string>, id?: 'benefits') {
  const { ask, config } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask(params)
  return { page: await browser.visit(url, callback), tokens, config }
}

/** A person who is already signed in. */
async function signedIn(params: Record<string, string> = {}) {
  const person = await newPerson()
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask(params)
  const got = await tokens(await signIn(person.browser, url, person.typed))
  return { person, authTime: got.claims()?.auth_time }
}

/** Presses 发送短信验证 and submits the code that arrives. */
async function submitCode(browser: Browser, page: Visit, phone: string) {
  const sent = await submit(browser, page, { action: 'send' })
  return submit(browser, sent, { smsCode: await platform.codeFor(phone) })
}

describe('acr_values: password and SMS', () => {
  test('a code to the registered phone raises the acr of the session and keeps auth_time', async () => {
    const { person, authTime } = await signedIn()
    turn(2)
    const { page, tokens } = await request(person, { acr_values: acr.sms })
    expect(page.text).toContain('<h1>验证身份</h1>')
    expect(page.text).toContain('动态验证')
    expect(page.text).toContain('考生服务系统要求再次确认是您本人')
    expect(page.text).not.toContain(person.phone)
    const got = await tokens(answerOf(await submitCode(person.browser, page, person.phone)))
    expect(got.claims()).toMatchObject({
      acr: acr.sms,
      amr: ['pwd', 'sms', 'mfa'],
      auth_time: authTime,
      sub: person.id,
    })
  })

  test('the code is asked for after the password in the same request, and once for a session', async () => {
    const person = await newPerson()
    const { page, tokens } = await request(person, { acr_values: acr.sms, max_age: '0' })
    const code = await submit(person.browser, page, person.typed)
    const lifted = answerOf(await submitCode(person.browser, code, person.phone))
    const got = await tokens(lifted, { maxAge: 0 })
    expect(got.claims()).toMatchObject({ acr: acr.sms })
    const again = await request(person, {
      claims: essential(acr.sms),
      prompt: 'none',
      max_age: '600',
    })
    const second = await again.tokens(answerOf(again.page), { maxAge: 600 })
    expect(second.claims()).toMatchObject({ acr: acr.sms, auth_time: got.claims()?.auth_time })
  })

  test('after max_age both password and code are asked for again', async () => {
    const { person } = await signedIn()
    const first = await request(person, { acr_values: acr.sms })
    answerOf(await submitCode(person.browser, first.page, person.phone))
    // This is also longer than the pause between two codes to one phone.
    turn(101)
    const { page, tokens } = await request(person, { acr_values: acr.sms, max_age: '100' })
    expect(page.text).toContain('id="password"')
    const code = await submit(person.browser, page, person.typed)
    expect(code.text).toContain('动态验证')
    const got = await tokens(answerOf(await submitCode(person.browser, code, person.phone)))
    expect(got.claims()).toMatchObject({ acr: acr.sms })
  })

  test('a person who takes longer than max_age has to type the password again', async () => {
    const { person } = await signedIn()
    const { page } = await request(person, { acr_values: acr.sms, max_age: '10' })
    expect(page.text).toContain('动态验证')
    turn(11)
    const late = await submitCode(person.browser, page, person.phone)
    expect(late.text).toContain('id="password"')
  })

  test('a wrong code is refused beside its field and does not raise the acr', async () => {
    const { person } = await signedIn()
    const { page } = await request(person, { acr_values: acr.sms })
    const sent = await submit(person.browser, page, { action: 'send' })
    const right = await platform.codeFor(person.phone)
    const wrong = await submit(person.browser, sent, {
      smsCode: right === '000000' ? '1' : '000000',
    })
    expect(wrong.response.status).toBe(422)
    expect(wrong.text).toContain(chinese('smsCode.wrong'))
    const { page: silent } = await request(person, { claims: essential(acr.sms), prompt: 'none' })
    expect(answerOf(silent).searchParams.get('error')).toBe('interaction_required')
  })

  test('the limits of SMS apply here as well', async () => {
    const { person } = await signedIn()
    const { page } = await request(person, { acr_values: acr.sms })
    const sent = await submit(person.browser, page, { action: 'send' })
    const again = await submit(person.browser, sent, { action: 'send' })
    expect(again.response.status).toBe(429)
    expect(await platform.messages(person.phone)).toHaveLength(1)
  })

  test('the flow belongs to its browser and can not be started by its URL', async () => {
    const { person } = await signedIn()
    const { page } = await request(person, { acr_values: acr.sms })
    const address = String(page.path.at(-1))
    expect((await cookieBrowser().visit(address)).response.status).toBe(403)
    const other = (await signedIn()).person.browser
    const { path } = await other.visit(`${platform.issuer}/step-up/sms`)
    expect(path.at(-1)?.pathname).toMatch(/^\/account\/details/)
    const back = await person.browser.visit(
      address.replace(/\/sms\/[^/]+\/sms/, '/sms/unknown/sms'),
    )
    expect(back.response.status).toBe(410)
  })

  test('a code after signing out does not raise the acr', async () => {
    const { person } = await signedIn()
    const { page } = await request(person, { acr_values: acr.sms })
    const sent = await submit(person.browser, page, { action: 'send' })
    const bye = await person.browser.visit(`${platform.issuer}/session/end`)
    const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
    const confirm = `${platform.issuer}/session/end/confirm`
    await person.browser.visit(confirm, undefined, { method: 'POST', body })
    const late = await submit(person.browser, sent, {
      smsCode: await platform.codeFor(person.phone),
    })
    expect(late.text).toContain('id="password"')
    const silent = await request(person, { prompt: 'none' })
    expect(answerOf(silent.page).searchParams.get('error')).toBe('login_required')
  })

  test('opening the interaction again leads to the same page', async () => {
    const { person } = await signedIn()
    const { page } = await request(person, { acr_values: acr.sms })
    const interaction = page.path.find(({ pathname }) => pathname.startsWith('/interaction/'))
    const again = await person.browser.visit(String(interaction))
    expect(again.path.at(-1)?.pathname).toBe(page.path.at(-1)?.pathname)
    // The page about an expired flow links to this URL.
    const uid = interaction?.pathname.split('/').at(-1)
    const fromExpiredPage = await person.browser.visit(
      `${platform.issuer}/step-up?interaction=${uid}&system=exam`,
    )
    expect(fromExpiredPage.path.at(-1)?.pathname).toBe(page.path.at(-1)?.pathname)
  })
})

describe('the requested and the returned acr', () => {
  test('with prompt=none acr_values are voluntary, but an essential acr is required', async () => {
    const { person } = await signedIn()
    const voluntaryRequest = await request(person, { acr_values: acr.sms, prompt: 'none' })
    const got = await voluntaryRequest.tokens(answerOf(voluntaryRequest.page))
    expect(got.claims()).toMatchObject({ acr: acr.password, amr: ['pwd'] })
    const essentialRequest = await request(person, { claims: essential(acr.bank), prompt: 'none' })
    expect(answerOf(essentialRequest.page).searchParams.get('error')).toBe('interaction_required')
  })

  test('a session returns the requested acr, and satisfies those below its own', async () => {
    const { person } = await signedIn()
    const first = await request(person, { acr_values: acr.sms })
    answerOf(await submitCode(person.browser, first.page, person.phone))
    const acrOf = async (params: Record<string, string>) => {
      const { page, tokens } = await request(person, params)
      return (await tokens(answerOf(page))).claims()?.['acr']
    }
    expect(await acrOf({ acr_values: acr.password })).toBe(acr.password)
    expect(await acrOf({ claims: essential(acr.password) })).toBe(acr.password)
    expect(await acrOf({ acr_values: `${acr.bank} ${acr.sms}` })).toBe(acr.sms)
    expect(await acrOf({ claims: JSON.stringify({ id_token: { acr: null } }) })).toBe(acr.sms)
  })

  test('an unknown acr is ignored when it is voluntary and refused when it is essential', async () => {
    const { person } = await signedIn()
    const voluntaryRequest = await request(person, { acr_values: 'urn:unheard:of' })
    expect((await voluntaryRequest.tokens(answerOf(voluntaryRequest.page))).claims()).toMatchObject(
      { acr: acr.password },
    )
    const essentialRequest = await request(person, { claims: essential('urn:unheard:of') })
    const error = answerOf(essentialRequest.page).searchParams.get('error')
    expect(error).toBe('unmet_authentication_requirements')
    const odd = JSON.stringify({ id_token: { acr: { essential: true, values: acr.sms } } })
    const { page } = await request(person, { claims: odd })
    expect(answerOf(page).searchParams.get('error')).toBe('invalid_request')
  })
})

describe('acr_values: a bank proof', () => {
  /** Opens the page and prepares a bank card of this person. */
  async function openBankStep(more: Record<string, string> = {}) {
    const { person } = await signedIn()
    platform.turn(3600 * 0.2)
    const { page, tokens, config } = await request(
      person,
      { acr_values: acr.bank, ...more },
      'benefits',
    )
    const account = cardNumber('621700')
    const issue = (phone: string) =>
      platform.simulator('PUT', `/bank/cards/${account}`, {
        bank: '建设银行',
        name: '𠮷田·阿卜杜拉',
        idType: idTypes.passport,
        idCountry: 'BRA',
        idNumber: person.number,
        phone,
        kind: 'debit',
      })
    const card = { bank: '建设银行', bankConsent: 'yes', account }
    return { person, page, tokens, config, issue, card }
  }

  test('a bank proof renews the verified claims and raises the acr of the session', async () => {
    const scope = 'openid verified_identity'
    const { person, page, tokens, config, issue, card } = await openBankStep({ scope })
    await issue(person.phone)
    expect(page.text).toContain('<h1>验证身份</h1>')
    expect(page.text).toContain('社保服务要求由银行重新核验您的身份')
    for (const secret of [person.number, person.phone]) expect(page.text).not.toContain(secret)
    const sent = await submit(person.browser, page, { action: 'send', ...card })
    const smsCode = await platform.codeFor(person.phone)
    const got = await tokens(answerOf(await submit(person.browser, sent, { ...card, smsCode })))
    expect(got.claims()).toMatchObject({
      acr: acr.bank,
      amr: ['pwd', 'sms', 'mfa', 'bank_card'],
    })
    const userinfo = await oidc.fetchUserInfo(config, got.access_token, person.id)
    const { verification } = userinfo['verified_claims'] as { verification: { time: string } }
    expect(platform.clock() - Date.parse(verification.time)).toBeLessThan(60_000)
  })

  test('a bank proof with another reserved phone changes the phone and ends other sessions', async () => {
    const { person, page, tokens, issue, card } = await openBankStep()
    const other = { ...person, browser: cookieBrowser() }
    const otherRequest = await request(other, {})
    answerOf(await submit(other.browser, otherRequest.page, person.typed))
    const phone = `13${digits(9)}`
    await issue(phone)
    const sent = await submit(person.browser, page, { action: 'send', ...card, phone })
    const smsCode = await platform.codeFor(phone)
    const done = await submit(person.browser, sent, { ...card, phone, smsCode })
    expect((await tokens(answerOf(done))).claims()).toMatchObject({ acr: acr.bank })
    const account = await platform.accounts.findById(person.id)
    expect(account?.phone).toBe(`+86${phone}`)
    const ended = await request(other, { prompt: 'none' })
    expect(answerOf(ended.page).searchParams.get('error')).toBe('login_required')
  })

  test('a bank proof that is older than the requested max_age is renewed once', async () => {
    const claims = (max_age: number) => {
      const verification = { trust_framework: null, time: { max_age, essential: true } }
      return JSON.stringify({
        userinfo: { verified_claims: { verification, claims: { name: null } } },
      })
    }
    const { person, tokens, config, issue, card, page } = await openBankStep({
      acr_values: '',
      claims: claims(600),
    })
    expect(page.text).toContain('社保服务要求由银行重新核验您的身份')
    await issue(person.phone)
    const sent = await submit(person.browser, page, { action: 'send', ...card })
    const smsCode = await platform.codeFor(person.phone)
    const got = await tokens(answerOf(await submit(person.browser, sent, { ...card, smsCode })))
    const userinfo = await oidc.fetchUserInfo(config, got.access_token, person.id)
    expect(userinfo['verified_claims']).toMatchObject({ claims: { name: '𠮷田·阿卜杜拉' } })
    // The proof is recent enough now. With prompt=none, a proof that is too old is not an error.
    const young = await request(person, { claims: claims(600) }, 'benefits')
    answerOf(young.page)
    platform.turn(900)
    const silent = await request(person, { claims: claims(600), prompt: 'none' }, 'benefits')
    const without = await silent.tokens(answerOf(silent.page))
    const nothing = await oidc.fetchUserInfo(config, without.access_token, person.id)
    expect(nothing).not.toHaveProperty('verified_claims')
  })

  test('a claim that the bank does not confirm neither raises the acr nor changes the account', async () => {
    const { person, page, issue, card } = await openBankStep()
    await issue(`13${digits(9)}`)
    const before = await platform.accounts.findById(person.id)
    const sent = await submit(person.browser, page, { action: 'send', ...card })
    const smsCode = await platform.codeFor(person.phone)
    const refused = await submit(person.browser, sent, { ...card, smsCode })
    expect(refused.response.status).toBe(422)
    expect(refused.text).toContain('人员姓名或证件名或证件号与银行登记不匹配')
    expect(await platform.accounts.findById(person.id)).toEqual(before)
    const silent = await request(person, { claims: essential(acr.sms), prompt: 'none' })
    expect(answerOf(silent.page).searchParams.get('error')).toBe('interaction_required')
  })
})
