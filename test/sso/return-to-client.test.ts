import { enrolled } from '../support/enrolled.ts'
import { digits, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import {
  newPassword,
  personFields,
  toCodeStep,
  toResetStep,
  withChangeCode,
} from '../support/recovering.ts'
import { register, signInFields } from '../support/registering.ts'
import { registerUnit, sampleUnit } from '../support/units.ts'
import { callback, clients, type SsoPlatform, ssoPlatform } from './platform.ts'

const initialAccessToken = 'an-initial-access-token-of-these-tests'
const testClients = {
  initiating: {
    ...clients.exam,
    client_id: 'initiating',
    client_name: '自行发起登录的系统',
    initiate_login_uri: 'https://rp.test/login?from=%2Fb%20c',
  },
  homeless: { ...clients.exam, client_id: 'homeless', client_uri: undefined },
  leaving: { ...clients.exam, client_id: 'leaving', client_uri: 'https://leaving.test/' },
}
let platform: SsoPlatform
let selfRegistered: string

beforeAll(async () => {
  platform = await ssoPlatform(undefined, 1, {
    INITIAL_ACCESS_TOKEN: initialAccessToken,
    LIMITS_SCALE: '1000',
  })
  const inFile = [clients.exam, testClients.initiating, testClients.homeless]
  await platform.restartWith([...inFile, testClients.leaving])
  await platform.restartWith(inFile)
  selfRegistered = await registerClientItself()
})
afterAll(() => platform.close())

async function registerClientItself(): Promise<string> {
  const response = await fetch(`${platform.issuer}/reg`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${initialAccessToken}`,
    },
    body: JSON.stringify({
      redirect_uris: [callback],
      client_uri: 'https://stranger.test/',
      initiate_login_uri: 'https://stranger.test/login',
    }),
  })
  expect(response.status).toBe(201)
  return String(((await response.json()) as { client_id: string }).client_id)
}

type Entry = { readonly end: () => Promise<ReturnLink> }
type ReturnLink = { readonly href: string | undefined }
const returnLinkAt = (page: FilledPage, link: string): ReturnLink => ({ href: page.link(link) })

/** Each entry leads a person with this query to the last page of a flow and returns the link back. */
const entries = (query: string): readonly Entry[] => {
  const at = (path: string) => `${platform.issuer}${path}${query}`
  return [
    {
      end: async () => {
        const person = samplePerson()
        const done = await register(platform, personAtForms(), person, at('/register'))
        return returnLinkAt(done, '返回业务系统登录')
      },
    },
    {
      end: async () => {
        const start = at('/register/organisation')
        const done = await registerUnit(platform, sampleUnit(), personAtForms(), start)
        return returnLinkAt(done, '返回业务系统登录')
      },
    },
    {
      end: async () => {
        const person = await enrolled(platform)
        const browser = personAtForms()
        const identity = personFields(person)
        const code = await toCodeStep(platform, browser, identity, at('/recover/username'))
        await browser.send(code, {}, 'send')
        const smsCode = await platform.codeFor(person.phone)
        return returnLinkAt(await browser.send(code, { smsCode }), '返回登录')
      },
    },
    {
      end: async () => {
        const person = await enrolled(platform)
        const browser = personAtForms()
        const reset = await toResetStep(platform, browser, person, at('/recover/password'))
        const done = await browser.send(reset, newPassword(`a brand new ${digits(8)}`))
        return returnLinkAt(done, '返回登录')
      },
    },
  ]
}

/** Opens an account page through its login. */
async function accountPage(path: string) {
  const person = await enrolled(platform)
  const at = personAtForms()
  const login = await at.open(platform.issuer + path)
  return { at, page: await at.send(login, signInFields(person)) }
}

test('every entry leads back to the initiate_login_uri of the client that it names', async () => {
  const expected = `https://rp.test/login?from=%2Fb%20c&${new URLSearchParams({
    iss: platform.issuer,
    target_link_uri: 'https://rp.test/',
  })}`
  for (const { end } of entries('?system=initiating'))
    expect(await end()).toEqual({ href: expected })
  const { at, page } = await accountPage('/account?system=initiating')
  expect(page.url.pathname).toMatch(/^\/account\/details\//)
  expect(page.link('返回自行发起登录的系统')).toBe(expected)
  // The same link is on every further page of the account.
  const password = await at.open(`${platform.issuer}/account/password`)
  expect(password.link('返回自行发起登录的系统')).toBe(expected)
})

test('without initiate_login_uri, the link leads to the home page of the client, or else to ours', async () => {
  const [, , username] = entries('?system=exam-service')
  expect(await username?.end()).toEqual({ href: `${platform.exam.url}/` })
  const [, , homeless] = entries('?system=homeless')
  expect(await homeless?.end()).toEqual({ href: '/' })
  const { page } = await accountPage('/account/password?system=exam-service')
  expect(page.url.pathname).toMatch(/^\/account\/password\//)
  expect(page.link('返回考生服务系统')).toBe(`${platform.exam.url}/`)
})

test('a client that is unknown, disabled, self-registered or ambiguous is ignored', async () => {
  const ignoredIds = ['nobody', 'leaving', selfRegistered, 'https://evil.test/', '//evil.test']
  const queries = [
    ...ignoredIds.map((id) => `?${new URLSearchParams({ system: id })}`),
    '?system=exam-service&system=exam-service',
    '?system=',
  ]
  for (const query of queries) {
    const [, , username] = entries(query)
    expect(await username?.end()).toEqual({ href: '/account' })
    const { page } = await accountPage(`/account${query}`)
    expect(page.heading).toBe('用户信息')
    expect(page.html).not.toMatch(/>返回|evil\.test|stranger\.test|leaving\.test/)
  }
})

test('a change of phone leads back to the recovery with the client in its query', async () => {
  const person = await enrolled(platform)
  const now = { ...person, phone: `13${digits(9)}` }
  await platform.issueCard(now)
  const at = personAtForms()
  const start = `${platform.issuer}/recover/username?system=exam-service`
  const offers = await toCodeStep(platform, at, personFields(now), start)
  const { page, fields } = await withChangeCode(platform, at, offers, now)
  const changed = await at.send(page, fields)
  const again = changed.link('返回找回用户名')
  expect(again).toBe('/recover/username?system=exam-service')
})

test('a pending authorization request takes precedence over the client in the query', async () => {
  const person = await enrolled(platform)
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  const [, interaction] = login.url.pathname.match(/^\/interaction\/(.+)$/) ?? []
  const query = `?interaction=${interaction}&system=initiating`
  const start = `${platform.issuer}/recover/password${query}`
  const reset = await toResetStep(platform, at, person, start)
  const password = `another new ${digits(8)}`
  const done = await at.send(reset, newPassword(password))
  expect(done.link('返回登录')).toBe(`/interaction/${interaction}`)
  const back = await at.open(`${platform.issuer}/interaction/${interaction}`)
  const inside = await at.send(back, signInFields({ ...person, password }))
  expect(inside.url.origin).toBe(platform.exam.url)
  expect(inside.text).toContain('您已登录')
})

test('the links of a client and of the login page name the client', async () => {
  const at = personAtForms()
  const home = await at.open(`${platform.exam.url}/`)
  for (const [link, path] of [
    ['忘记用户名？', '/recover/username'],
    ['忘记密码？', '/recover/password'],
    ['用户信息维护', '/account'],
  ] as const)
    expect(home.link(link)).toBe(`${platform.issuer}${path}?system=exam-service`)
  const login = await at.open(`${platform.exam.url}/login`)
  expect(login.link('用户信息维护')).toBe('/account?system=exam-service')
  expect(login.link('忘记密码？')).toMatch(/^\/recover\/password\?interaction=/)
})
