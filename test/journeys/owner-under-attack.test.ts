import { detailsWithCode, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { enrolled, setQuestions, threeAnswers } from '../support/enrolled.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import type { FilledPage } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { newPassword, phoneProof, toMethodStep, withChangeCode } from '../support/recovering.ts'
import { signInFields } from '../support/registering.ts'
import { ownNetwork, stranger } from '../support/strangers.ts'

/**
 * Strangers know the username and the phone. With the default limits, wrong passwords, requested codes and 20 wrong security
 * answers, each from another network, shut nobody out. The limits act from 5 to 20 attempts on. 1,000 wrong passwords and
 * 100 codes: `STRANGERS=1000 npx jest test/journeys/owner-under-attack` (CONTRIBUTING.md).
 */
const strangers = Number(process.env['STRANGERS'] ?? 200)
const longest = 1_200_000

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { TRUST_PROXY: '1' } })
})
afterAll(() => platform.close())

/** Requests of one browser, each from another network. */
const roaming = () => {
  const headers = { 'x-forwarded-for': ownNetwork() }
  const at = stranger()
  return {
    ...at,
    send: (page: FilledPage, fields: Readonly<Record<string, string>>, action = 'next') => {
      headers['x-forwarded-for'] = ownNetwork()
      return at.open(new URL(page.action, page.url).href, {
        method: 'POST',
        headers: { ...headers },
        body: new URLSearchParams({ ...page.typed, ...fields, action }),
      })
    },
  }
}
/** A busy machine may answer a stranger 503, which counts for nobody. */
const inTurn = async (count: number, work: (n: number) => Promise<unknown>) => {
  const workers = Array.from({ length: 3 }, async (_, worker) => {
    for (let n = worker; n < count; n += 3) await work(n)
  })
  await Promise.all(workers)
}

async function wrongPasswords(owner: SamplePerson, count: number) {
  const typed = { ...signInFields(owner), password: 'not the password' }
  await inTurn(10, async () => {
    const at = roaming()
    let page = await at.open(`${platform.issuer}/account`)
    for (let n = 0; n < count / 10; n += 1) {
      page = await at.send(page, typed)
      expect([422, 429, 503]).toContain(page.status)
    }
  })
}

async function requestedCodes({ username, phone }: SamplePerson, count: number) {
  await inTurn(count, async () => {
    const at = roaming()
    const page = await at.send(await toMethodStep(platform, at, username), {})
    await at.send(page, { ...phoneProof(samplePerson()), phone }, 'send')
  })
}

async function wrongAnswers({ username }: SamplePerson, count: number) {
  await inTurn(count, async () => {
    const at = roaming()
    const page = await at.send(await toMethodStep(platform, at, username), {}, 'questions')
    const answers = { answer1: 'this', answer2: 'and', answer3: 'that' }
    expect([422, 429, 503]).toContain((await at.send(page, answers)).status)
  })
}

/** The attack, and then once more what one stranger can do in each pause that it left. */
async function attack(owner: SamplePerson) {
  await Promise.all([
    wrongPasswords(owner, strangers),
    requestedCodes(owner, strangers / 10),
    wrongAnswers(owner, 20),
  ])
  // A phone gets a code a minute, and ten a day.
  for (let n = 0; n < 10; n += 1) {
    turn(61)
    await requestedCodes(owner, 1)
  }
  expect(await platform.messages(owner.phone)).toHaveLength(10)
  turn(90)
  await Promise.all([wrongPasswords(owner, 10), requestedCodes(owner, 10)])
}

const rightAnswers = Object.fromEntries(
  Object.values(threeAnswers).map((answer, n) => [`answer${n + 1}`, answer]),
)
const isAccount = ({ heading }: FilledPage) => heading === '用户信息'

/** A person with an account, the security questions, and a device on which they signed in before. */
async function ownerWithDevice() {
  const owner = await enrolled(platform)
  await setQuestions(platform, owner)
  const device = stranger()
  expect(isAccount((await signedInAt(platform, owner, '/account', device)).page)).toBe(true)
  // The session has ended; the device is still remembered.
  device.browser.setCookie('uup_session', 'ended')
  return { owner, device }
}

test(
  'on a remembered device, the owner signs in, changes the phone and resets the password at the first try',
  async () => {
    const { owner, device } = await ownerWithDevice()
    await attack(owner)
    const { login, page: signedIn } = await signedInAt(platform, owner, '/account', device)
    expect(login.heading).toBe('登录')
    expect(isAccount(signedIn)).toBe(true)

    const moved = { ...owner, phone: samplePerson().phone }
    await platform.issueCard(moved)
    const { save } = await detailsWithCode(platform, device, moved)
    expect((await save()).heading).toBe('用户信息已保存')

    const asked = await device.send(
      await toMethodStep(platform, device, owner.username),
      {},
      'questions',
    )
    const byAnswers = await device.send(asked, rightAnswers)
    const password = 'a new password of mine'
    expect((await device.send(byAnswers, newPassword(password))).heading).toBe('重置成功')
  },
  longest,
)

test(
  'on a new device, the owner signs in, resets the password and changes the phone at the first try',
  async () => {
    const { owner } = await ownerWithDevice()
    await attack(owner)
    // The right password alone waits, and the page leads to the way that does not.
    const fresh = stranger()
    const { page: waits } = await signedInAt(platform, owner, '/account', fresh)
    expect(waits.status).toBe(429)
    const asks = await fresh.send(waits, { username: owner.username }, 'byCode')
    const code = await fresh.send(asks, {
      username: owner.username,
      password: owner.password,
      captcha: fixedAnswer,
    })
    await platform.settled()
    expect(
      isAccount(await fresh.send(code, { smsCode: await platform.codeFor(owner.phone) })),
    ).toBe(true)

    const other = stranger()
    const reset = await toResetStepAfterFlood(other, owner)
    const password = 'a new password of mine'
    expect((await other.send(reset, newPassword(password))).heading).toBe('重置成功')
    // The reset has lifted the wait: the password is enough again.
    const again = await signedInAt(platform, { ...owner, password }, '/account', stranger())
    expect(isAccount(again.page)).toBe(true)

    const moved = { ...owner, phone: samplePerson().phone }
    await platform.issueCard(moved)
    const third = stranger()
    const proof = await third.send(await toMethodStep(platform, third, owner.username), {})
    const { page, fields } = await withChangeCode(platform, third, proof, moved)
    expect((await third.send(page, fields)).heading).toBe('更换成功')
  },
  longest,
)

/** 找回密码 up to 重置密码; the code is sent after the response. */
async function toResetStepAfterFlood(at: ReturnType<typeof stranger>, owner: SamplePerson) {
  const method = await toMethodStep(platform, at, owner.username)
  const page = await at.send(await at.send(method, {}), phoneProof(owner), 'send')
  expect(page.faults).toEqual([])
  await platform.settled()
  const smsCode = await platform.codeFor(owner.phone)
  return at.send(page, { ...phoneProof(owner), smsCode })
}
