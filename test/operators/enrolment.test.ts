import { operatorsCommand } from '../../src/cli/operators-command.ts'
import { consoleBrowser, operatorsOf, totpCode } from '../support/console.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let desk: Awaited<ReturnType<typeof operatorsOf>>
const keys = {
  DATA_KEYS: `1:${Buffer.alloc(32, 'data').toString('base64')}`,
  DIGEST_KEY: Buffer.alloc(32, 'digest').toString('base64'),
}
beforeAll(async () => {
  platform = await testPlatform({ env: keys })
  desk = await operatorsOf(platform)
})
afterAll(() => platform.close())

/** Runs `npm run operator`. */
async function command(...typed: readonly string[]) {
  const lines: string[] = []
  const env = { ...keys, MONGODB_URI: platform.stores.mongodbUri, ADMIN_ORIGIN: platform.adminUrl }
  const write = (line: string) => void lines.push(line)
  const status = await operatorsCommand({ typed, env, out: write, errors: write })
  return { status, lines, text: lines.join('\n') }
}

/** The path of a one-time link of the command. */
async function linkFor(role: string): Promise<string> {
  const { status, lines } = await command('invite', '--name', '张工', '--role', role)
  expect(status).toBe(0)
  return new URL(lines[0] ?? '').pathname
}

const password = 'a long password 2026'
const account = (username: string) => ({ username, password, passwordAgain: password })

/** Sets an operator up with a one-time password, from the link to 完成. */
async function enrol(link: string, username: string, more = {}) {
  const browser = consoleBrowser(platform.adminUrl)
  const factor = await browser.submit(link, link, { ...account(username), ...more })
  expect([factor.status, factor.path]).toEqual([200, '/setup/factor'])
  const secret = String(factor.$('[data-secret]').attr('data-secret'))
  expect(factor.$('.qr svg').length).toBe(1)
  const codes = await browser.submit('/setup/factor', '/setup/factor', {
    totpCode: totpCode(secret),
    action: 'code',
  })
  expect(codes.path).toBe('/setup/recovery-codes')
  const recoveryCodes = codes
    .$('[data-recovery-code]')
    .toArray()
    .map((code) => codes.$(code).attr('data-recovery-code'))
  expect(new Set(recoveryCodes).size).toBe(10)
  const done = await browser.submit('/setup/recovery-codes', '/setup/recovery-codes', {})
  expect(done.path).toBe('/setup/done')
  expect((await browser.get('/setup/recovery-codes')).status).toBe(410)
  return { username, password, secret, recoveryCodes }
}

test('a link of the command sets up an operator, who signs in; then the link answers 410', async () => {
  const link = await linkFor('security')
  const { secret, ...credentials } = await enrol(link, 'zhang.gong')
  expect((await consoleBrowser(platform.adminUrl).get(link)).status).toBe(410)
  const browser = consoleBrowser(platform.adminUrl)
  await browser.typePassword(credentials)
  // The code of the enrolment was used already.
  const again = { totpCode: totpCode(secret), action: 'code' }
  expect((await browser.submit('/login/factor', '/login/factor', again)).status).toBe(422)
  const next = { totpCode: totpCode(secret, 1), action: 'code' }
  expect((await browser.submit('/login/factor', '/login/factor', next)).path).toBe('/')
  expect((await command('list')).text).toMatch(/^zhang\.gong {2}security {2}active .* 张工$/)
})

test('a link that two people use at once sets up one operator', async () => {
  const link = await linkFor('support')
  const browsers = ['first', 'second'].map((name) => ({
    name: `${name}.of.two`,
    browser: consoleBrowser(platform.adminUrl),
  }))
  const answers = await Promise.all(
    browsers.map(async ({ name, browser }) => {
      const { $ } = await browser.submit(link, link, account(name))
      const secret = String($('[data-secret]').attr('data-secret'))
      const code = { totpCode: totpCode(secret), action: 'code' }
      return browser.submit('/setup/factor', '/setup/factor', code)
    }),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410])
  const list = (await command('list')).text
  expect(list.match(/\.of\.two/g)).toHaveLength(1)
})

test('a short password, a taken username and a wrong one-time password are refused with 422', async () => {
  const taken = await desk.newOperator('support')
  const link = await linkFor('support')
  const browser = consoleBrowser(platform.adminUrl)
  const short = { username: 'li.gong', password: 'eleven-char', passwordAgain: 'eleven-char' }
  expect((await browser.submit(link, link, short)).status).toBe(422)
  const used = await browser.submit(link, link, account(taken.username.toUpperCase()))
  expect([used.status, used.$('#username-fault').text()]).toEqual([422, '错误：用户名已被使用'])
  await browser.submit(link, link, account('li.gong'))
  const wrong = { totpCode: '000000', action: 'code' }
  expect((await browser.submit('/setup/factor', '/setup/factor', wrong)).status).toBe(422)
  const forged = { credential: '{"id":"forged"}', action: 'passkey' }
  expect((await browser.submit('/setup/factor', '/setup/factor', forged)).status).toBe(422)
})

test('reset ends session and factors at once, and its link sets new ones for the same username', async () => {
  const operator = await desk.newOperator('auditor')
  const session = await desk.signedIn(operator)
  const { status, lines } = await command('reset', operator.username)
  expect(status).toBe(0)
  expect((await session.get('/')).path).toBe('/login')
  const browser = consoleBrowser(platform.adminUrl)
  expect((await browser.typePassword(operator)).status).toBe(422)
  const link = new URL(lines[0] ?? '').pathname
  await enrol(link, 'another.name')
  expect((await browser.typePassword({ ...operator, password })).path).toBe('/login/factor')
  expect((await desk.operators.findByUsername('another.name'))?.id).toBeUndefined()
})

/** Types the account of a link in a browser, and returns a call that ends the enrolment with a one-time password. */
async function begunEnrolment(link: string, username: string) {
  const browser = consoleBrowser(platform.adminUrl)
  const { $ } = await browser.submit(link, link, account(username))
  const secret = String($('[data-secret]').attr('data-secret'))
  return () =>
    browser.submit('/setup/factor', '/setup/factor', {
      totpCode: totpCode(secret),
      action: 'code',
    })
}

const resetLink = async ({ username }: { readonly username: string }) =>
  new URL((await command('reset', username)).lines[0] ?? '').pathname

test('an enrolment that began before a reset puts no credentials in after it', async () => {
  const operator = await desk.newOperator('support')
  const finishFirst = await begunEnrolment(await resetLink(operator), operator.username)
  const later = await resetLink(operator)
  expect((await finishFirst()).status).toBe(410)
  expect(await desk.operators.findById(operator.id)).not.toHaveProperty('credentials')
  await enrol(later, operator.username)
})

test('an enrolment whose link has become void meanwhile is refused with 410', async () => {
  const link = await linkFor('support')
  const finish = await begunEnrolment(link, 'too.late')
  await desk.invitations.use(String(link.split('/').at(-1)))
  expect((await finish()).status).toBe(410)
  expect(await desk.operators.findByUsername('too.late')).toBeUndefined()
})

test('a sign-in that began before a reset does not end after it, nor store what it had read', async () => {
  const operator = await desk.newOperator('support')
  const browser = consoleBrowser(platform.adminUrl)
  await browser.typePassword(operator)
  const seen = await desk.operators.findById(operator.id)
  if (!seen) throw new Error('no such operator')
  const { secret } = await enrol(await resetLink(operator), operator.username)
  const code = { totpCode: totpCode(secret, 1), action: 'code' }
  const answer = await browser.submit('/login/factor', '/login/factor', code)
  expect([answer.status, answer.text.includes('登录已过期')]).toEqual([422, true])
  expect(await desk.operators.startSession(seen, '127.0.0.1')).toBeUndefined()
  const passkey = { id: 'earlier', publicKey: '', counter: 0 }
  expect(await desk.operators.countPasskeyUse(seen, passkey, 1)).toBe(false)
})

test('disable ends the session, and mistakes of the command are refused', async () => {
  const operator = await desk.newOperator('system')
  const session = await desk.signedIn(operator)
  expect((await command('disable', operator.username)).status).toBe(0)
  expect((await session.get('/')).path).toBe('/login')
  expect((await command('reset', operator.username)).status).toBe(65)
  expect((await command('disable', 'nobody')).status).toBe(65)
  expect((await command('invite', '--name', '李工', '--role', 'chief')).status).toBe(64)
  expect((await command('invite', '--role', 'support')).status).toBe(64)
})

test('an invitation with an activation code needs it, and five wrong ones void the link', async () => {
  const { token, activationCode = '' } = await desk.invitations.issue(
    { name: '赵工', role: 'support', sponsors: [] },
    { withActivationCode: true },
  )
  const link = `/invitation/${token}`
  expect(activationCode).toMatch(/^\d{8}$/)
  await enrol(link, 'zhao.gong', { activationCode })
  const other = await desk.invitations.issue(
    { name: '钱工', role: 'support', sponsors: [] },
    { withActivationCode: true },
  )
  const path = `/invitation/${other.token}`
  const browser = consoleBrowser(platform.adminUrl)
  const wrong = { ...account('qian.gong'), activationCode: 'wrong' }
  for (let tries = 0; tries < 5; tries += 1)
    expect((await browser.submit(path, path, wrong)).status).toBe(422)
  expect((await browser.get(path)).status).toBe(410)
})
