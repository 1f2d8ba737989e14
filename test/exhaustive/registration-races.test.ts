import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())

const accounts = () => platform.stores.mongodb.collection('accounts').countDocuments()

/** Leads everybody to the last press of 下一步, which all do concurrently, and returns the headings that they see then. */
async function finishConcurrently(people: readonly SamplePerson[]): Promise<string[]> {
  const ready = []
  for (const person of people) {
    await platform.issueCard(person)
    const at = personAtForms()
    ready.push({ at, ...(await withCode(platform, at, person)) })
  }
  // A loaded machine may answer 503. The person then sends the form again, as that page says.
  const pages = await Promise.all(
    ready.map(async ({ at, page, fields }) => {
      let answer = await at.send(page, fields)
      while (answer.status === 503) answer = await at.send(page, fields)
      return answer
    }),
  )
  expect(pages.filter(({ status }) => status >= 500)).toEqual([])
  return pages.map(({ heading, faults }) => [heading, ...faults].join(': '))
}

const fiftyPeople = (each: (index: number) => SamplePerson) =>
  Array.from({ length: 50 }, (_, i) => each(i))

test('50 concurrent registrations of one ID number create one account and explain the refusal to the others', async () => {
  const { idNumber } = samplePerson()
  const before = await accounts()
  const seen = await finishConcurrently(fiftyPeople(() => samplePerson({ idNumber })))
  expect(seen.filter((heading) => heading === '注册成功')).toHaveLength(1)
  expect(seen.filter((heading) => heading === '填写身份信息: 证件已被使用')).toHaveLength(49)
  expect(await accounts()).toBe(before + 1)
})

test('50 concurrent registrations of one username in different case create one account', async () => {
  const name = 'racing.person'
  const cased = (index: number) =>
    [...name]
      .map((letter, at) => ((index >> (at % 6)) & 1 ? letter.toUpperCase() : letter))
      .join('')
  const before = await accounts()
  const seen = await finishConcurrently(
    fiftyPeople((index) => samplePerson({ username: cased(index) })),
  )
  expect(seen.filter((heading) => heading === '注册成功')).toHaveLength(1)
  expect(seen.filter((heading) => heading === '填写登录信息: 用户名已被使用')).toHaveLength(49)
  expect(await accounts()).toBe(before + 1)
})
