import { testClock } from '../support/clock.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
const { clock } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { SECURITY_CONTACT: 'security@example.gov.cn' } })
})
afterAll(() => platform.close())

const ask = (path: string, method = 'GET') =>
  fetch(platform.issuer + path, { method, redirect: 'manual' })

test('the home page links to sign-in, registration, both recoveries, help and the legal texts', async () => {
  const at = personAtForms()
  const home = await at.open(`${platform.issuer}/`)
  expect(home.status).toBe(200)
  const ways = {
    登录: '/account',
    立即注册: '/register',
    单位用户注册: '/register/organisation',
    '忘记用户名？': '/recover/username',
    '忘记密码？': '/recover/password',
    帮助: '/help',
    隐私政策: '/privacy',
    用户协议: '/terms',
  }
  for (const [name, address] of Object.entries(ways))
    expect([name, home.link(name)]).toEqual([name, address])
  for (const name of ['登录', '立即注册', '单位用户注册', '忘记用户名？', '忘记密码？']) {
    const { status } = await at.open(new URL(String(home.link(name)), platform.issuer).href)
    expect([name, status]).toEqual([name, 200])
  }
})

test.each([
  ['/login', '/'],
  ['/.well-known/change-password', '/account/password'],
])('%s redirects to %s', async (path, address) => {
  const { status, headers } = await ask(path)
  expect([status, headers.get('location')]).toEqual([303, address])
})

test.each([
  '/',
  '/login',
  '/.well-known/change-password',
  '/.well-known/security.txt',
  '/robots.txt',
])('%s answers HEAD like GET and refuses other methods', async (path) => {
  const [get, head] = [await ask(path), await ask(path, 'HEAD')]
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
    get.status,
    get.headers.get('content-type'),
    '',
  ])
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    const { status, headers } = await ask(path, method)
    expect([method, status, headers.get('allow')]).toEqual([method, 405, 'HEAD, GET'])
  }
})

test.each([
  '/nothing',
  '/register/nothing/at/all',
  '/.well-known/nothing',
  '/index.php?id=1',
  '/account.html',
])('the unknown address %s has a page that links to the home page', async (path) => {
  const page = await personAtForms().open(platform.issuer + path)
  expect([page.status, page.heading, page.link('返回首页')]).toEqual([404, '没有找到页面', '/'])
})

test('an unknown API address is answered with problem+json', async () => {
  const { status, headers } = await ask('/api/terminal/v1/nothing')
  expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})

test('security.txt names the contact, expires within a year and sets no cookie', async () => {
  const response = await ask('/.well-known/security.txt')
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(response.headers.getSetCookie()).toEqual([])
  const lines = (await response.text()).trim().split('\n')
  const fields = Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2)))
  expect(fields).toEqual({
    Contact: 'mailto:security@example.gov.cn',
    Expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
    'Preferred-Languages': 'zh, en',
    Canonical: `${platform.issuer}/.well-known/security.txt`,
  })
  const days = (Date.parse(fields['Expires'] ?? '') - clock()) / (24 * 3600 * 1000)
  expect(days).toBeGreaterThan(30)
  expect(days).toBeLessThan(365)
})

test('without SECURITY_CONTACT there is no security.txt', async () => {
  const other = await testPlatform()
  try {
    expect((await fetch(`${other.issuer}/.well-known/security.txt`)).status).toBe(404)
  } finally {
    await other.close()
  }
})

test('robots.txt allows the home page and help but no flow', async () => {
  const lines = (await (await ask('/robots.txt')).text()).trim().split('\n')
  expect(lines[0]).toBe('User-agent: *')
  expect(lines).toContain('Disallow: /')
  expect(lines).toEqual(expect.arrayContaining(['Allow: /$', 'Allow: /help']))
  expect(lines.join()).not.toMatch(/Allow: \/(register|recover|account|interaction)/)
})
