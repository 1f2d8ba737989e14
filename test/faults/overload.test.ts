import * as oidc from 'openid-client'
import {
  answerOf,
  callback,
  credentials,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from '../sso/platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { samplesOf, scraped, sumOf } from '../support/metrics.ts'
import { admissionWith } from '../support/platform.ts'

const people = 15
/** The logins and newcomers that are served at once, and the token requests; a restart applies them. */
let places = 1
let tokenPlaces = 1000

let platform: SsoPlatform
let party: Awaited<ReturnType<typeof relyingParty>>
const inside = cookieBrowser()
beforeAll(async () => {
  platform = await ssoPlatform(({ admission, ...usual }) => {
    const { login, new: newcomer } = admissionWith(admission, { inFlight: places })
    const few = {
      ...admission,
      token: { ...admission.token, inFlight: tokenPlaces, delay: 60_000 },
      login: { ...login, delay: 60_000 },
      new: { ...newcomer, delay: 60_000 },
    }
    return { ...usual, admission: few as unknown as typeof admission }
  })
  await platform.register()
  party = await relyingParty(platform.issuer)
  await signIn(inside, (await party.ask()).url)
})
afterAll(() => platform.close())

/** Refreshes `count` times, one after another. Rejects if one of them is refused. */
async function refreshes(count: number): Promise<void> {
  const { url, tokens } = await party.ask({ scope: 'openid offline_access', prompt: 'consent' })
  let { refresh_token: token = '' } = await tokens(answerOf(await inside.visit(url, callback)))
  for (let done = 0; done < count; done += 1) {
    const next = await oidc.refreshTokenGrant(party.config, token)
    token = next.refresh_token ?? token
  }
}

const isReady = async () => (await fetch(`${platform.issuer}/health/ready`)).status

/** Opens the login page in a browser of its own. */
async function atLoginPage() {
  const browser = cookieBrowser()
  const page = await browser.visit((await party.ask()).url)
  return { browser, page }
}

test('of a crowd of logins some are refused at once, refreshes and sessions are served, and the process stays ready', async () => {
  const crowd: Awaited<ReturnType<typeof atLoginPage>>[] = []
  for (let n = 0; n < people; n += 1) crowd.push(await atLoginPage())
  const [answers, ready] = await Promise.all([
    Promise.all(crowd.map(({ browser, page }) => submit(browser, page, credentials))),
    Promise.all(Array.from({ length: 5 }, isReady)),
    Promise.all([refreshes(5), refreshes(5), refreshes(5)]),
    inside.visit(`${platform.issuer}/account/details`),
  ])
  const refused = answers.filter(({ response }) => response.status === 503)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(people)
  for (const { response, text } of refused) {
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(3)
    expect(text).toContain('现在使用的人很多')
    expect(text).toContain(String(response.headers.get('x-request-id')))
  }
  for (const page of answers)
    if (page.response.status !== 503) expect(answerOf(page).searchParams.get('code')).toBeTruthy()
  expect(ready).toEqual([200, 200, 200, 200, 200])
  const samples = samplesOf((await scraped(platform.adminUrl)).text)
  const count = (name: string) => sumOf(samples, 'uup_requests_refused_total', { class: name })
  expect(count('login')).toBe(refused.length)
  for (const name of ['token', 'session', 'step']) expect(count(name)).toBe(0)

  // A refused form is as good as before: the same page can be sent again.
  const again = crowd[answers.findIndex(({ response }) => response.status === 503)]
  if (!again) throw new Error('nobody was refused')
  expect(answerOf(await submit(again.browser, again.page, credentials))).toBeDefined()
})

async function refusedPage(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, { headers, redirect: 'manual' })
  expect(answer.status).toBe(503)
  return answer.text()
}

test('a refused page keeps the query in the links that change the language', async () => {
  places = 0
  await platform.restart()
  const { url } = await party.ask({ state: 'a"b&c' })
  const text = await refusedPage(url)
  const [, link = ''] = /href="(\?[^"]*lang=en)"/.exec(text) ?? []
  const asked = new URLSearchParams(link.replaceAll('&amp;', '&'))
  expect(asked.get('lang')).toBe('en')
  asked.delete('lang')
  expect(String(asked)).toBe(String(new URL(url).searchParams))
  expect(await refusedPage(`${url}&lang=en`)).toContain('Very busy at the moment')
  expect(await refusedPage(url, { cookie: 'lang=en; text=large' })).toMatch(
    /class="large" lang="en".*Very busy at the moment/,
  )
})

test('a refused token request is told that the server is temporarily unavailable', async () => {
  tokenPlaces = 0
  await platform.restart()
  const answer = await fetch(`${platform.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'any' }),
  })
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(3)
  expect(answer.headers.get('cache-control')).toContain('no-store')
  expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' })
  const terminal = await fetch(`${platform.issuer}/api/v1/phone-changes`, { method: 'POST' })
  expect(terminal.status).toBe(503)
  expect(terminal.headers.get('content-type')).toContain('application/problem+json')
  expect(await isReady()).toBe(200)
})
