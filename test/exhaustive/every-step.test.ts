import { signedInAt } from '../support/account-pages.ts'
import { enrolled } from '../support/enrolled.ts'
import {
  type Begun,
  everyJourney,
  filledIn,
  type Journey,
  journeyNames,
} from '../support/every-flow.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { loginFields } from '../support/registering.ts'
import { callsOf } from '../support/settled.ts'

jest.setTimeout(180_000)

/**
 * The specification, section 3: steps are earned; a flow is its id and its secret; it belongs to who began it. Each
 * state of each flow gets every request there is; what must happen is worked out here, from the steps' order alone.
 */
let platform: TestPlatform
let journeys: readonly Journey[]
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
  journeys = everyJourney(platform)
})
afterAll(() => platform.close())

test('every flow that has pages is walked', () => {
  expect(journeys.map(({ name }) => name)).toEqual(journeyNames)
})

/** What a request that isn't allowed must not change: accounts, and what somebody pays for or reads. */
async function effects() {
  const calls = await callsOf(platform)
  const { mongodb } = platform.stores
  const accounts = await mongodb.collection('accounts').find().sort({ _id: 1 }).toArray()
  return JSON.stringify([accounts, calls])
}

const stepIn = ({ url }: { readonly url: URL }) => url.pathname.split('/').at(-1) ?? ''

type Request = { readonly step: string; readonly body?: URLSearchParams }

/** Every request there is: each step's page, and each of its buttons with what would be right on it. */
function everyRequest({ flow }: Journey, { way, aside = {}, page }: Begun): Request[] {
  const { token = '' } = page.typed
  const rights = { ...aside, ...Object.fromEntries(way.map(({ step, fields }) => [step, fields])) }
  return [...Object.keys(flow.steps), 'done', 'nonsense'].flatMap((step) => {
    const buttons = [...Object.keys(flow.steps[step]?.actions ?? { next: 0 }), 'back', 'captcha']
    const fields = { ...rights[step], smsCode: '123456' }
    const bodies = [...buttons, 'listen', 'made-up'].map(
      (action) => new URLSearchParams({ token: String(token), ...fields, action }),
    )
    return [{ step }, ...bodies.map((body) => ({ step, body }))]
  })
}

const init = ({ body }: Request): RequestInit => (body ? { method: 'POST', body } : {})
const named = ({ step, body }: Request) => (body ? `POST ${step} ${body.get('action')}` : step)

/** Every request from where it is not allowed, and those of the own browser whose step is not open. */
async function walkState(
  journey: Journey,
  begun: Begun,
  address: string,
  open: readonly string[],
  current: string,
  strangers: readonly ReturnType<typeof personAtForms>[],
) {
  const before = await effects()
  for (const request of everyRequest(journey, begun)) {
    const url = `${address}/${request.step}`
    const about = `${journey.name} at ${current}: ${named(request)}`
    for (const stranger of strangers) {
      const { status, url: arrived } = await stranger.open(url, init(request))
      // Behind the login, whoever isn't signed in gets there first.
      if (arrived.pathname.startsWith('/interaction/')) continue
      expect([about, status]).toEqual([about, 403])
    }
    if (open.includes(request.step) && request.body) continue
    const answered = await begun.at.open(url, init(request))
    expect([about, answered.status]).toEqual([about, 200])
    const expected = open.includes(request.step) ? request.step : current
    expect([about, stepIn(answered)]).toEqual([about, expected])
  }
  expect(await effects()).toBe(before)
}

/** An open step without anything in it leads nowhere. */
async function emptyForms(
  begun: Begun,
  address: string,
  asking: readonly string[],
  current: string,
) {
  const before = await effects()
  for (const step of asking) {
    const body = new URLSearchParams({ token: String(begun.page.typed['token']), action: 'next' })
    const { status } = await begun.at.open(`${address}/${step}`, { method: 'POST', body })
    // A password that was chosen already stays when its fields are left empty.
    const told = step === current ? [422] : [200, 422]
    expect([step, told]).toEqual([step, expect.arrayContaining([status])])
  }
  expect(stepIn(await begun.at.open(address))).toBe(current)
  expect(await effects()).toBe(before)
}

/** Who must never get in, though they know the address and the token: without the secret, or with another's. */
async function strangersTo({ at, owner }: Begun, address: string) {
  const path = new URL(address).pathname
  const nobody = personAtForms()
  const tab = personAtForms()
  await tab.send(await tab.open(`${platform.issuer}/register`), loginFields(samplePerson()))
  tab.browser.setCookie('flow', tab.browser.cookie('flow') ?? '', path)
  if (!owner) return [nobody, tab]
  const other = await signedInAt(platform, await enrolled(platform), '/account')
  other.at.browser.setCookie('flow', at.browser.cookie('flow', path) ?? '', path)
  return [nobody, other.at]
}

/** It went on with what asked for it, once: whatever is pressed then leads there, and gives nothing more. */
async function expectLeft(journey: Journey, begun: Begun, page: FilledPage, address: string) {
  expect(page.url.href).toContain(`${begun.goesOn}/callback?code=`)
  const before = await effects()
  for (const request of everyRequest(journey, begun)) {
    const about = `${journey.name} at its end: ${named(request)}`
    const { url } = await begun.at.open(`${address}/${request.step}`, init(request))
    expect([about, url.href]).toEqual([about, `${begun.goesOn}/`])
  }
  expect(await effects()).toBe(before)
}

test.each(journeyNames)(
  '%s: each state allows what was earned, to whom it belongs, and nothing else',
  async (name) => {
    const journey = journeyNamed(name)
    const begun = await journey.begin()
    const address = begun.page.url.href.replace(/\/[^/]+$/, '')
    const strangers = await strangersTo(begun, address)
    let { page } = begun
    const passed: string[] = []
    for (const step of begun.way) {
      expect(stepIn(page)).toBe(step.step)
      const open = [...passed, step.step]
      await walkState(journey, begun, address, open, step.step, strangers)
      const asking = begun.way.filter(
        (each) => open.includes(each.step) && Object.keys(each.fields).length,
      )
      await emptyForms(
        begun,
        address,
        asking.map((each) => each.step),
        step.step,
      )
      const waiting = await filledIn(
        platform,
        begun,
        await begun.at.open(`${address}/${step.step}`),
        step,
      )
      page = await begun.at.send(waiting.page, waiting.fields, step.press)
      expect([step.step, page.faults]).toEqual([step.step, []])
      passed.push(step.step)
    }
    if (begun.goesOn) return expectLeft(journey, begun, page, address)
    expect(stepIn(page)).toBe('done')
    // Behind the login there is nothing left to walk: each other request leads to it.
    if (!begun.signsOut) await walkState(journey, begun, address, ['done'], 'done', strangers)
  },
)

test.each(journeyNames)(
  '%s: what was earned in it is nothing in another flow, though id, secret and token are right',
  async (name) => {
    const journey = journeyNamed(name)
    const begun = await journey.begin()
    const [, id = ''] =
      new RegExp(`/${journey.flow.path}/([\\w-]+)/`).exec(begun.page.url.href) ?? []
    const secret = begun.at.browser.cookie('flow', begun.page.url.pathname) ?? ''
    const before = await effects()
    for (const other of journeys) {
      if (other.flow.path === journey.flow.path) continue
      for (const step of [...Object.keys(other.flow.steps), 'done']) {
        const url = `${platform.issuer}/${other.flow.path}/${id}/${step}`
        begun.at.browser.setCookie('flow', secret, `/${other.flow.path}/${id}`)
        const token = String(begun.page.typed['token'])
        const body = new URLSearchParams({ token, action: 'next' })
        for (const request of [{}, { method: 'POST', body }]) {
          const { status, url: arrived } = await begun.at.open(url, request)
          if (arrived.pathname.startsWith('/interaction/')) continue
          expect([url, status]).toEqual([url, 403])
        }
      }
    }
    expect(await effects()).toBe(before)
  },
)

function journeyNamed(name: string) {
  const journey = journeys.find((each) => each.name === name)
  if (!journey) throw new Error(name)
  return journey
}
