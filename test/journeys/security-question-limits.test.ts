import { signedInAt } from '../support/account-pages.ts'
import { testClock } from '../support/clock.ts'
import { enrolled, setQuestions, threeAnswers } from '../support/enrolled.ts'
import type { SamplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { toMethodStep } from '../support/recovering.ts'
import { ownNetwork, stranger } from '../support/strangers.ts'

/** 密保问题: 5 failures from one browser or network, 20 in all (specification, section 5). */
let platform: TestPlatform
const { clock, turn } = testClock()
beforeAll(async () => {
  platform = await testPlatform({ clock, env: { TRUST_PROXY: '1' } })
})
afterAll(() => platform.close())

const right = Object.fromEntries(
  Object.values(threeAnswers).map((answer, n) => [`answer${n + 1}`, answer]),
)
const wrong = { ...right, answer2: 'another' }

async function ownerOfQuestions() {
  const owner = await enrolled(platform)
  await setQuestions(platform, owner)
  return owner
}

async function atQuestions({ username }: SamplePerson, at = stranger()) {
  const page = await at.send(await toMethodStep(platform, at, username), {}, 'questions')
  return async (answers: Readonly<Record<string, string>>) => (await at.send(page, answers)).status
}

const fail = async (owner: SamplePerson, times: number, at = stranger()) => {
  const answer = await atQuestions(owner, at)
  const statuses: number[] = []
  for (let n = 0; n < times; n += 1) statuses.push(await answer(wrong))
  return statuses
}

test('five failures stop the method for a network, whatever the browser, and for nobody else', async () => {
  const owner = await ownerOfQuestions()
  const network = ownNetwork()
  expect(await fail(owner, 3, stranger(network))).toEqual([422, 422, 422])
  expect(await fail(owner, 3, stranger(network))).toEqual([422, 429, 429])
  expect(await (await atQuestions(owner, stranger(network)))(right)).toBe(429)
  expect(await (await atQuestions(owner))(right)).toBe(200)
})

test('twenty failures stop it for all new devices for a day, but not for a remembered device', async () => {
  const owner = await ownerOfQuestions()
  const device = stranger()
  await signedInAt(platform, owner, '/account', device)
  // From four networks at once: at most twenty answers are compared.
  const statuses = await Promise.all(Array.from({ length: 6 }, () => fail(owner, 5)))
  expect(statuses.flat().filter((status) => status === 422).length).toBeLessThan(20)
  expect(await (await atQuestions(owner))(right)).toBe(429)
  const account = await platform.accounts.findByUsername(owner.username)
  const compared = { what: 'password-reset-refused', accountId: account?.id, detail: 'answers' }
  expect(await platform.stores.mongodb.collection('audit').countDocuments(compared)).toBe(20)

  const ofDevice = await atQuestions(owner, device)
  expect(await ofDevice(wrong)).toBe(422)
  expect(await ofDevice(right)).toBe(200)
})

test('the five of a remembered device stop it there alone, and for a day', async () => {
  const owner = await ownerOfQuestions()
  const network = ownNetwork()
  const device = stranger(network)
  await signedInAt(platform, owner, '/account', device)
  expect(await fail(owner, 5, device)).toEqual([422, 422, 422, 422, 429])
  expect(await (await atQuestions(owner, stranger(network)))(right)).toBe(200)
  turn(24 * 3600)
  expect(await (await atQuestions(owner, device))(right)).toBe(200)
})
