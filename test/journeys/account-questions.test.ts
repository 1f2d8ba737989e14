import { isSignedIn, registered, signedInAt } from '../support/account-pages.ts'
import { chinese, expectRefusal } from '../support/expect-refusal.ts'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '60000' } })
})
afterAll(() => platform.close())

const [first, second, third, fourth] = ['deskmate', 'nickname', 'first_job', 'first_pet'] as const
const three = {
  question1: first,
  answer1: '陈老师',
  question2: second,
  answer2: '小李',
  question3: third,
  answer3: '阿明',
}

async function atQuestions() {
  const person = await registered(platform, samplePerson())
  const { at, page } = await signedInAt(platform, person, '/account/questions')
  const fields = { presentPassword: person.password, ...three }
  return { person, at, page, save: (more = {}) => at.send(page, { ...fields, ...more }) }
}

test('each of three questions offers at least ten choices, and none is preset', async () => {
  const { page } = await atQuestions()
  expect(page.heading).toBe('密保工具')
  expect(page.text).toContain('您还没有设置密保问题')
  for (const at of [1, 2, 3]) {
    const [choose, ...offered] = page.options(`question${at}`)
    expect(choose).toBe('请选择')
    expect(offered.length).toBeGreaterThanOrEqual(10)
  }
})

test('saved questions are shown without answers, and all other sessions end', async () => {
  const { person, at, save } = await atQuestions()
  const elsewhere = (await signedInAt(platform, person)).at
  const done = await save()
  expect(done.heading).toBe('密保问题已设置')
  expect(done.text).toContain('其他设备上的登录已全部退出')
  expect(await isSignedIn(platform, elsewhere)).toBe(false)
  const { text, html } = await at.open(`${platform.issuer}/account/questions`)
  expect(text).toContain('您已设置以下密保问题')
  expect(text).toContain(chinese(`question.${first}`))
  expect(html).not.toContain('陈老师')
})

test('new questions replace the old ones', async () => {
  const { person, at, save } = await atQuestions()
  await save()
  const again = await at.open(`${platform.issuer}/account/questions`)
  const other = { presentPassword: person.password, ...three, question1: fourth }
  expect((await at.send(again, other)).heading).toBe('密保问题已设置')
  const { text } = await at.open(`${platform.issuer}/account/questions`)
  expect(text).toContain(chinese(`question.${fourth}`))
})

test.each<[Record<string, string>, field: string, sentence: string]>([
  [{ presentPassword: '' }, 'presentPassword', chinese('presentPassword.missing')],
  [{ presentPassword: 'not that one' }, 'presentPassword', chinese('presentPassword.wrong')],
  [{ question1: '' }, 'question1', chinese('question1.missing')],
  [{ question2: 'made up' }, 'question2', chinese('question2.missing')],
  [{ question2: first }, 'question2', chinese('questions.same')],
  [{ question3: second }, 'question3', chinese('questions.same')],
  [{ answer1: ' ' }, 'answer1', chinese('answer1.missing')],
  [{ answer3: '长'.repeat(65) }, 'answer3', chinese('answer.long', { most: 64 })],
])('%j is refused beside its field and sets nothing', async (typed, field, sentence) => {
  const { at, save } = await atQuestions()
  const refused = await save(typed)
  expectRefusal(refused, field, sentence)
  if (field !== 'question3') expect(refused.value('question3')).toBe(third)
  for (const secret of ['presentPassword', 'answer1', 'answer2', 'answer3'])
    expect(refused.value(secret)).toBe('')
  const { text } = await at.open(`${platform.issuer}/account/questions`)
  expect(text).toContain('您还没有设置密保问题')
})

test('all missing fields are listed at once by number, in the order of the page', async () => {
  const { save } = await atQuestions()
  const nothing = { question1: '', question2: '', question3: '' }
  const page = await save({
    presentPassword: '',
    ...nothing,
    answer1: '',
    answer2: '',
    answer3: '',
  })
  expect(page.faults).toEqual([
    chinese('presentPassword.missing'),
    ...([1, 2, 3] as const).flatMap((at) => [
      chinese(`question${at}.missing`),
      chinese(`answer${at}.missing`),
    ]),
  ])
})

test('20 concurrent requests set the questions once', async () => {
  const { at, save } = await atQuestions()
  const changes = () =>
    platform.stores.mongodb.collection('audit').countDocuments({ what: 'questions-changed' })
  const before = await changes()
  const pages = await Promise.all(Array.from({ length: 20 }, () => save()))
  expect(new Set(pages.map(({ heading }) => heading))).toEqual(new Set(['密保问题已设置']))
  expect(await changes()).toBe(before + 1)
  expect(await isSignedIn(platform, at)).toBe(true)
})
