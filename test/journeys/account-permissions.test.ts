import { load } from 'cheerio'
import { until } from '../../sandbox/ports.mjs'
import { registered, signedInAt } from '../support/account-pages.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'

const shop = {
  client_id: 'shop',
  client_secret: 'a-secret-of-this-test-and-of-nothing-else',
  client_name: '社区商店',
  redirect_uris: ['https://shop.test/callback'],
  require_pkce: false,
  scope: 'openid profile phone',
  resources: ['https://grades.test/', 'https://archive.test/'],
}
/** A resource server whose name pages show. */
const archive = {
  client_id: 'https://archive.test/',
  client_secret: 'another-secret-of-this-test-and-of-nothing-else',
  client_name: '档案馆',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
}
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' }, clients: [shop, archive] })
})
afterAll(() => platform.close())

const path = '/account/permissions'
const request = () => {
  const query = new URLSearchParams({
    client_id: shop.client_id,
    redirect_uri: shop.redirect_uris[0] ?? '',
    response_type: 'code',
    scope: 'openid phone',
    nonce: 'nonce-of-this-test',
    // The claims are one of the client's scopes, one outside them, some about authentication, and an unknown one.
    claims: JSON.stringify({
      userinfo: { gender: null, id_number: null, nickname: null },
      id_token: { acr: null, auth_time: null },
    }),
  })
  for (const resource of shop.resources) query.append('resource', resource)
  return `${platform.issuer}/auth?${query}`
}

/** A person who signed in at the exam service, gave consent to the shop, and opens 授权管理. */
async function atPermissions() {
  const person = await registered(platform, samplePerson())
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  await at.send(login, signInFields(person))
  await agree(at)
  return { person, at, page: await at.open(platform.issuer + path) }
}

/** Gives consent to the shop if it is asked for, and returns whether it was. */
async function agree(at: ReturnType<typeof personAtForms>): Promise<boolean> {
  const arrival = await at.browser.visit(request(), 'https://shop.test/')
  if (!arrival.text.includes('name="token"')) return false
  const $ = load(arrival.text)
  const fields = $('form')
    .serializeArray()
    .map(({ name, value }) => [name, value])
  const body = new URLSearchParams({ ...Object.fromEntries(fields), action: 'next' })
  const address = new URL(String($('form').attr('action')), arrival.path.at(-1)).href
  await at.browser.visit(address, 'https://shop.test/', { method: 'POST', body })
  return true
}

const systems = ({ html }: FilledPage) => {
  const $ = load(html)
  return Object.fromEntries(
    $('.entries > li')
      .toArray()
      .map((item) => [$(item).find('h2').text(), $(item).text().replace(/\s+/g, ' ')]),
  )
}

function withdraw(at: ReturnType<typeof personAtForms>, page: FilledPage, system: string) {
  const token = String(load(page.html)('[name=token]').first().val())
  const body = new URLSearchParams({ token, system })
  return at.open(platform.issuer + path, { method: 'POST', body })
}

test('the page lists each client with its claims and dates, but not the platform itself', async () => {
  const { page } = await atPermissions()
  expect(page.heading).toBe('授权管理')
  const known = systems(page)
  expect(Object.keys(known).sort()).toEqual(['社区商店', '考生服务系统'].sort())
  expect(known['社区商店']).toMatch(/自 \d{4}年\d+月\d+日 .* 起可获取：.*手机号码.*撤销授权/)
  expect(known['社区商店']).toMatch(/基本信息：.*性别.*手机号码：手机号码、/)
  expect(known['社区商店']).toMatch(/可以您的名义访问：.*https:\/\/grades\.test\/.*档案馆/)
  expect(known['考生服务系统']).not.toContain('可以您的名义访问')
  expect(known['社区商店']).not.toContain('证件号')
  expect(known['社区商店']).not.toContain('无需另行同意')
  expect(known['考生服务系统']).toContain('无需另行同意')
  expect(known['考生服务系统']).toContain('证件号')
})

test('撤销授权 removes the client from the page, and the client must ask for consent again', async () => {
  const { at, page } = await atPermissions()
  expect(await agree(at)).toBe(false)
  const after = await withdraw(at, page, 'shop')
  expect(after.text).toContain('授权已撤销')
  expect(Object.keys(systems(after))).toEqual(['考生服务系统'])
  expect(await agree(at)).toBe(true)
})

test('revoking a first-party client’s grant signs the person out there', async () => {
  const { at, page } = await atPermissions()
  const signedIn = async () => (await at.open(platform.exam.url)).text.includes('退出')
  expect(await signedIn()).toBe(true)
  await withdraw(at, page, 'exam-service')
  await until(async () => !(await signedIn()), { seconds: 60, what: 'the sign-out' })
})

test('撤销授权 tolerates 20 concurrent requests and an unknown client, and refuses a forged form', async () => {
  const { at, page } = await atPermissions()
  const pages = await Promise.all(Array.from({ length: 20 }, () => withdraw(at, page, 'shop')))
  expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]))
  expect(Object.keys(systems(await withdraw(at, page, 'made-up')))).toEqual(['考生服务系统'])
  const body = new URLSearchParams({ token: 'guessed', system: 'exam-service' })
  const forged = await at.open(platform.issuer + path, { method: 'POST', body })
  expect(forged.status).toBe(403)
  expect(Object.keys(systems(await at.open(platform.issuer + path)))).toEqual(['考生服务系统'])
})

test('a person without grants reads that no client has access', async () => {
  const person = await registered(platform, samplePerson())
  const { page } = await signedInAt(platform, person, path)
  expect(page.text).toContain('目前没有系统可以获取您的信息')
})
