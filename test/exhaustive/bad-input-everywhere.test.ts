import fc from 'fast-check'
import { everyJourney, filledIn, type Journey, journeyNames } from '../support/every-flow.ts'
import {
  encoded,
  expectExplanation,
  invalidValues,
  malformedBodies,
} from '../support/malformed-input.ts'
import type { FilledPage } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let journeys: readonly Journey[]
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '10000' } })
  journeys = everyJourney(platform)
})
afterAll(() => platform.close())

/** Combinations that are valid: free text that only a later page checks, and fields that mean "unchanged" when empty. */
const validInputs = [
  '法定代表人确认 unit: unitName another type',
  '用户信息 details: phone empty',
  '验证身份, by the bank bank: phone empty',
  ...[1, 2, 3].map((n) => `密保工具 questions: answer${n} another type`),
]

/** The accounts and the number of paid bank checks, neither of which invalid input may change. */
async function effects() {
  const accounts = await platform.stores.mongodb
    .collection('accounts')
    .find()
    .sort({ _id: 1 })
    .toArray()
  const { bank } = await platform.simulator('GET', '/calls')
  return JSON.stringify([accounts, bank])
}

test.each(journeyNames)(
  '%s: every invalid value in every field of every step is explained and has no effect',
  async (name) => {
    const journey = journeys.find((each) => each.name === name)
    if (!journey) throw new Error(name)
    const startedJourney = await journey.begin()
    const { at } = startedJourney
    const post = (page: FilledPage, body: string) =>
      at.open(page.url.href, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('__proto__', 'constructor', '[]', '%', 'yes', '+86', 'resident_id', 'uscc'),
    )
    let { page } = startedJourney
    for (const step of startedJourney.way) {
      const validFields = { ...page.typed, ...step.fields, ...(step.code && { smsCode: '123456' }) }
      const pressed = { ...validFields, action: 'next' }
      const before = await effects()
      // The captcha comes first, because it is no longer checked after a right answer.
      for (const field of new Set(['captcha', ...Object.keys(step.fields), 'action', 'token'])) {
        if (!(field in pressed)) continue
        for (const [how, spoil] of Object.entries(invalidValues)) {
          const description = `${name} ${step.step}: ${field} ${how}`
          if (validInputs.includes(description)) continue
          const wrong = { ...pressed, [field]: spoil(step.fields[field] ?? '') }
          expectExplanation(await post(page, encoded(wrong)), description)
        }
        for (const [how, body] of Object.entries(malformedBodies(pressed, field)))
          expectExplanation(await post(page, body), `${name} ${step.step}: ${field} ${how}`)
      }
      const known = fc.constantFrom('action', 'captcha', 'smsCode', ...Object.keys(step.fields))
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.oneof(odd, known), odd, { maxKeys: 6 }),
          async (fields) => {
            // Two equal passwords may be valid, such as `constructor`.
            fc.pre(!fields['password'] || fields['password'] !== fields['passwordAgain'])
            const { token = '' } = page.typed
            const answer = await post(
              page,
              encoded({ action: 'next', ...fields, token: String(token) }),
            )
            expect(answer.status).toBeLessThan(500)
            expect(answer.heading).not.toBe('')
          },
        ),
        { numRuns: 40 },
      )
      expect(await effects()).toBe(before)
      const right = await filledIn(platform, startedJourney, await at.open(page.url.href), step)
      page = await at.send(right.page, { ...step.fields, ...right.fields }, step.press)
      expect([step.step, page.faults]).toEqual([step.step, []])
    }
  },
  120_000,
)

test('no invalid input was logged as an error', () => {
  const levels = platform.lines.map((line) => JSON.parse(line).level)
  expect(levels.filter((level) => level >= 50)).toEqual([])
})
