import { setTimeout as sleep } from 'node:timers/promises'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { playgroundBesidePlatform } from '../support/playground.ts'
import { register, signInFields } from '../support/registering.ts'

let setup: Awaited<ReturnType<typeof playgroundBesidePlatform>>
let person: SamplePerson
beforeAll(async () => {
  setup = await playgroundBesidePlatform()
  person = samplePerson()
  await register(setup.platform, personAtForms(), person)
})
afterAll(() => setup?.close())

type AtForms = ReturnType<typeof personAtForms>

/** Fills in the form and presses 发出请求; returns the page of the platform, or that of the playground with an error. */
async function sendRequest(
  at: AtForms,
  chosen: Readonly<Record<string, string>>,
  scopes = ['openid', 'profile'],
) {
  const body = new URLSearchParams({ acr: '', prompt: '', maxAge: '', claims: '', ...chosen })
  for (const scope of scopes) body.append('scope', scope)
  return at.open(`${setup.baseUrl}/begin`, { method: 'POST', body })
}

/** Goes through all pages of the platform to the result page of the playground. */
async function completeLogin(at: AtForms, first: FilledPage): Promise<FilledPage> {
  let page = first
  for (let pages = 0; pages < 3 && page.url.origin === setup.platform.issuer; pages += 1)
    page = await at.send(page, page.has('username') ? signInFields(person) : {})
  return page
}

const steps = (page: FilledPage) =>
  [...page.html.matchAll(/<li><h2>([^<]+)<\/h2>/g)].map(([, name]) => name)

const press = (at: AtForms, path: string) => at.open(`${setup.baseUrl}/${path}`, { method: 'POST' })

test('the playground shows each request and token, from the authorization request to the logout token', async () => {
  const at = personAtForms()
  const chosen = {
    acr: 'urn:uup:acr:password',
    claims: '{"id_token":{"name":null}}',
    prompt: 'consent',
  }
  const page = await completeLogin(
    at,
    await sendRequest(at, chosen, ['openid', 'profile', 'phone', 'offline_access']),
  )
  expect(page.url.href).toBe(`${setup.baseUrl}/result`)
  expect(steps(page)).toEqual([
    '授权请求',
    '平台的回答',
    '令牌请求',
    '读取签名密钥',
    'userinfo',
    '令牌自省',
  ])
  for (const shown of [
    'code_challenge',
    'urn:uup:acr:password',
    'code_verifier',
    'id_token JWT',
    'RS256',
  ])
    expect(page.text).toContain(shown)
  expect(page.text).toContain(`"name": "${person.name}"`)
  expect(page.text).toContain(`"phone_number": "+86${person.phone}"`)
  expect(page.text).toContain('"active": true')
  expect(page.html).not.toContain(setup.clientSecret)
  expect(page.buttons).toEqual(['用刷新令牌换新', '再次读取 userinfo 和自省', '退出登录'])

  const refreshed = await press(at, 'refresh')
  expect(steps(refreshed).slice(6)).toEqual(['令牌请求', '读取签名密钥', 'userinfo', '令牌自省'])

  const confirmation = await press(at, 'logout')
  await at.send(confirmation, { logout: 'yes' })
  let ended = await at.open(`${setup.baseUrl}/result`)
  while (!steps(ended).includes('收到退出通知')) {
    await sleep(20)
    ended = await at.open(`${setup.baseUrl}/result`)
  }
  expect(steps(ended).slice(10).toSorted()).toEqual(['收到退出通知', '退出后返回', '退出请求'])
  expect(ended.text).toContain('logout_token JWT')
  expect(ended.buttons).toEqual([])
})

test('both parts of a pushed request are shown', async () => {
  const at = personAtForms()
  const page = await completeLogin(at, await sendRequest(at, { pushed: 'yes' }))
  expect(steps(page).slice(0, 3)).toEqual(['推送授权请求', '授权请求', '平台的回答'])
  expect(page.text).toContain('request_uri')
})

test('a request that the platform refuses is shown with its reason', async () => {
  const at = personAtForms()
  const page = await completeLogin(at, await sendRequest(at, { prompt: 'none' }))
  expect(page.url.href).toBe(`${setup.baseUrl}/result`)
  expect(page.text).toContain('这次没有完成')
  expect(page.text).toContain('需要用户登录，但请求不允许显示页面')
  expect(page.text).toContain('去掉 prompt=none 再发一次')
  expect(page.text).toContain('login_required')
  expect(steps(page)).toEqual(['授权请求', '平台的回答'])
  const { text } = await at.open(`${setup.baseUrl}/?lang=en`).then(() => at.open(page.url.href))
  expect(text).toContain('The person has to sign in, but the request allows no page')
})

test('declining is explained as a decision of the person', async () => {
  const at = personAtForms()
  const login = await sendRequest(at, { prompt: 'consent' })
  const consent = await at.send(login, signInFields(person))
  const page = await at.send(consent, {}, 'refuse')
  expect(page.text).toContain('用户取消了登录，或没有同意授权')
  expect(page.text).toContain('access_denied')
})

test('a refused pushed request is explained with the description of the platform', async () => {
  const at = personAtForms()
  const page = await sendRequest(at, { pushed: 'yes', prompt: 'none login' })
  expect(page.text).toContain('请求缺少参数、参数重复或取值不对')
  expect(page.text).toContain('invalid_request')
  expect(page.text).toContain('平台的说明')
})

test.each([
  ['maxAge', 'soon', 'max_age 应为整数秒'],
  ['claims', '{', 'claims 应为 JSON 对象'],
  ['claims', '[]', 'claims 应为 JSON 对象'],
])('an invalid %s such as %j is not sent and stays in the form', async (field, typed, words) => {
  const page = await sendRequest(personAtForms(), { [field]: typed })
  expect(page.status).toBe(422)
  expect(page.title).toMatch(/^错误：/)
  expect(page.faultAt(field)).toContain(words)
  expect(page.value(field)).toBe(typed)
})

test('an unsolicited response, a form from another site and a forged logout token are refused', async () => {
  const at = personAtForms()
  expect((await at.open(`${setup.baseUrl}/callback?code=x&state=y`)).status).toBe(400)
  const headers = { origin: 'https://evil.test' }
  for (const path of ['begin', 'refresh', 'look', 'logout']) {
    const { status } = await at.open(`${setup.baseUrl}/${path}`, { method: 'POST', headers })
    expect(status).toBe(403)
  }
  const body = new URLSearchParams({ logout_token: 'x' })
  const forged = await fetch(`${setup.baseUrl}/backchannel-logout`, { method: 'POST', body })
  expect(forged.status).toBe(400)
})

test('the log contains no personal data, token or secret', () => {
  const log = setup.lines.join('\n')
  expect(log).toContain('login_required')
  for (const word of [person.name, person.username, setup.clientSecret])
    expect(log).not.toContain(word)
  // A JWT begins with {" in base64url.
  expect(log).not.toMatch(/(?<![\w-])eyJ/)
})
