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

/** What may well be: free words that only a later page judges, and what left empty means "as it is". */
const meant = [
  '法定代表人确认 unit: unitName another type',
  '用户信息 details: phone empty',
  '验证身份, by the bank bank: phone empty',
  ...[1, 2, 3].map((n) => `密保工具 questions: answer${n} another type`),
]

/** Accounts as they are, and what somebody pays for. */
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
  '%s: each field of each step, spoiled in every way, is told and changes nothing',
  async (name) => {
    const journey = journeys.find((each) => each.name === name)
    if (!journey) throw new Error(name)
    const begun = await journey.begin()
    const { at } = begun
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
    let { page } = begun
    for (const step of begun.way) {
      const whole = { ...page.typed, ...step.fields, ...(step.code && { smsCode: '123456' }) }
      const pressed = { ...whole, action: 'next' }
      const before = await effects()
      // The captcha first: once it was answered rightly nobody looks at it.
      for (const field of new Set(['captcha', ...Object.keys(step.fields), 'action', 'token'])) {
        if (!(field in pressed)) continue
        for (const [how, spoil] of Object.entries(invalidValues)) {
          const about = `${name} ${step.step}: ${field} ${how}`
          if (meant.includes(about)) continue
          const wrong = { ...pressed, [field]: spoil(step.fields[field] ?? '') }
          expectExplanation(await post(page, encoded(wrong)), about)
        }
        for (const [how, body] of Object.entries(malformedBodies(pressed, field)))
          expectExplanation(await post(page, body), `${name} ${step.step}: ${field} ${how}`)
      }
      const known = fc.constantFrom('action', 'captcha', 'smsCode', ...Object.keys(step.fields))
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.oneof(odd, known), odd, { maxKeys: 6 }),
          async (fields) => {
            // Two that agree may well be right: `constructor` is a password.
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
      const right = await filledIn(platform, begun, await at.open(page.url.href), step)
      page = await at.send(right.page, { ...step.fields, ...right.fields }, step.press)
      expect([step.step, page.faults]).toEqual([step.step, []])
    }
  },
  120_000,
)

test('none of it was a fault that somebody has to look at', () => {
  const levels = platform.lines.map((line) => JSON.parse(line).level)
  expect(levels.filter((level) => level >= 50)).toEqual([])
})
