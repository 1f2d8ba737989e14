import { load } from 'cheerio'
import { registered, signedInAt } from '../support/account-pages.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

async function atData() {
  const person = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, person, '/account/data')
  return { person, at, page }
}

test('我的数据 shows all stored data, with masked numbers and the wording and time of the consent', async () => {
  const { person, page } = await atData()
  expect(page.heading).toBe('我的数据')
  const $ = load(page.html)
  const facts = Object.fromEntries(
    $('dl.facts dt')
      .toArray()
      .map((term) => [$(term).text(), $(term).next().text()]),
  )
  expect(facts).toMatchObject({ 用户名: person.username, 姓名: person.name, 性别: '男' })
  expect(facts['证件']).toMatch(/^居民身份证 \d{3}\*+/)
  expect(facts['对使用银行账号的同意']).toMatch(/^“我同意将银行账号仅用于核验身份”，\d{4}年/)
  expect(facts['用户协议和隐私政策']).toMatch(
    /^用户协议版本 2026-11-01、隐私政策版本 2026-11-01，同意于 \d{4}年/,
  )
  for (const hidden of [person.idNumber, person.phone, person.account, '$argon2'])
    expect(page.html).not.toContain(hidden)
})

test('the download contains the full data and requires the password', async () => {
  const { person, at, page } = await atData()
  const body = new URLSearchParams({ ...page.typed, presentPassword: person.password })
  const response = await at.browser.request(page.url, { method: 'POST', body })
  expect(response.headers.get('content-type')).toContain('application/json')
  expect(response.headers.get('content-disposition')).toContain('attachment')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const text = await response.text()
  const { account, signIns, permissions, events } = JSON.parse(text)
  expect(account).toMatchObject({
    username: person.username,
    name: person.name,
    document: { type: 'resident_id', number: person.idNumber },
    phone: `+86${person.phone}`,
    consent: {
      wording: '我同意将银行账号仅用于核验身份',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    },
    agreement: {
      terms: '2026-11-01',
      privacy: '2026-11-01',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    },
    registeredAt: expect.stringMatching(/^\d{4}-.*Z$/),
    questions: [],
  })
  expect(signIns).toHaveLength(1)
  expect(permissions).toEqual([])
  expect(events.map(({ what }: { what: string }) => what)).toContain('登录成功')
  for (const secret of ['argon2', person.account, person.password])
    expect(text).not.toContain(secret)
})

test('the download is refused without the password, with a wrong one, or from another site’s form', async () => {
  const { at, page } = await atData()
  const refused = await at.send(page, { presentPassword: 'not that one' })
  expectRefusal(refused, 'presentPassword', chinese('presentPassword.wrong'))
  expectRefusal(await at.send(page, {}), 'presentPassword', chinese('password.missing'))
  expect((await at.send(page, { token: 'guessed' })).status).toBe(403)
})
