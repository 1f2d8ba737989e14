import { policy } from '../../config/limits-and-lifetimes.ts'
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
// Everybody has the same address here, and its wrong answers are forgotten after this time.
afterEach(() => turn(20 * 60))

const wrong = '图中的数字不正确或已过期，请输入新的数字'
const pictureOn = ({ html }: FilledPage) => /\/captcha\/[\w-]+\.png/.exec(html)?.[0]
const sizeOf = async (page: FilledPage) =>
  (await (await fetch(`${platform.issuer}${pictureOn(page)}`)).arrayBuffer()).byteLength

/** Gives wrong answers on a page that is shown again. Returns the pages and the sizes of their pictures. */
async function answerWrongly(
  at: ReturnType<typeof personAtForms>,
  first: FilledPage,
  times: number,
  between = () => {},
) {
  const pages = [first]
  const sizes = [await sizeOf(first)]
  for (let each = 0; each < times; each += 1) {
    const fields = { ...loginFields(samplePerson()), captcha: '222222' }
    const page = await at.send(pages.at(-1) ?? first, fields)
    pages.push(page)
    sizes.push(await sizeOf(page))
    between()
  }
  return { pages, sizes }
}

test.each(['/register', '/recover/username', 'sign-in'])(
  'one constant answer, posted repeatedly at %s, has to wait after ten times',
  async (path) => {
    const at = personAtForms()
    const address = path === 'sign-in' ? `${platform.exam.url}/login` : platform.issuer + path
    const { pages } = await answerWrongly(at, await at.open(address), 12)
    const [, ...answers] = pages.map(({ status, headers }) => [status, headers.get('retry-after')])
    expect(answers).toEqual([...Array(10).fill([422, null]), [429, '2'], [429, '2']])
    expectRefusal(pages[12] as FilledPage, 'captcha', '验证码输错次数过多，请在 2 秒后再试', 429)
    turn(2)
    const fields = { ...loginFields(samplePerson()), captcha: '222222' }
    const again = await at.send(pages[12] as FilledPage, fields)
    expect([again.status, again.faultAt('captcha')]).toEqual([422, `错误：${wrong}`])
  },
)

test('a picture is gentle at first and harder after failures; without script the hardest page asks for a second one', async () => {
  const at = personAtForms()
  const start = await at.open(`${platform.issuer}/register`)
  const { pages, sizes } = await answerWrongly(at, start, 16, () => turn(60))
  // A picture with stripes takes more bytes.
  expect(sizes.map((size) => size > 10_000)).toEqual([
    ...Array(4).fill(false),
    ...Array(13).fill(true),
  ])
  expect(pages.map((page) => page.has('captcha2'))).toEqual([...Array(16).fill(false), true])
  const fields = loginFields(samplePerson())
  const half = await at.send(pages[16] as FilledPage, fields)
  expectRefusal(half, 'captcha2', '请再输入第二张图中的 6 个数字')
  expect(pictureOn(half)).toBe(pictureOn(pages[16] as FilledPage))
  const heard = await at.send(half, fields, 'listen')
  const sounds = heard.html.match(/<audio[^>]*src="[^"]*"/g)
  expect(sounds?.map((audio) => audio.includes('/second/'))).toEqual([false, true])
  expect(heard.text).toContain('请只输入“嘀”声之后的数字')
  const other = await at.send(heard, fields, 'captcha')
  expect([other.value('username'), other.has('captcha2')]).toEqual([fields.username, true])
  const on = await at.send(other, { ...fields, captcha2: fixedAnswer })
  expect(on.step).toContain('填写身份信息')
})

test('an address that asks for captchas without end has to come back later, in every place', async () => {
  const few = { ...policy().captcha.issued, failures: 2 }
  const small = await testPlatform({
    policy: (usual) => ({ ...usual, captcha: { ...usual.captcha, issued: few } }),
  })
  const answers = []
  for (let each = 0; each < 3; each += 1)
    answers.push(await personAtForms().open(`${small.issuer}/recover/username`))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answers[2]?.text).toContain('请稍后再试')
  await small.close()
})

test('wrong passwords make the picture harder, and never ask for a second one', async () => {
  const at = personAtForms()
  let page = await at.open(`${platform.exam.url}/login`)
  expect(await sizeOf(page)).toBeLessThan(9000)
  const typed = { username: 'nobody-here', password: 'not the password', captcha: fixedAnswer }
  for (let each = 0; each < 4; each += 1) page = await at.send(page, typed)
  expect(await sizeOf(page)).toBeGreaterThan(10_000)
  for (let each = 0; each < 12; each += 1) page = await at.send(page, typed)
  expect(page.has('captcha2')).toBe(false)
})
