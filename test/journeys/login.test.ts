import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { register, signInFields } from '../support/registering.ts'

/** Sign-ins of people who registered by the pages. test/sso/sign-in.test.ts tests the login page itself. */
let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const loginPage = (at: ReturnType<typeof personAtForms>) => at.open(`${platform.exam.url}/login`)

test('all missing fields are reported at once, and the username stays', async () => {
  const at = personAtForms()
  const empty = await at.send(await loginPage(at), {})
  expect([empty.status, empty.faults]).toEqual([
    422,
    ['请输入用户名', '请输入密码', '请输入图中的数字'],
  ])
  for (const field of ['username', 'password', 'captcha'])
    expect(empty.faultAt(field)).toMatch(/^错误：请输入/)
  const half = await at.send(empty, { username: 'lin.xiaoman' })
  expectRefusal(half, 'password', '请输入密码')
  expectRefusal(half, 'captcha', '请输入图中的数字')
  expect(half.value('username')).toBe('lin.xiaoman')
})

test('a password may contain spaces and any script, and is compared in NFC', async () => {
  const typed = 'Ǻ'.normalize('NFD')
  const person = samplePerson({ password: `  ${typed} 正确的密码 🐎  ` })
  await register(platform, personAtForms(), person)
  const signIn = async (password: string) => {
    const at = personAtForms()
    return at.send(await loginPage(at), { ...signInFields(person), password })
  }
  const refused = await signIn(person.password.trim())
  expectRefusal(refused, 'form', '用户名或密码不正确，请核对后重新输入')
  expect(refused.html).not.toContain('正确的密码')
  for (const password of [person.password, person.password.normalize('NFC')])
    expect((await signIn(password)).url.origin).toBe(platform.exam.url)
})

test('a username signs in with any case, width and surrounding spaces', async () => {
  const person = samplePerson({ username: 'Lin.Xiao-Man_88' })
  await register(platform, personAtForms(), person)
  for (const username of ['lin.xiao-man_88', ' LIN.XIAO-MAN_88 ', 'Ｌｉｎ.Xiao-Man_88']) {
    const at = personAtForms()
    const exam = await at.send(await loginPage(at), { ...signInFields(person), username })
    expect([username, exam.text.includes(person.name)]).toEqual([username, true])
  }
})
