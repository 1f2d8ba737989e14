import { setTimeout as sleep } from 'node:timers/promises'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Policy } from '../../config/policy.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields } from '../support/registering.ts'

/** The real pauses are seconds; here they would only be waited for. */
const impatient = (usual: Policy) =>
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
  platform = await testPlatform({ policy: impatient })
  person = samplePerson()
  await register(platform, personAtForms(), person)
})
afterAll(() => platform.close())

async function signInAtExam(at = personAtForms()): Promise<AtForms> {
  const login = await at.open(`${platform.exam.url}/login`)
  expect((await at.send(login, signInFields(person))).url.href).toBe(`${platform.exam.url}/`)
  return at
}

/** Signed in at both: the password is asked for once. */
async function signInAtBoth(): Promise<AtForms> {
  const at = await signInAtExam()
  const social = await at.open(`${platform.social.url}/login`)
  expect(social.url.href).toBe(`${platform.social.url}/`)
  expect(social.text).toContain(person.name)
  return at
}

const isSignedIn = async (at: AtForms, { url }: { readonly url: string }) =>
  (await at.open(url)).heading === '您已登录'

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20)
}

/** 退出登录 at a business system, and then at the platform, which asks whoever runs no script. */
async function signOutAt(at: AtForms, { url }: { readonly url: string }) {
  const page = await at.open(`${url}/logout`, { method: 'POST' })
  expect(page.heading).toBe('退出登录')
  return at.send(page, { logout: 'yes' })
}

test('one login is good for both systems, each of which learns what it may', async () => {
  const at = await signInAtBoth()
  const [exam, social] = [await at.open(platform.exam.url), await at.open(platform.social.url)]
  expect(exam.text).toContain('id_number')
  expect(social.html).toContain('<dt>出生日期</dt>')
  for (const word of ['id_number', 'phone_number', person.idNumber, person.phone])
    expect(social.html).not.toContain(word)
  expect(social.link('考生服务系统')).toBe(`${platform.exam.url}/`)
  expect(exam.link('社保服务')).toBe(`${platform.social.url}/`)
})

test.each(['exam', 'social'] as const)(
  'signing out at %s signs out of both, and ends there',
  async (name) => {
    const at = await signInAtBoth()
    const here = platform[name]
    const left = await signOutAt(at, here)
    expect(left.url.href).toBe(`${here.url}/signed-out`)
    for (const system of [platform.exam, platform.social])
      await until(async () => !(await isSignedIn(at, system)))
    const again = await at.open(`${platform.social.url}/login`)
    expect(again.heading).toBe('登录')
  },
)

test('another browser of the same person stays signed in', async () => {
  const [at, elsewhere] = [await signInAtBoth(), await signInAtBoth()]
  await signOutAt(at, platform.exam)
  await until(async () => !(await isSignedIn(at, platform.social)))
  for (const system of [platform.exam, platform.social])
    expect(await isSignedIn(elsewhere, system)).toBe(true)
})

describe('a system that is down', () => {
  afterEach(() => platform.social.resume())

  test('is named to the person, who goes on from there, and is told when it is up again', async () => {
    const at = await signInAtBoth()
    await platform.social.rest()
    const left = await signOutAt(at, platform.exam)
    expect(left.heading).toBe('已退出登录')
    expect(left.text).toContain('以下系统暂时无法通知，我们会继续通知：社保服务')
    expect(left.text).not.toContain('通知：考生服务系统')
    const back = `${platform.exam.url}/signed-out`
    expect(left.link('返回考生服务系统')).toBe(back)
    expect(left.headers.get('refresh')).toBe(`5; url=${back}`)
    // Who reads on stays, and sees the same.
    const stayed = await at.open(new URL(String(left.link('停留在本页')), left.url).href)
    expect(stayed.headers.get('refresh')).toBeNull()
    expect(stayed.text).toContain('我们会继续通知：社保服务')
    expect(stayed.link('返回考生服务系统')).toBe(`${platform.exam.url}/`)
    await platform.social.resume()
    await until(async () => !(await isSignedIn(at, platform.social)))
    await platform.social.rest()
  })

  test('leads nowhere by itself where no address was asked for', async () => {
    const at = await signInAtBoth()
    await platform.social.rest()
    const asked = await at.open(`${platform.issuer}/session/end?client_id=exam-service`)
    const left = await at.send(asked, { logout: 'yes' })
    expect(left.text).toContain('我们会继续通知：社保服务')
    expect(left.headers.get('refresh')).toBeNull()
    await platform.social.resume()
    await until(async () => !(await isSignedIn(at, platform.social)))
    await platform.social.rest()
  })

  test('is told by another process, once the one that knew of it is gone', async () => {
    const at = await signInAtBoth()
    await platform.social.rest()
    await signOutAt(at, platform.exam)
    await platform.restart()
    await platform.social.resume()
    await until(async () => !(await isSignedIn(at, platform.social)))
    await platform.social.rest()
  })
})

describe('whether the platform asks', () => {
  async function endSession(at: AtForms, params: Record<string, string>) {
    return at.open(`${platform.issuer}/session/end?${new URLSearchParams(params)}`)
  }
  /** The hint that the exam service sends for this browser. */
  async function hintOf(at: AtForms): Promise<string> {
    const page = await at.open(`${platform.exam.url}/logout`, { method: 'POST' })
    return String(page.url.searchParams.get('id_token_hint'))
  }
  const goesOn = (page: { readonly html: string }) => page.html.includes('data-go')

  test('not, where the system sends the hint of this very sign-in: the button presses itself', async () => {
    const at = await signInAtBoth()
    const page = await endSession(at, { id_token_hint: await hintOf(at) })
    expect(goesOn(page)).toBe(true)
    expect(page.buttons).toEqual(['退出登录', '保持登录'])
  })

  test('without a hint, or with that of another sign-in', async () => {
    const [at, elsewhere] = [await signInAtBoth(), await signInAtBoth()]
    expect(goesOn(await endSession(at, {}))).toBe(false)
    expect(goesOn(await endSession(at, { client_id: 'exam-service' }))).toBe(false)
    const others = await hintOf(elsewhere)
    expect(goesOn(await endSession(at, { id_token_hint: others }))).toBe(false)
    expect(decodeProtectedHeader(others).alg).toBe('RS256')
    expect(decodeJwt(others)).not.toHaveProperty('name')
  })

  test('the last page leads back to the system, also where it names no address', async () => {
    const at = await signInAtBoth()
    const page = await endSession(at, { id_token_hint: await hintOf(at) })
    const done = await at.send(page, { logout: 'yes' })
    expect(done.heading).toBe('已退出登录')
    expect(done.link('返回考生服务系统')).toBe(`${platform.exam.url}/`)
  })
})
