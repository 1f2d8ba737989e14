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

/** Somebody with a phone of their own, at the login of a browser of their own. */
async function somebody() {
  const phone = `13${digits(9)}`
  const username = `user${digits(8)}`
  const number = `E${digits(8)}`
  const id = await platform.register({
    username,
    phone: `+86${phone}`,
    document: { type: 'passport', number },
  })
  return { id, phone, number, typed: { ...credentials, username }, browser: cookieBrowser() }
}
type Somebody = Awaited<ReturnType<typeof somebody>>

const essential = (value: string) =>
  JSON.stringify({ id_token: { acr: { essential: true, values: [value] } } })

/** A request of this person's browser, up to the first page or the answer. */
async function asking({ browser }: Somebody, params: Record<string, string>, id?: 'benefits') {
  const { ask, config } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask(params)
  return { page: await browser.visit(url, callback), tokens, config }
}

/** The same of somebody who signed in a while ago. */
async function signedIn(params: Record<string, string> = {}) {
  const who = await somebody()
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask(params)
  const got = await tokens(await signIn(who.browser, url, who.typed))
  return { who, authTime: got.claims()?.auth_time }
}

/** 发送短信验证, and the code that arrives typed in. */
async function typeCode(browser: Browser, page: Visit, phone: string) {
  const sent = await submit(browser, page, { action: 'send' })
  return submit(browser, sent, { smsCode: await platform.codeFor(phone) })
}

describe('acr_values: password and SMS', () => {
  test('a code to the registered phone lifts the sign-in; auth_time stays', async () => {
    const { who, authTime } = await signedIn()
    turn(2)
    const { page, tokens } = await asking(who, { acr_values: acr.sms })
    expect(page.text).toContain('<h1>验证身份</h1>')
    expect(page.text).toContain('动态验证')
    expect(page.text).toContain('考生服务系统要求再次确认是您本人')
    expect(page.text).not.toContain(who.phone)
    const got = await tokens(answerOf(await typeCode(who.browser, page, who.phone)))
    expect(got.claims()).toMatchObject({
      acr: acr.sms,
      amr: ['pwd', 'sms', 'mfa'],
      auth_time: authTime,
      sub: who.id,
    })
  })

  test('it comes after the password in the same request, and is asked for once in a sign-in', async () => {
    const who = await somebody()
    const { page, tokens } = await asking(who, { acr_values: acr.sms, max_age: '0' })
    const code = await submit(who.browser, page, who.typed)
    const lifted = answerOf(await typeCode(who.browser, code, who.phone))
    const got = await tokens(lifted, { maxAge: 0 })
    expect(got.claims()).toMatchObject({ acr: acr.sms })
    const again = await asking(who, { claims: essential(acr.sms), prompt: 'none', max_age: '600' })
    const second = await again.tokens(answerOf(again.page), { maxAge: 600 })
    expect(second.claims()).toMatchObject({ acr: acr.sms, auth_time: got.claims()?.auth_time })
  })

  test('once max_age has passed both are asked for anew', async () => {
    const { who } = await signedIn()
    const first = await asking(who, { acr_values: acr.sms })
    answerOf(await typeCode(who.browser, first.page, who.phone))
    // Past the phone's pause between two codes, too.
    turn(101)
    const { page, tokens } = await asking(who, { acr_values: acr.sms, max_age: '100' })
    expect(page.text).toContain('id="password"')
    const code = await submit(who.browser, page, who.typed)
    expect(code.text).toContain('动态验证')
    const got = await tokens(answerOf(await typeCode(who.browser, code, who.phone)))
    expect(got.claims()).toMatchObject({ acr: acr.sms })
  })

  test('whoever takes longer than max_age types the password again', async () => {
    const { who } = await signedIn()
    const { page } = await asking(who, { acr_values: acr.sms, max_age: '10' })
    expect(page.text).toContain('动态验证')
    turn(11)
    const late = await typeCode(who.browser, page, who.phone)
    expect(late.text).toContain('id="password"')
  })

  test('a wrong code lifts nothing, and says so beside its field', async () => {
    const { who } = await signedIn()
    const { page } = await asking(who, { acr_values: acr.sms })
    const sent = await submit(who.browser, page, { action: 'send' })
    const right = await platform.codeFor(who.phone)
    const wrong = await submit(who.browser, sent, { smsCode: right === '000000' ? '1' : '000000' })
    expect(wrong.response.status).toBe(422)
    expect(wrong.text).toContain(chinese('smsCode.wrong'))
    const { page: silent } = await asking(who, { claims: essential(acr.sms), prompt: 'none' })
    expect(answerOf(silent).searchParams.get('error')).toBe('interaction_required')
  })

  test('the limits of messages hold here as well', async () => {
    const { who } = await signedIn()
    const { page } = await asking(who, { acr_values: acr.sms })
    const sent = await submit(who.browser, page, { action: 'send' })
    const again = await submit(who.browser, sent, { action: 'send' })
    expect(again.response.status).toBe(429)
    expect(await platform.messages(who.phone)).toHaveLength(1)
  })

  test('the flow belongs to its browser, and nobody begins one by its address', async () => {
    const { who } = await signedIn()
    const { page } = await asking(who, { acr_values: acr.sms })
    const address = String(page.path.at(-1))
    expect((await cookieBrowser().visit(address)).response.status).toBe(403)
    const other = (await signedIn()).who.browser
    const { path } = await other.visit(`${platform.issuer}/step-up/sms`)
    expect(path.at(-1)?.pathname).toMatch(/^\/account\/details/)
    const back = await who.browser.visit(address.replace(/\/sms\/[^/]+\/sms/, '/sms/unknown/sms'))
    expect(back.response.status).toBe(410)
  })

  test('whoever signed out meanwhile is lifted by no code', async () => {
    const { who } = await signedIn()
    const { page } = await asking(who, { acr_values: acr.sms })
    const sent = await submit(who.browser, page, { action: 'send' })
    const bye = await who.browser.visit(`${platform.issuer}/session/end`)
    const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
    const confirm = `${platform.issuer}/session/end/confirm`
    await who.browser.visit(confirm, undefined, { method: 'POST', body })
    const late = await submit(who.browser, sent, { smsCode: await platform.codeFor(who.phone) })
    expect(late.text).toContain('id="password"')
    const silent = await asking(who, { prompt: 'none' })
    expect(answerOf(silent.page).searchParams.get('error')).toBe('login_required')
  })

  test('opening the request again leads to the same page', async () => {
    const { who } = await signedIn()
    const { page } = await asking(who, { acr_values: acr.sms })
    const interaction = page.path.find(({ pathname }) => pathname.startsWith('/interaction/'))
    const again = await who.browser.visit(String(interaction))
    expect(again.path.at(-1)?.pathname).toBe(page.path.at(-1)?.pathname)
    // Where the page that says a flow has expired leads to.
    const uid = interaction?.pathname.split('/').at(-1)
    const anew = await who.browser.visit(
      `${platform.issuer}/step-up?interaction=${uid}&system=exam`,
    )
    expect(anew.path.at(-1)?.pathname).toBe(page.path.at(-1)?.pathname)
  })
})

describe('what is asked for and what is answered', () => {
  test('without anything to show, acr_values are not insisted on, an essential acr is', async () => {
    const { who } = await signedIn()
    const wish = await asking(who, { acr_values: acr.sms, prompt: 'none' })
    const got = await wish.tokens(answerOf(wish.page))
    expect(got.claims()).toMatchObject({ acr: acr.password, amr: ['pwd'] })
    const demand = await asking(who, { claims: essential(acr.bank), prompt: 'none' })
    expect(answerOf(demand.page).searchParams.get('error')).toBe('interaction_required')
  })

  test('a sign-in answers with the level that was asked for, and holds those below', async () => {
    const { who } = await signedIn()
    const first = await asking(who, { acr_values: acr.sms })
    answerOf(await typeCode(who.browser, first.page, who.phone))
    const acrOf = async (params: Record<string, string>) => {
      const { page, tokens } = await asking(who, params)
      return (await tokens(answerOf(page))).claims()?.['acr']
    }
    expect(await acrOf({ acr_values: acr.password })).toBe(acr.password)
    expect(await acrOf({ claims: essential(acr.password) })).toBe(acr.password)
    expect(await acrOf({ acr_values: `${acr.bank} ${acr.sms}` })).toBe(acr.sms)
    expect(await acrOf({ claims: JSON.stringify({ id_token: { acr: null } }) })).toBe(acr.sms)
  })

  test('an acr that nobody knows: a wish is passed over, a demand can’t be met', async () => {
    const { who } = await signedIn()
    const wish = await asking(who, { acr_values: 'urn:unheard:of' })
    expect((await wish.tokens(answerOf(wish.page))).claims()).toMatchObject({ acr: acr.password })
    const demand = await asking(who, { claims: essential('urn:unheard:of') })
    const error = answerOf(demand.page).searchParams.get('error')
    expect(error).toBe('unmet_authentication_requirements')
    const odd = JSON.stringify({ id_token: { acr: { essential: true, values: acr.sms } } })
    const { page } = await asking(who, { claims: odd })
    expect(answerOf(page).searchParams.get('error')).toBe('invalid_request')
  })
})

describe('acr_values: a bank proof', () => {
  /** At the page, with a card that the bank knows as this person's. */
  async function atBank(more: Record<string, string> = {}) {
    const { who } = await signedIn()
    platform.turn(3600 * 0.2)
    const { page, tokens, config } = await asking(
      who,
      { acr_values: acr.bank, ...more },
      'benefits',
    )
    const account = cardNumber('621700')
    const issue = (phone: string) =>
      platform.simulator('PUT', `/bank/cards/${account}`, {
        bank: '建设银行',
        name: '𠮷田·阿卜杜拉',
        idType: idTypes.passport,
        idNumber: who.number,
        phone,
        kind: 'debit',
      })
    const card = { bank: '建设银行', bankConsent: 'yes', account }
    return { who, page, tokens, config, issue, card }
  }

  test('refreshes what is verified, and is a proof in this sign-in', async () => {
    const scope = 'openid verified_identity'
    const { who, page, tokens, config, issue, card } = await atBank({ scope })
    await issue(who.phone)
    expect(page.text).toContain('<h1>验证身份</h1>')
    expect(page.text).toContain('社保服务要求由银行重新核验您的身份')
    for (const secret of [who.number, who.phone]) expect(page.text).not.toContain(secret)
    const sent = await submit(who.browser, page, { action: 'send', ...card })
    const smsCode = await platform.codeFor(who.phone)
    const got = await tokens(answerOf(await submit(who.browser, sent, { ...card, smsCode })))
    expect(got.claims()).toMatchObject({
      acr: acr.bank,
      amr: ['pwd', 'sms', 'mfa', 'bank_card'],
    })
    const userinfo = await oidc.fetchUserInfo(config, got.access_token, who.id)
    const { verification } = userinfo['verified_claims'] as { verification: { time: string } }
    expect(platform.clock() - Date.parse(verification.time)).toBeLessThan(60_000)
  })

  test('with another reserved phone that changes too, is told to both, and other sign-ins end', async () => {
    const { who, page, tokens, issue, card } = await atBank()
    const other = { ...who, browser: cookieBrowser() }
    const elsewhere = await asking(other, {})
    answerOf(await submit(other.browser, elsewhere.page, who.typed))
    const phone = `13${digits(9)}`
    await issue(phone)
    const sent = await submit(who.browser, page, { action: 'send', ...card, phone })
    const smsCode = await platform.codeFor(phone)
    const done = await submit(who.browser, sent, { ...card, phone, smsCode })
    expect((await tokens(answerOf(done))).claims()).toMatchObject({ acr: acr.bank })
    const account = await platform.accounts.findById(who.id)
    expect(account?.phone).toBe(`+86${phone}`)
    const ended = await asking(other, { prompt: 'none' })
    expect(answerOf(ended.page).searchParams.get('error')).toBe('login_required')
  })

  test('a proof that is older than a system needs it is made anew, once', async () => {
    const claims = (max_age: number) => {
      const verification = { trust_framework: null, time: { max_age, essential: true } }
      return JSON.stringify({
        userinfo: { verified_claims: { verification, claims: { name: null } } },
      })
    }
    const { who, tokens, config, issue, card, page } = await atBank({
      acr_values: '',
      claims: claims(600),
    })
    expect(page.text).toContain('社保服务要求由银行重新核验您的身份')
    await issue(who.phone)
    const sent = await submit(who.browser, page, { action: 'send', ...card })
    const smsCode = await platform.codeFor(who.phone)
    const got = await tokens(answerOf(await submit(who.browser, sent, { ...card, smsCode })))
    const userinfo = await oidc.fetchUserInfo(config, got.access_token, who.id)
    expect(userinfo['verified_claims']).toMatchObject({ claims: { name: '𠮷田·阿卜杜拉' } })
    // Young enough now; and where nothing may be shown, too old is no error.
    const young = await asking(who, { claims: claims(600) }, 'benefits')
    answerOf(young.page)
    platform.turn(900)
    const silent = await asking(who, { claims: claims(600), prompt: 'none' }, 'benefits')
    const without = await silent.tokens(answerOf(silent.page))
    const nothing = await oidc.fetchUserInfo(config, without.access_token, who.id)
    expect(nothing).not.toHaveProperty('verified_claims')
  })

  test('what the bank doesn’t confirm lifts nothing and changes nothing', async () => {
    const { who, page, issue, card } = await atBank()
    await issue(`13${digits(9)}`)
    const before = await platform.accounts.findById(who.id)
    const sent = await submit(who.browser, page, { action: 'send', ...card })
    const smsCode = await platform.codeFor(who.phone)
    const refused = await submit(who.browser, sent, { ...card, smsCode })
    expect(refused.response.status).toBe(422)
    expect(refused.text).toContain('人员姓名或证件名或证件号与银行登记不匹配')
    expect(await platform.accounts.findById(who.id)).toEqual(before)
    const silent = await asking(who, { claims: essential(acr.sms), prompt: 'none' })
    expect(answerOf(silent.page).searchParams.get('error')).toBe('interaction_required')
  })
})
