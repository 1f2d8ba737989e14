import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { alertsMongo } from '../../src/adapters/operators/alerts-mongo.ts'
import { consoleBrowser, operatorsOf, type TestOperator, totpCode } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
beforeAll(async () => {
  platform = await testPlatform()
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

const browserOf = () => consoleBrowser(platform.adminUrl)

/** Signs in with password and one-time password. */
async function signIn(operator: TestOperator, ahead = 0) {
  const browser = browserOf()
  expect((await browser.typePassword(operator)).path).toBe('/login/factor')
  const totp = totpCode(operator.totpSecret, ahead)
  const answer = await browser.submit('/login/factor', '/login/factor', {
    totpCode: totp,
    action: 'code',
  })
  return { browser, answer }
}

test('an operator signs in with password and one-time password, and signs out', async () => {
  const operator = await desk.newOperator('support')
  const { browser, answer } = await signIn(operator)
  expect([answer.status, answer.path]).toEqual([200, '/'])
  expect(answer.$('.signed-in').text()).toBe('王support（客服）')
  const out = await browser.submit('/', '/logout', {})
  expect([out.path, out.text.includes('已退出登录')]).toEqual(['/login', true])
  expect((await browser.get('/')).path).toBe('/login')
})

test('wrong credentials are answered alike with 422, whether the name exists or not', async () => {
  const operator = await desk.newOperator('support')
  const texts = []
  for (const username of [operator.username, 'nobody-of-this-name']) {
    const answer = await browserOf().typePassword({ username, password: 'wrong password' })
    expect([answer.status, answer.path]).toEqual([422, '/login'])
    texts.push(answer.$('.summary').text())
  }
  expect(texts[0]).toContain('用户名或密码不正确')
  expect(texts[1]).toBe(texts[0])
})

test('a one-time password is good once, even for concurrent sign-ins', async () => {
  const operator = await desk.newOperator('support')
  const browsers = [browserOf(), browserOf(), browserOf()]
  for (const browser of browsers) await browser.typePassword(operator)
  const code = { totpCode: totpCode(operator.totpSecret), action: 'code' }
  const answers = await Promise.all(
    browsers.map((browser) => browser.submit('/login/factor', '/login/factor', code)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422])
  const later = await signIn(operator, 1)
  expect(later.answer.path).toBe('/')
})

test('one step of tolerance is accepted and two are not', async () => {
  const operator = await desk.newOperator('support')
  expect((await signIn(operator, 3)).answer.status).toBe(422)
  expect((await signIn(operator, -3)).answer.status).toBe(422)
  expect((await signIn(operator, 1)).answer.status).toBe(200)
})

test('a recovery code is good once', async () => {
  const operator = await desk.newOperator('auditor')
  const [code = ''] = operator.recoveryCodes
  const statuses = []
  for (const recoveryCode of [code, code.toLowerCase().replace('-', ' ')]) {
    const browser = browserOf()
    await browser.typePassword(operator)
    const fields = { recoveryCode, action: 'recovery' }
    statuses.push((await browser.submit('/login/recovery', '/login/factor', fields)).status)
  }
  expect(statuses).toEqual([200, 422])
  expect((await desk.operators.findById(operator.id))?.recoveryCodesLeft).toBe(9)
})

test('a second sign-in ends the first', async () => {
  const operator = await desk.newOperator('support')
  const first = await desk.signedIn(operator)
  expect((await first.get('/')).path).toBe('/')
  const second = await desk.signedIn(operator)
  expect((await first.get('/')).path).toBe('/login')
  expect((await second.get('/')).path).toBe('/')
})

test('five failures rest the name for this network, and security operators are told', async () => {
  const operator = await desk.newOperator('support')
  const security = await desk.newOperator('security')
  const wrong = { username: operator.username, password: 'wrong password' }
  const statuses = []
  for (let tries = 0; tries < 5; tries += 1)
    statuses.push((await browserOf().typePassword(wrong)).status)
  expect(statuses).toEqual([422, 422, 422, 422, 422])
  const rested = await browserOf().typePassword(operator)
  expect(rested.status).toBe(429)
  const wait = Number(rested.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(25 * 60)
  expect(wait).toBeLessThanOrEqual(30 * 60)
  const home = await (await desk.signedIn(security)).get('/')
  expect(home.$('.entries').text()).toContain(`操作员 ${operator.username} 在 127.0.0.1`)
  const support = await desk.newOperator('support')
  expect((await (await desk.signedIn(support)).get('/')).$('#alerts').length).toBe(0)
})

test('alarms of budgets stand on the first page of the security operators', async () => {
  const { raise } = await alertsMongo({
    connection: platform.stores.mongodb,
    encryption: platform.encryption.inMongo,
    clock: Date.now,
    policy: policyOf().operators,
  })
  await raise({ kind: 'budget', detail: 'sms.hour.80' })
  await raise({ kind: 'budget', detail: 'bank.day.shared' })
  const home = await (await desk.signedIn(await desk.newOperator('security'))).get('/')
  const text = home.$('.entries').text()
  expect(text).toContain('短信：本小时的预算已用 80%')
  expect(text).toContain('银行核验：当天的预算只剩为已注册用户保留的部分')
})

test('concurrent guesses get five tries at most, and wrong one-time passwords count as well', async () => {
  const operator = await desk.newOperator('support')
  const browsers = Array.from({ length: 8 }, browserOf)
  for (const browser of browsers) await browser.typePassword(operator)
  const answers = await Promise.all(
    browsers.map((browser) =>
      browser.submit('/login/factor', '/login/factor', { totpCode: '000000', action: 'code' }),
    ),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 422)).toHaveLength(5)
  expect(statuses.filter((status) => status === 429)).toHaveLength(3)
})

test('a disabled operator has no session any more and cannot sign in', async () => {
  const operator = await desk.newOperator('support')
  const browser = await desk.signedIn(operator)
  await desk.operators.disable(operator.id)
  expect((await browser.get('/')).path).toBe('/login')
  expect((await browserOf().typePassword(operator)).status).toBe(422)
})

test('forms without the token of the browser, or from another origin, are refused with 403', async () => {
  const operator = await desk.newOperator('support')
  const browser = await desk.signedIn(operator)
  await browser.get('/')
  expect((await browser.post('/logout', {})).status).toBe(403)
  expect((await browser.post('/logout', { token: 'forged' })).status).toBe(403)
  const foreign = await browser.request(`${platform.adminUrl}/logout`, {
    method: 'POST',
    headers: { origin: 'http://evil.test' },
    body: new URLSearchParams({}),
  })
  expect(foreign.status).toBe(403)
  expect((await browser.get('/')).path).toBe('/')
})

test('a page that was asked for without a session opens after the sign-in, but no other site', async () => {
  const operator = await desk.newOperator('support')
  const browser = browserOf()
  const asked = await browser.get('/?from=colleague')
  expect(asked.path).toBe('/login')
  for (const to of ['//evil.test/', '/\\evil.test', 'https://evil.test/']) {
    const login = await browser.get(`/login?to=${encodeURIComponent(to)}`)
    expect(login.$('input[name=to]').attr('value')).toBe('/')
  }
  expect(operator.role).toBe('support')
})
