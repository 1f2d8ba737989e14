import fc from 'fast-check'
import { type BreakerRule, withBreaker } from '../../src/adapters/vendors/circuit-breaker.ts'
import {
  bankWithBreaker,
  numberAgesWithBreaker,
  registryWithBreaker,
  smsWithBreaker,
} from '../../src/adapters/vendors/service-breakers.ts'
import type { BankOutcome } from '../../src/ports/services/bank-outcomes.ts'
import type { NumberAge } from '../../src/ports/services/number-age.ts'
import { claim, message, unit } from '../support/vendors/samples.ts'

/** A service behind a breaker: the test sets its answers and its clock, and the service counts its calls. */
function guardedService() {
  let now = 1_000_000
  let asked = 0
  const reports: string[] = []
  const rule: BreakerRule = {
    failures: 5,
    rest: 15,
    clock: () => now,
    report: (state) => void reports.push(state),
  }
  const breaker = withBreaker(
    (answer: Promise<'up' | 'down' | undefined>) => {
      asked += 1
      return answer
    },
    { health: (answer: 'up' | 'down' | undefined) => answer, refusal: 'down' },
    rule,
  )
  return {
    rule,
    reports,
    isOpen: breaker.isOpen,
    /** Calls the service; the result is `refused` when the breaker did not let the call through. */
    async ask(answer: 'up' | 'down' | undefined | Promise<'up' | 'down'>) {
      const before = asked
      const given = await breaker.ask(Promise.resolve(answer))
      return asked === before ? 'refused' : given
    },
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    asked: () => asked,
  }
}

async function serviceAfterFailures(times: number) {
  const service = guardedService()
  for (let n = 0; n < times; n += 1) await service.ask('down')
  return service
}

/** An answer that arrives when the test calls `answer`. */
function delayedAnswer() {
  let answer: (is: 'up' | 'down') => void = () => {}
  const promise = new Promise<'up' | 'down'>((resolve) => {
    answer = resolve
  })
  return { promise, answer }
}

test('four outages in a row leave the breaker closed, and the fifth opens it', async () => {
  const service = await serviceAfterFailures(4)
  expect(service.isOpen()).toBe(false)
  expect(await service.ask('down')).toBe('down')
  expect(service.isOpen()).toBe(true)
  expect(await service.ask('up')).toBe('refused')
  expect(service.reports).toEqual(['open'])
})

test('an answer resets the count of outages', async () => {
  const service = await serviceAfterFailures(4)
  await service.ask('up')
  for (let n = 0; n < 4; n += 1) await service.ask('down')
  expect(service.isOpen()).toBe(false)
})

test('an answer that was given without asking the service does not change the count', async () => {
  const service = await serviceAfterFailures(4)
  await service.ask(undefined)
  expect(service.isOpen()).toBe(false)
  await service.ask('down')
  expect(service.isOpen()).toBe(true)
  service.pass(15)
  await service.ask(undefined)
  expect(await service.ask('down')).toBe('down')
  expect(service.isOpen()).toBe(true)
})

test('after 15 s, and not before, the breaker lets one trial through, whose success closes it', async () => {
  const service = await serviceAfterFailures(5)
  service.pass(14.999)
  expect(await service.ask('up')).toBe('refused')
  service.pass(0.001)
  expect(service.isOpen()).toBe(false)
  const trial = delayedAnswer()
  const asking = service.ask(trial.promise)
  expect(service.isOpen()).toBe(true)
  expect(await service.ask('up')).toBe('refused')
  trial.answer('up')
  expect(await asking).toBe('up')
  expect(service.isOpen()).toBe(false)
  expect(await service.ask('up')).toBe('up')
  expect(service.reports).toEqual(['open', 'closed'])
})

test('a failed trial keeps the breaker open for another 15 s, counted from the end of the trial', async () => {
  const service = await serviceAfterFailures(5)
  service.pass(15)
  const trial = delayedAnswer()
  const asking = service.ask(trial.promise)
  service.pass(8)
  trial.answer('down')
  await asking
  service.pass(14.999)
  expect(await service.ask('up')).toBe('refused')
  service.pass(0.001)
  expect(await service.ask('up')).toBe('up')
  expect(service.reports).toEqual(['open', 'closed'])
})

test('an answer to a request that was sent before the breaker opened does not change its state', async () => {
  const service = await serviceAfterFailures(4)
  const [slow, slower] = [delayedAnswer(), delayedAnswer()]
  const asking = [service.ask(slow.promise), service.ask(slower.promise)]
  await service.ask('down')
  slow.answer('up')
  expect(await asking[0]).toBe('up')
  expect(service.isOpen()).toBe(true)
  service.pass(14)
  slower.answer('down')
  await asking[1]
  service.pass(1)
  expect(service.isOpen()).toBe(false)
})

test('a rejected promise counts as an outage, is passed on, and does not block later trials', async () => {
  const service = await serviceAfterFailures(4)
  const broken = () => service.ask(Promise.reject(new Error('broken')))
  await expect(broken()).rejects.toThrow('broken')
  expect(service.isOpen()).toBe(true)
  service.pass(15)
  await expect(broken()).rejects.toThrow('broken')
  expect(service.isOpen()).toBe(true)
  service.pass(15)
  expect(await service.ask('up')).toBe('up')
})

test('in every sequence, the service is asked exactly when fewer than five calls failed in a row or 15 s have passed', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('up', 'down'), fc.integer({ min: 0, max: 9 }))),
      async (sequence) => {
        const service = guardedService()
        let inARow = 0
        let now = 0
        let failedAt = 0
        for (const [answer, seconds] of sequence) {
          service.pass(seconds)
          now += seconds
          const mayAsk = inARow < 5 || now >= failedAt + 15
          expect(service.isOpen()).toBe(!mayAsk)
          expect(await service.ask(answer)).toBe(mayAsk ? answer : 'refused')
          if (mayAsk && answer === 'down') failedAt = now
          if (mayAsk) inARow = answer === 'up' ? 0 : inARow + 1
        }
      },
    ),
  ))

test.each([
  ['unavailable', true],
  ['quota', false],
  ['mismatch', false],
  ['unsupported_document', false],
] as const)(
  'after five answers %s the breaker of the bank is open: %s',
  async (outcome: BankOutcome, opens) => {
    const { rule } = guardedService()
    const bank = bankWithBreaker({ verify: async () => ({ outcome }) }, rule)
    for (let n = 0; n < 5; n += 1) expect(await bank.verify(claim)).toEqual({ outcome })
    expect(bank.isOpen()).toBe(opens)
  },
)

test('a document that is refused without asking the bank does not change the count of the bank', async () => {
  const { rule } = guardedService()
  const outcomes: BankOutcome[] = [
    'unavailable',
    'unavailable',
    'unavailable',
    'unavailable',
    'unsupported_document',
    'unavailable',
  ]
  const verify = async () => ({ outcome: outcomes.shift() ?? 'match' })
  const bank = bankWithBreaker({ verify }, rule)
  for (let n = 0; n < 6; n += 1) await bank.verify(claim)
  expect(bank.isOpen()).toBe(true)
})

test('while the breaker of the bank is open, the answer is unavailable, and says that the bank was not asked', async () => {
  const { rule } = guardedService()
  let outcome: BankOutcome = 'unavailable'
  const bank = bankWithBreaker({ verify: async () => ({ outcome }) }, rule)
  for (let n = 0; n < 5; n += 1) await bank.verify(claim)
  outcome = 'match'
  expect(await bank.verify(claim)).toEqual({ outcome: 'unavailable', notAsked: true })
})

test.each([
  ['unavailable', true],
  ['quota', false],
  ['invalid_phone', false],
  ['sent', false],
] as const)(
  'after five answers %s the breaker of the SMS gateway is open: %s',
  async (outcome, opens) => {
    const { rule } = guardedService()
    const sms = smsWithBreaker({ send: async () => outcome }, rule)
    for (let n = 0; n < 5; n += 1) expect(await sms.send(message)).toBe(outcome)
    expect(sms.isOpen()).toBe(opens)
    if (opens) expect(await sms.send(message)).toBe('unavailable')
  },
)

test.each([
  ['unavailable', true],
  ['unknown', false],
  [{ months: 0 }, false],
] as const)(
  'after five answers %j the breaker of the number-age service is open: %s',
  async (age, opens) => {
    const { rule } = guardedService()
    const ages = numberAgesWithBreaker({ ask: async () => age }, rule)
    for (let n = 0; n < 5; n += 1) expect(await ages.ask(claim.phone)).toEqual(age)
    expect(ages.isOpen()).toBe(opens)
    if (opens) expect(await ages.ask(claim.phone)).toBe('unavailable')
  },
)

test('a foreign number, about which the number-age service is not asked, does not change its count', async () => {
  const { rule } = guardedService()
  const answers: NumberAge[] = [
    ...Array.from({ length: 4 }, () => 'unavailable' as const),
    'unknown',
    'unavailable',
  ]
  const ages = numberAgesWithBreaker({ ask: async () => answers.shift() ?? 'unknown' }, rule)
  for (let n = 0; n < 6; n += 1) await ages.ask(claim.phone)
  expect(ages.isOpen()).toBe(true)
})

test.each([
  ['unavailable', true],
  ['quota', false],
  ['mismatch', false],
  ['no_record', false],
] as const)(
  'after five answers %s the breaker of the registry is open: %s',
  async (outcome, opens) => {
    const { rule } = guardedService()
    const registry = registryWithBreaker({ verify: async () => outcome }, rule)
    for (let n = 0; n < 5; n += 1) expect(await registry.verify(unit)).toBe(outcome)
    expect(registry.isOpen()).toBe(opens)
    if (opens) expect(await registry.verify(unit)).toBe('unavailable')
  },
)
