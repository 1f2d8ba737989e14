import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
})
afterAll(() => platform.close())

const accounts = () => platform.stores.mongodb.collection('accounts').countDocuments()

test('20 concurrent requests of the last step create one account and all show the last page', async () => {
  const person = samplePerson()
  await platform.issueCard(person)
  const at = personAtForms()
  const { page, fields } = await withCode(platform, at, person)
  const [before, asked] = [await accounts(), await platform.simulator('GET', '/calls')]
  const pages = await Promise.all(Array.from({ length: 20 }, () => at.send(page, fields)))
  expect(new Set(pages.map(({ heading }) => heading))).toEqual(new Set(['注册成功']))
  expect(await accounts()).toBe(before + 1)
  expect((await platform.simulator('GET', '/calls')).bank).toBe(asked.bank + 1)
})
