import { cardNumber, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import {
  bankFields,
  identityFields,
  loginFields,
  register,
  toBankStep,
  withCode,
} from '../support/registering.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('a person registers in three steps with a card that their bank confirms', async () => {
  const person = samplePerson()
  const done = await register(platform, personAtForms(), person)
  expect(done.faults).toEqual([])
  expect(done.heading).toBe('注册成功')
})
