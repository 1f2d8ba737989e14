import { registered, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

const { clock, turn } = testClock()
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())

describe('signing in to the account pages', () => {
  test.each([
    ['/account', '用户信息'],
    ['/account/password', '密码管理'],
    ['/account/questions', '密保工具'],
  ])('%s redirects to the login page and back', async (path, heading) => {
    const { login, page } = await signedInAt(
      platform,
      await registered(platform, samplePerson()),
      path,
    )
    expect(login.heading).toBe('登录')
    expect(login.html).toContain('正在登录：用户信息维护')
    expect(login.link('立即注册')).toBeDefined()
    expect(page.heading).toBe(heading)
    expect(page.step).toBe(heading)
    expect(page.headers.get('Cache-Control')).toBe('no-store')
    expect(page.link('退出登录')).toBeDefined()
  })

  test('the English login page names its target in English', async () => {
    const at = personAtForms()
    await at.open(`${platform.issuer}/register?lang=en`)
    const login = await at.open(`${platform.issuer}/account`)
    expect(login.html).toContain('Signing in to: Your account')
  })

  test('an authorization request that met an outage leads to the page of an outage, whose reload sends it again', async () => {
    const at = personAtForms()
    const { headers } = await at.browser.request(`${platform.issuer}/account`)
    const request = new URL(headers.get('location') ?? '', platform.issuer)
    const state = request.searchParams.get('state') ?? ''
    const query = new URLSearchParams({ error: 'temporarily_unavailable', state })
    const callback = `${platform.issuer}/account/callback?${query}`
    const page = await at.open(callback)
    expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(page.text).toContain('统一用户平台暂时无法办理，请稍后再试')
    expect((await personAtForms().open(callback)).status).toBe(410)
    turn(5)
    expect((await at.open(callback)).heading).toBe('登录')
  })
})
