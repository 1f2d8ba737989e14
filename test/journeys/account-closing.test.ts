import { until } from '../../sandbox/ports.mjs'
import { closingWithCode, continueLinkOf } from '../support/account-closing.ts'
import { isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { frequentPolling, testClock } from '../support/clock.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { loginFields, signInFields } from '../support/registering.ts'

const day = 24 * 3600
let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, policy: frequentPolling, env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

async function atClosing() {
  const person = await registered(platform, samplePerson())
  const { at } = await signedInAt(platform, person)
  return { person, at, ...(await closingWithCode(platform, at, person)) }
}

async function closed() {
  const scene = await atClosing()
  expect((await scene.press()).heading).toBe('已申请注销')
  return scene
}

const signIn = async (person: SamplePerson) => (await signedInAt(platform, person)).page
const collection = (name: string) => platform.stores.mongodb.collection(name)

describe('requesting the closing', () => {
  test('the page explains the consequences and asks for password and code', async () => {
    const { page, person } = await atClosing()
    expect(page.heading).toBe('注销账户')
    for (const words of ['15 天内登录即可取消注销', '不能恢复', '用户名和证件可以重新注册'])
      expect(page.text).toContain(words)
    expect(page.text).toContain(`${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`)
    expect(page.html).not.toContain(person.phone)
    expect(page.buttons).toEqual(expect.arrayContaining(['发送短信验证', '注销账户']))
  })

  test('the request ends every session, shows until when it can be cancelled, and notifies the phone', async () => {
    const { person, at, press } = await atClosing()
    const elsewhere = (await signedInAt(platform, person)).at
    const done = await press()
    expect(done.heading).toBe('已申请注销')
    expect(done.text).toMatch(/账户将于 \d{4}年\d+月\d+日 \d+:\d+ 删除/)
    expect(done.text).toContain('可以关闭本页面')
    for (const browser of [at, elsewhere]) expect(await isSignedIn(platform, browser)).toBe(false)
    // The page can be reloaded, but only in the same browser.
    expect((await at.open(done.url.href)).heading).toBe('已申请注销')
    expect((await personAtForms().open(done.url.href)).status).toBe(403)
    await untilNoticeOn(platform, person.phone, 'account-closing')
    const [message] = await platform.messages(person.phone)
    expect(message.text).toContain(`将于${message.params.date}注销`)
    expect(message.params.date).toMatch(/^\d+月\d+日$/)
  })

  test('the request signs the person out of the exam service', async () => {
    const { person, press } = await atClosing()
    const exam = personAtForms()
    await exam.send(await exam.open(`${platform.exam.url}/login`), signInFields(person))
    const signedIn = async () => (await exam.open(platform.exam.url)).text.includes('退出')
    expect(await signedIn()).toBe(true)
    await press()
    await until(async () => !(await signedIn()), { seconds: 60, what: 'the sign-out' })
  })

  test.each<[Record<string, string>, field: string, sentence: string]>([
    [{ presentPassword: '' }, 'presentPassword', chinese('password.missing')],
    [{ presentPassword: 'not that one' }, 'presentPassword', chinese('presentPassword.wrong')],
    [{ smsCode: '' }, 'smsCode', chinese('smsCode.required')],
    [{ smsCode: '000000' }, 'smsCode', chinese('smsCode.wrong')],
    [{ smsCode: '12' }, 'smsCode', chinese('smsCode.format')],
  ])(
    '%j is refused beside its field and does not request the closing',
    async (typed, field, sentence) => {
      const { at, person, press } = await atClosing()
      expectRefusal(await press(typed), field, sentence)
      expect(await isSignedIn(platform, at)).toBe(true)
      expect(await noticesOn(platform, person.phone)).not.toContain('account-closing')
      expect((await press()).heading).toBe('已申请注销')
    },
  )

  test('a phone number in the form does not change where the code is sent', async () => {
    const { at, page, person } = await atClosing()
    const { phone } = samplePerson()
    await at.send(page, { phone, phoneRegion: '+86' }, 'send')
    expect(await noticesOn(platform, phone)).toEqual([])
    expect(
      (await noticesOn(platform, person.phone)).filter((each) => each === 'code').length,
    ).toBeGreaterThan(1)
  })

  test('20 concurrent requests close the account once and notify the phone once', async () => {
    const { person, press } = await atClosing()
    const pages = await Promise.all(Array.from({ length: 20 }, () => press()))
    // Requests that arrive after the session has ended get the login page.
    expect(pages.map(({ heading }) => heading)).toContain('已申请注销')
    expect(pages.filter(({ status }) => status >= 500)).toEqual([])
    await untilNoticeOn(platform, person.phone, 'account-closing')
    expect(
      (await noticesOn(platform, person.phone)).filter((each) => each === 'account-closing'),
    ).toHaveLength(1)
  })

  test('concurrent requests in two tabs notify the phone once', async () => {
    const person = await registered(platform, samplePerson())
    const { at } = await signedInAt(platform, person)
    const one = await closingWithCode(platform, at, person)
    const two = await closingWithCode(platform, at, person)
    await Promise.all([one.press(), two.press()])
    await untilNoticeOn(platform, person.phone, 'account-closing')
    expect(
      (await noticesOn(platform, person.phone)).filter((each) => each === 'account-closing'),
    ).toHaveLength(1)
  })

  test('the request invalidates a password recovery that has passed its proof', async () => {
    const { person, press } = await atClosing()
    const lost = personAtForms()
    const username = await lost.open(`${platform.issuer}/recover/password`)
    const method = await lost.send(username, { username: person.username, captcha: fixedAnswer })
    const proof = await lost.send(method, {})
    const { idType, idNumber, phone } = person
    const sent = await lost.send(proof, { idType, idNumber, phone }, 'send')
    const smsCode = await platform.codeFor(phone)
    const reset = await lost.send(sent, { idType, idNumber, phone, smsCode })
    expect(reset.heading).toBe('重置密码')
    await press()
    const password = 'a stolen recovery 1'
    const refused = await lost.send(reset, { password, passwordAgain: password })
    expectRefusal(refused, 'form', chinese('passwordRecovery.stale'))
    expect((await signIn({ ...person, password })).heading).toBe('登录')
  })
})

describe('the cooling-off period', () => {
  test('a sign-in cancels the closing, says so, and links to the requested page', async () => {
    const { person } = await closed()
    const at = personAtForms()
    const login = await at.open(`${platform.issuer}/account/password`)
    const wrong = await at.send(login, { ...signInFields(person), password: 'not that one' })
    expectRefusal(wrong, 'form', chinese('login.wrong'))
    const kept = await at.send(wrong, signInFields(person))
    expect(kept.heading).toBe('注销已取消')
    expect(kept.link('继续')).toBeDefined()
    expect((await at.open(continueLinkOf(kept))).heading).toBe('密码管理')
    expect((await signIn(person)).heading).toBe('用户信息')
  })

  test('a cancelled closing does not erase the account when the period ends', async () => {
    const { person } = await closed()
    expect((await signIn(person)).heading).toBe('注销已取消')
    turn(15 * day)
    const due = { kind: 'erase', due: { $lte: new Date(clock()) } }
    const done = async () => (await collection('tasks').countDocuments(due)) === 0
    await until(done, { seconds: 60, what: 'the erasure' })
    expect((await signIn(person)).heading).toBe('用户信息')
  })

  test('20 concurrent sign-ins cancel the closing and none fails', async () => {
    const { person } = await closed()
    const pages = await Promise.all(Array.from({ length: 20 }, () => signIn(person)))
    const headings = new Set(pages.map(({ heading }) => heading))
    expect(
      [...headings].filter((each) => !['注销已取消', '用户信息', '登录'].includes(each)),
    ).toEqual([])
    expect(headings).toContain('注销已取消')
    expect((await signIn(person)).heading).toBe('用户信息')
  })

  test('username and document stay taken until the period ends', async () => {
    const { person } = await closed()
    const at = personAtForms()
    const page = await at.open(`${platform.issuer}/register`)
    expectRefusal(await at.send(page, loginFields(person)), 'username', chinese('username.taken'))
  })
})
