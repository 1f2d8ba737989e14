import { setTimeout as sleep } from 'node:timers/promises'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields } from '../support/registering.ts'

/** The real pauses of several seconds would only prolong the test. */
const shortRetries = (usual: Policy) =>
  ({
    ...usual,
    tasks: {
      ...usual.tasks,
      poll: 0.05,
      logout: { ...usual.tasks.logout, retries: [0.1], rest: 0.1 },
    },
  }) as unknown as Policy

type AtForms = ReturnType<typeof personAtForms>
let platform: TestPlatform
let person: SamplePerson
beforeAll(async () => {
  platform = await testPlatform({ policy: shortRetries })
  person = samplePerson()
  await register(platform, personAtForms(), person)
})
afterAll(() => platform.close())

async function signInAtExam(at = personAtForms()): Promise<AtForms> {
  const login = await at.open(`${platform.exam.url}/login`)
  expect((await at.send(login, signInFields(person))).url.href).toBe(`${platform.exam.url}/`)
  return at
}

/** Signs in at both clients with one login. */
async function signInAtBoth(): Promise<AtForms> {
  const at = await signInAtExam()
  const socialPage = await at.open(`${platform.social.url}/login`)
  expect(socialPage.url.href).toBe(`${platform.social.url}/`)
  expect(socialPage.text).toContain(person.name)
  return at
}

const isSignedIn = async (at: AtForms, { url }: { readonly url: string }) =>
  (await at.open(url)).heading === '您已登录'

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20)
}

/** Presses 退出登录 at the client and then at the platform, which asks because the browser runs no script. */
async function signOutAt(at: AtForms, { url }: { readonly url: string }) {
  const page = await at.open(`${url}/logout`, { method: 'POST' })
  expect(page.heading).toBe('退出登录')
  return at.send(page, { logout: 'yes' })
}

test('one login is valid at both clients, each of which receives its own claims', async () => {
  const at = await signInAtBoth()
  const [exam, socialPage] = [await at.open(platform.exam.url), await at.open(platform.social.url)]
  expect(exam.text).toContain('id_number')
  expect(socialPage.html).toContain('<dt>出生日期</dt>')
  for (const word of ['id_number', 'phone_number', person.idNumber, person.phone])
    expect(socialPage.html).not.toContain(word)
  expect(socialPage.link('考生服务系统')).toBe(`${platform.exam.url}/`)
  expect(exam.link('社保服务')).toBe(`${platform.social.url}/`)
})

test.each(['exam', 'social'] as const)(
  'signing out at %s signs out of both clients and returns to it',
  async (name) => {
    const at = await signInAtBoth()
    const startedAt = platform[name]
    const lastPage = await signOutAt(at, startedAt)
    expect(lastPage.url.href).toBe(`${startedAt.url}/signed-out`)
    for (const system of [platform.exam, platform.social])
      await until(async () => !(await isSignedIn(at, system)))
    const again = await at.open(`${platform.social.url}/login`)
    expect(again.heading).toBe('登录')
  },
)

test('another browser of the same person stays signed in', async () => {
  const [at, otherBrowser] = [await signInAtBoth(), await signInAtBoth()]
  await signOutAt(at, platform.exam)
  await until(async () => !(await isSignedIn(at, platform.social)))
  for (const system of [platform.exam, platform.social])
    expect(await isSignedIn(otherBrowser, system)).toBe(true)
})

describe('a client that is down', () => {
  afterEach(() => platform.social.resume())

  test('is named on the last page, and receives the logout when it is up again', async () => {
    const at = await signInAtBoth()
    await platform.social.rest()
    const lastPage = await signOutAt(at, platform.exam)
    expect(lastPage.heading).toBe('已退出登录')
    expect(lastPage.text).toContain('以下系统暂时无法通知，我们会继续通知：社保服务')
    expect(lastPage.text).not.toContain('通知：考生服务系统')
    const back = `${platform.exam.url}/signed-out`
    expect(lastPage.link('返回考生服务系统')).toBe(back)
    expect(lastPage.headers.get('refresh')).toBe(`5; url=${back}`)
    // A person who chooses to stay sees the same page without a redirect.
    const stayed = await at.open(new URL(String(lastPage.link('停留在本页')), lastPage.url).href)
    expect(stayed.headers.get('refresh')).toBeNull()
    expect(stayed.text).toContain('我们会继续通知：社保服务')
    expect(stayed.link('返回考生服务系统')).toBe(`${platform.exam.url}/`)
    await platform.social.resume()
    await until(async () => !(await isSignedIn(at, platform.social)))
    await platform.social.rest()
  })

  test('does not cause a redirect without a post-logout redirect URI', async () => {
    const at = await signInAtBoth()
    await platform.social.rest()
    const confirmation = await at.open(`${platform.issuer}/session/end?client_id=exam-service`)
    const lastPage = await at.send(confirmation, { logout: 'yes' })
    expect(lastPage.text).toContain('我们会继续通知：社保服务')
    expect(lastPage.headers.get('refresh')).toBeNull()
    await platform.social.resume()
    await until(async () => !(await isSignedIn(at, platform.social)))
    await platform.social.rest()
  })

  test('receives the logout after a restart of the platform', async () => {
    const at = await signInAtBoth()
    await platform.social.rest()
    await signOutAt(at, platform.exam)
    await platform.restart()
    await platform.social.resume()
    await until(async () => !(await isSignedIn(at, platform.social)))
    await platform.social.rest()
  })
})

describe('the confirmation of a logout', () => {
  async function endSession(at: AtForms, params: Record<string, string>) {
    return at.open(`${platform.issuer}/session/end?${new URLSearchParams(params)}`)
  }
  /** The hint that the exam service sends for this browser. */
  async function hintOf(at: AtForms): Promise<string> {
    const page = await at.open(`${platform.exam.url}/logout`, { method: 'POST' })
    return String(page.url.searchParams.get('id_token_hint'))
  }
  const submitsItself = (page: { readonly html: string }) => page.html.includes('data-go')

  test('submits itself when the client sends an id_token_hint of this session', async () => {
    const at = await signInAtBoth()
    const page = await endSession(at, { id_token_hint: await hintOf(at) })
    expect(submitsItself(page)).toBe(true)
    expect(page.buttons).toEqual(['退出登录', '保持登录'])
  })

  test('waits for the person without a hint or with a hint of another session', async () => {
    const [at, otherBrowser] = [await signInAtBoth(), await signInAtBoth()]
    expect(submitsItself(await endSession(at, {}))).toBe(false)
    expect(submitsItself(await endSession(at, { client_id: 'exam-service' }))).toBe(false)
    const otherHint = await hintOf(otherBrowser)
    expect(submitsItself(await endSession(at, { id_token_hint: otherHint }))).toBe(false)
    expect(decodeProtectedHeader(otherHint).alg).toBe('RS256')
    expect(decodeJwt(otherHint)).not.toHaveProperty('name')
  })

  test('leads to a last page with a link to the client, also without a post-logout redirect URI', async () => {
    const at = await signInAtBoth()
    const page = await endSession(at, { id_token_hint: await hintOf(at) })
    const done = await at.send(page, { logout: 'yes' })
    expect(done.heading).toBe('已退出登录')
    expect(done.link('返回考生服务系统')).toBe(`${platform.exam.url}/`)
  })
})
