import { testClock } from '../support/clock.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { loginFields } from '../support/registering.ts'

let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock })
})
afterAll(() => platform.close())

type AtForms = ReturnType<typeof personAtForms>

const begin = (at: AtForms) => at.open(`${platform.issuer}/register`)
const pictureOn = ({ html }: FilledPage) => /\/captcha\/[\w-]+\.png/.exec(html)?.[0]
const soundOn = ({ html }: FilledPage) => /\/captcha\/[\w-]+\.wav/.exec(html)?.[0]
const wrong = '图中的数字不正确或已过期，请输入新的数字'
const file = async (path: string | undefined) => {
  const response = await fetch(`${platform.issuer}${path}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, type: response.headers.get('content-type'), bytes }
}

test('a captcha is a picture and, on request, a sound', async () => {
  const at = personAtForms()
  const page = await begin(at)
  const picture = await file(pictureOn(page))
  expect([picture.status, picture.type]).toEqual([200, 'image/png'])
  expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(soundOn(page)).toBeUndefined()
  const heard = await at.send(page, {}, 'listen')
  const sound = await file(soundOn(heard))
  expect([sound.status, sound.type]).toEqual([200, 'audio/wav'])
  expect(sound.bytes.subarray(0, 4).toString()).toBe('RIFF')
})

test('听验证码 keeps the picture and the typed values and reports no error', async () => {
  const at = personAtForms()
  const page = await begin(at)
  const heard = await at.send(page, { username: 'lin.xiaoman', password: 'not kept' }, 'listen')
  expect([heard.status, heard.faults]).toEqual([200, []])
  expect(pictureOn(heard)).toBe(pictureOn(page))
  expect([heard.value('username'), heard.value('password')]).toEqual(['lin.xiaoman', ''])
  expect((await at.send(heard, loginFields(samplePerson()))).step).toContain('填写身份信息')
})

test('换一张 draws another picture and keeps the typed values except the captcha', async () => {
  const at = personAtForms()
  const page = await begin(at)
  const other = await at.send(page, { username: 'lin.xiaoman', captcha: 'typed' }, 'captcha')
  expect([other.status, other.faults]).toEqual([200, []])
  expect(pictureOn(other)).not.toBe(pictureOn(page))
  expect([other.value('username'), other.value('captcha')]).toEqual(['lin.xiaoman', ''])
})

test('a captcha stays the same on reload until it expires', async () => {
  const at = personAtForms()
  const page = await begin(at)
  expect(pictureOn(await at.open(page.url.href))).toBe(pictureOn(page))
  turn(5 * 60)
  expect((await file(pictureOn(page))).status).toBe(404)
  const later = await at.open(page.url.href)
  expect(pictureOn(later)).not.toBe(pictureOn(page))
})

test('a captcha is invalid after five minutes', async () => {
  const at = personAtForms()
  const page = await begin(at)
  turn(5 * 60)
  const late = await at.send(page, loginFields(samplePerson()))
  expectRefusal(late, 'captcha', wrong)
  expect(pictureOn(late)).not.toBe(pictureOn(page))
})

test('a wrong answer uses the captcha up', async () => {
  const at = personAtForms()
  const page = await begin(at)
  const fields = loginFields(samplePerson())
  const refused = await at.send(page, { ...fields, captcha: 'ZZZZ' })
  expectRefusal(refused, 'captcha', wrong)
  expect(pictureOn(refused)).not.toBe(pictureOn(page))
  expect((await file(pictureOn(page))).status).toBe(404)
})

test('an empty answer does not use the captcha up', async () => {
  const at = personAtForms()
  const page = await begin(at)
  const refused = await at.send(page, { ...loginFields(samplePerson()), captcha: '' })
  expectRefusal(refused, 'captcha', '请输入图中的数字')
  expect(pictureOn(refused)).toBe(pictureOn(page))
})

test('a captcha that was solved is not asked again in the same step', async () => {
  const at = personAtForms()
  const page = await begin(at)
  const person = samplePerson()
  const refused = await at.send(page, { ...loginFields(person), username: '' })
  expectRefusal(refused, 'username', '请输入用户名')
  expect(refused.has('captcha')).toBe(false)
  expect(pictureOn(refused)).toBeUndefined()
  expect((await at.open(page.url.href)).has('captcha')).toBe(false)
  const { username, password } = person
  const on = await at.send(refused, { username, password, passwordAgain: password })
  expect(on.step).toContain('填写身份信息')
  expect((await at.send(on, {}, 'back')).has('captcha')).toBe(false)
})

test('a captcha that was solved in one flow is asked again in the next', async () => {
  const at = personAtForms()
  await at.send(await begin(at), loginFields(samplePerson()))
  expect((await begin(at)).has('captcha')).toBe(true)
})

test.each([
  ['in small letters', fixedAnswer.toLowerCase()],
  ['with spaces', ` ${[...fixedAnswer].join(' ')} `],
  [
    'in full width',
    [...fixedAnswer].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join(''),
  ],
])('a right answer %s is accepted', async (_, captcha) => {
  const at = personAtForms()
  const on = await at.send(await begin(at), { ...loginFields(samplePerson()), captcha })
  expect(on.step).toContain('填写身份信息')
})

test('of concurrent answers to the same captcha one is checked', async () => {
  turn(10 * 60)
  const at = personAtForms()
  const page = await at.open(`${platform.exam.url}/login`)
  const typed = { username: 'nobody-here', password: 'not the password', captcha: fixedAnswer }
  const answers = await Promise.all(Array.from({ length: 8 }, () => at.send(page, typed)))
  expect(answers.filter(({ faults }) => faults[0]?.startsWith('用户名或密码不正确'))).toHaveLength(
    1,
  )
  expect(answers.filter(({ faults }) => faults[0] === wrong)).toHaveLength(7)
})

test('a captcha of one page is refused on another, and consumed there', async () => {
  turn(10 * 60)
  const [at, other] = [personAtForms(), personAtForms()]
  const [page, elsewhere] = [
    await at.open(`${platform.exam.url}/login`),
    await other.open(`${platform.exam.url}/login`),
  ]
  const typed = { username: 'nobody-here', password: 'not the password', captcha: fixedAnswer }
  const { captchaId = '' } = page.typed
  expectRefusal(await other.send(elsewhere, { ...typed, captchaId }), 'captcha', wrong)
  expectRefusal(await at.send(page, typed), 'captcha', wrong)
})

test('an unknown captcha address is answered with 404', async () => {
  for (const path of ['/captcha/x.png', '/captcha/AAAAAAAAAAAAAAAAAAAAAA.wav', '/captcha/%ff.png'])
    expect([path, (await file(path)).status]).toEqual([path, 404])
})
