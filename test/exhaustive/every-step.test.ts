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

/**
 * Specification, section 3: a step opens when those before it have passed, a flow is found by its id and secret, and only
 * the browser that started it may continue it. Each state of each flow receives every possible request; the expected
 * result is computed here from the order of the steps alone.
 */
let platform: TestPlatform
let journeys: readonly Journey[]
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
  journeys = everyJourney(platform)
})
afterAll(() => platform.close())

test('the tests cover every flow that has pages', () => {
  expect(journeys.map(({ name }) => name)).toEqual(journeyNames)
})

/** The accounts and the calls to external services, neither of which a forbidden request may change. */
async function effects() {
  const calls = await callsOf(platform)
  const { mongodb } = platform.stores
  const accounts = await mongodb.collection('accounts').find().sort({ _id: 1 }).toArray()
  return JSON.stringify([accounts, calls])
}

const stepIn = ({ url }: { readonly url: URL }) => url.pathname.split('/').at(-1) ?? ''

type Request = { readonly step: string; readonly body?: URLSearchParams }

/** Every possible request: the page of each step, and each of its buttons with valid fields. */
function everyRequest({ flow }: Journey, { way, aside = {}, page }: Begun): Request[] {
  const { token = '' } = page.typed
  const validFields = {
    ...aside,
    ...Object.fromEntries(way.map(({ step, fields }) => [step, fields])),
  }
  return [...Object.keys(flow.steps), 'done', 'nonsense'].flatMap((step) => {
    const buttons = [...Object.keys(flow.steps[step]?.actions ?? { next: 0 }), 'back', 'captcha']
    const fields = { ...validFields[step], smsCode: '123456' }
    const bodies = [...buttons, 'listen', 'made-up'].map(
      (action) => new URLSearchParams({ token: String(token), ...fields, action }),
    )
    return [{ step }, ...bodies.map((body) => ({ step, body }))]
  })
}

const init = ({ body }: Request): RequestInit => (body ? { method: 'POST', body } : {})
const requestName = ({ step, body }: Request) =>
  body ? `POST ${step} ${body.get('action')}` : step

/** Sends every request from browsers without access, and from the own browser those to steps that are not open. */
async function expectStateProtected(
  journey: Journey,
  started: Begun,
  address: string,
  open: readonly string[],
  current: string,
  others: readonly ReturnType<typeof personAtForms>[],
) {
  const before = await effects()
  for (const request of everyRequest(journey, started)) {
    const url = `${address}/${request.step}`
    const description = `${journey.name} at ${current}: ${requestName(request)}`
    for (const other of others) {
      const { status, url: arrived } = await other.open(url, init(request))
      // For a flow behind the login, a browser without a session is sent to the login page first.
      if (arrived.pathname.startsWith('/interaction/')) continue
      expect([description, status]).toEqual([description, 403])
    }
    if (open.includes(request.step) && request.body) continue
    const answered = await started.at.open(url, init(request))
    expect([description, answered.status]).toEqual([description, 200])
    const expected = open.includes(request.step) ? request.step : current
    expect([description, stepIn(answered)]).toEqual([description, expected])
  }
  expect(await effects()).toBe(before)
}

/** Expects that an empty form does not advance the flow. */
async function expectEmptyFormsRefused(
  started: Begun,
  address: string,
  openForms: readonly string[],
  current: string,
) {
  const before = await effects()
  for (const step of openForms) {
    const body = new URLSearchParams({ token: String(started.page.typed['token']), action: 'next' })
    const { status } = await started.at.open(`${address}/${step}`, { method: 'POST', body })
    // A password that was already chosen is kept when its fields are empty.
    const expectedStatuses = step === current ? [422] : [200, 422]
    expect([step, expectedStatuses]).toEqual([step, expect.arrayContaining([status])])
  }
  expect(stepIn(await started.at.open(address))).toBe(current)
  expect(await effects()).toBe(before)
}

/** Browsers that know the address and the token, but have no secret or the secret of another flow. */
async function browsersWithoutAccess({ at, owner }: Begun, address: string) {
  const path = new URL(address).pathname
  const withoutCookie = personAtForms()
  const tab = personAtForms()
  await tab.send(await tab.open(`${platform.issuer}/register`), loginFields(samplePerson()))
  tab.browser.setCookie('flow', tab.browser.cookie('flow') ?? '', path)
  if (!owner) return [withoutCookie, tab]
  const other = await signedInAt(platform, await enrolled(platform), '/account')
  other.at.browser.setCookie('flow', at.browser.cookie('flow', path) ?? '', path)
  return [withoutCookie, other.at]
}

/** Expects that after the flow has returned to the client with a code, every further request only leads to the client. */
async function expectReturnedToClient(
  journey: Journey,
  started: Begun,
  page: FilledPage,
  address: string,
) {
  expect(page.url.href).toContain(`${started.goesOn}/callback?code=`)
  const before = await effects()
  for (const request of everyRequest(journey, started)) {
    const description = `${journey.name} at its end: ${requestName(request)}`
    const { url } = await started.at.open(`${address}/${request.step}`, init(request))
    expect([description, url.href]).toEqual([description, `${started.goesOn}/`])
  }
  expect(await effects()).toBe(before)
}

test.each(journeyNames)(
  '%s: each state allows only the open steps, and only to the browser that owns the flow',
  async (name) => {
    const journey = journeyNamed(name)
    const started = await journey.begin()
    const address = started.page.url.href.replace(/\/[^/]+$/, '')
    const others = await browsersWithoutAccess(started, address)
    let { page } = started
    const passed: string[] = []
    for (const step of started.way) {
      expect(stepIn(page)).toBe(step.step)
      const open = [...passed, step.step]
      await expectStateProtected(journey, started, address, open, step.step, others)
      const openForms = started.way.filter(
        (each) => open.includes(each.step) && Object.keys(each.fields).length,
      )
      await expectEmptyFormsRefused(
        started,
        address,
        openForms.map((each) => each.step),
        step.step,
      )
      const filled = await filledIn(
        platform,
        started,
        await started.at.open(`${address}/${step.step}`),
        step,
      )
      page = await started.at.send(filled.page, filled.fields, step.press)
      expect([step.step, page.faults]).toEqual([step.step, []])
      passed.push(step.step)
    }
    if (started.goesOn) return expectReturnedToClient(journey, started, page, address)
    expect(stepIn(page)).toBe('done')
    // A flow that signs the person out ends behind the login, where every other request leads to the login page.
    if (!started.signsOut)
      await expectStateProtected(journey, started, address, ['done'], 'done', others)
  },
)

test.each(journeyNames)(
  '%s: its id, secret and token are refused under the path of another flow',
  async (name) => {
    const journey = journeyNamed(name)
    const started = await journey.begin()
    const [, id = ''] =
      new RegExp(`/${journey.flow.path}/([\\w-]+)/`).exec(started.page.url.href) ?? []
    const secret = started.at.browser.cookie('flow', started.page.url.pathname) ?? ''
    const before = await effects()
    for (const other of journeys) {
      if (other.flow.path === journey.flow.path) continue
      for (const step of [...Object.keys(other.flow.steps), 'done']) {
        const url = `${platform.issuer}/${other.flow.path}/${id}/${step}`
        started.at.browser.setCookie('flow', secret, `/${other.flow.path}/${id}`)
        const token = String(started.page.typed['token'])
        const body = new URLSearchParams({ token, action: 'next' })
        for (const request of [{}, { method: 'POST', body }]) {
          const { status, url: arrived } = await started.at.open(url, request)
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
