import { registered, signedInAt } from '../support/account-pages.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
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
})
