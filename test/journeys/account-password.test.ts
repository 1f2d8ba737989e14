import { isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { noticesOn, untilNoticeOn } from '../support/phone-notices.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())
// All tests share one network address, so its hourly limits must pass first.
beforeEach(() => turn(3600))

const wanted = 'another staple 4711'

async function atPassword() {
  const person = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, person, '/account/password')
  const fields = { presentPassword: person.password, password: wanted, passwordAgain: wanted }
  return { person, at, save: (more = {}) => at.send(page, { ...fields, ...more }) }
}

const canSignIn = async (person: SamplePerson, password: string) =>
  (await signedInAt(platform, { ...person, password })).page.heading === '用户信息'

test('a new password replaces the old one, ends other sessions and notifies the phone', async () => {
  const { person, at, save } = await atPassword()
  const elsewhere = (await signedInAt(platform, person)).at
  const done = await save()
  expect(done.heading).toBe('密码已修改')
  expect(done.text).toContain('其他设备上的登录已全部退出')
  expect(await isSignedIn(platform, at)).toBe(true)
  expect(await isSignedIn(platform, elsewhere)).toBe(false)
  expect(await canSignIn(person, wanted)).toBe(true)
  expect(await canSignIn(person, person.password)).toBe(false)
  await untilNoticeOn(platform, person.phone, 'password-reset')
})

test.each<[Record<string, string>, field: string, sentence: string]>([
  [{ presentPassword: '' }, 'presentPassword', chinese('presentPassword.missing')],
  [{ presentPassword: 'not that one' }, 'presentPassword', chinese('presentPassword.wrong')],
  [{ password: '' }, 'password', chinese('password.missing')],
  [{ password: 'short' }, 'password', chinese('password.short', { least: 8 })],
  [{ password: 'password1' }, 'password', chinese('password.common')],
  [{ passwordAgain: '' }, 'passwordAgain', chinese('passwordAgain.missing')],
  [{ passwordAgain: 'something else' }, 'passwordAgain', chinese('passwordAgain.differs')],
])('%j is refused beside its field and changes nothing', async (typed, field, sentence) => {
  const { person, at, save } = await atPassword()
  const refused = await save(typed)
  expectRefusal(refused, field, sentence)
  for (const secret of ['presentPassword', 'password', 'passwordAgain'])
    expect(refused.value(secret)).toBe('')
  expect(await canSignIn(person, person.password)).toBe(true)
  expect((await at.send(refused, await fieldsFor(person))).heading).toBe('密码已修改')
})

const fieldsFor = async ({ password }: SamplePerson) => ({
  presentPassword: password,
  password: wanted,
  passwordAgain: wanted,
})

test('the current password and one made of personal data are refused', async () => {
  const { person, save } = await atPassword()
  const same = { password: person.password, passwordAgain: person.password }
  expectRefusal(await save(same), 'password', chinese('account.password.same'))
  for (const word of [person.username, person.phone, person.idNumber]) {
    const personal = { password: `${word}!`, passwordAgain: `${word}!` }
    expectRefusal(await save(personal), 'password', chinese('password.personal'))
  }
})

test('five wrong values of 原密码 impose a wait, during which the right one is refused too', async () => {
  const { save } = await atPassword()
  for (let n = 0; n < 4; n += 1)
    expectRefusal(
      await save({ presentPassword: `guess ${n}` }),
      'presentPassword',
      chinese('presentPassword.wrong'),
    )
  const seconds = chinese('presentPassword.wait', { when: ' 60 秒后' })
  for (const presentPassword of ['guess 4', 'guess 5']) {
    const waits = await save({ presentPassword })
    expectRefusal(waits, 'presentPassword', seconds, 429)
    expect(waits.headers.get('retry-after')).toBe('60')
  }
  expect((await save()).status).toBe(429)
  turn(60)
  expect((await save()).heading).toBe('密码已修改')
})

test('20 concurrent requests change the password once and notify the phone once', async () => {
  const { person, save } = await atPassword()
  const pages = await Promise.all(Array.from({ length: 20 }, () => save()))
  expect(new Set(pages.map(({ heading }) => heading))).toEqual(new Set(['密码已修改']))
  await untilNoticeOn(platform, person.phone, 'password-reset')
  expect(
    (await noticesOn(platform, person.phone)).filter((each) => each === 'password-reset'),
  ).toHaveLength(1)
  expect(await canSignIn(person, wanted)).toBe(true)
})

test('a form with a wrong token changes nothing', async () => {
  const { person, save } = await atPassword()
  expect((await save({ token: 'guessed' })).status).toBe(403)
  expect(await canSignIn(person, person.password)).toBe(true)
})
