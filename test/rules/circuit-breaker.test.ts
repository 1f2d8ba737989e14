import fc from 'fast-check'
import { type BreakerRule, withBreaker } from '../../src/adapters/circuit-breaker.ts'
import {
  bankWithBreaker,
  numberAgesWithBreaker,
  registryWithBreaker,
  smsWithBreaker,
} from '../../src/adapters/service-breakers.ts'
import type { BankOutcome } from '../../src/ports/bank-verification.ts'
import type { NumberAge } from '../../src/ports/number-age.ts'
import { claim, message, unit } from '../support/vendors/samples.ts'

/** A service of our own: it says what it is told, and counts. */
function service() {
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
    /** Asks; `refused` when the service wasn't asked. */
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

async function failing(times: number) {
  const it = service()
  for (let n = 0; n < times; n += 1) await it.ask('down')
  return it
}

/** An answer that comes when we say so. */
function later() {
  let answer: (is: 'up' | 'down') => void = () => {}
  const promise = new Promise<'up' | 'down'>((resolve) => {
    answer = resolve
  })
  return { promise, answer }
}

test('four outages in a row leave it closed, the fifth opens it', async () => {
  const it = await failing(4)
  expect(it.isOpen()).toBe(false)
  expect(await it.ask('down')).toBe('down')
  expect(it.isOpen()).toBe(true)
  expect(await it.ask('up')).toBe('refused')
  expect(it.reports).toEqual(['open'])
})

test('an answer between them begins the row anew', async () => {
  const it = await failing(4)
  await it.ask('up')
  for (let n = 0; n < 4; n += 1) await it.ask('down')
  expect(it.isOpen()).toBe(false)
})

test('what was answered without asking neither adds to the row nor ends it', async () => {
  const it = await failing(4)
  await it.ask(undefined)
  expect(it.isOpen()).toBe(false)
  await it.ask('down')
  expect(it.isOpen()).toBe(true)
  it.pass(15)
  await it.ask(undefined)
  expect(await it.ask('down')).toBe('down')
  expect(it.isOpen()).toBe(true)
})

test('after 15 s, not before, it tries again with one request, which closes it', async () => {
  const it = await failing(5)
  it.pass(14.999)
  expect(await it.ask('up')).toBe('refused')
  it.pass(0.001)
  expect(it.isOpen()).toBe(false)
  const trial = later()
  const asking = it.ask(trial.promise)
  expect(it.isOpen()).toBe(true)
  expect(await it.ask('up')).toBe('refused')
  trial.answer('up')
  expect(await asking).toBe('up')
  expect(it.isOpen()).toBe(false)
  expect(await it.ask('up')).toBe('up')
  expect(it.reports).toEqual(['open', 'closed'])
})

test('a failed trial keeps it open for 15 s more, counted from its end', async () => {
  const it = await failing(5)
  it.pass(15)
  const trial = later()
  const asking = it.ask(trial.promise)
  it.pass(8)
  trial.answer('down')
  await asking
  it.pass(14.999)
  expect(await it.ask('up')).toBe('refused')
  it.pass(0.001)
  expect(await it.ask('up')).toBe('up')
  expect(it.reports).toEqual(['open', 'closed'])
})

test('requests that left before it opened come back without a say', async () => {
  const it = await failing(4)
  const [slow, slower] = [later(), later()]
  const asking = [it.ask(slow.promise), it.ask(slower.promise)]
  await it.ask('down')
  slow.answer('up')
  expect(await asking[0]).toBe('up')
  expect(it.isOpen()).toBe(true)
  it.pass(14)
  slower.answer('down')
  await asking[1]
  it.pass(1)
  expect(it.isOpen()).toBe(false)
})

test('a rejection counts as an outage, is passed on, and never wedges it', async () => {
  const it = await failing(4)
  const broken = () => it.ask(Promise.reject(new Error('broken')))
  await expect(broken()).rejects.toThrow('broken')
  expect(it.isOpen()).toBe(true)
  it.pass(15)
  await expect(broken()).rejects.toThrow('broken')
  expect(it.isOpen()).toBe(true)
  it.pass(15)
  expect(await it.ask('up')).toBe('up')
})

test('whatever happens, it asks exactly when fewer than five failed in a row or the rest is over', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('up', 'down'), fc.integer({ min: 0, max: 9 }))),
      async (story) => {
        const it = service()
        let inARow = 0
        let now = 0
        let failedAt = 0
        for (const [answer, seconds] of story) {
          it.pass(seconds)
          now += seconds
          const mayAsk = inARow < 5 || now >= failedAt + 15
          expect(it.isOpen()).toBe(!mayAsk)
          expect(await it.ask(answer)).toBe(mayAsk ? answer : 'refused')
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
] as const)('bank: five times %s opens it: %s', async (outcome: BankOutcome, opens) => {
  const { rule } = service()
  const bank = bankWithBreaker({ verify: async () => ({ outcome }) }, rule)
  for (let n = 0; n < 5; n += 1) expect(await bank.verify(claim)).toEqual({ outcome })
  expect(bank.isOpen()).toBe(opens)
})

test('bank: a document that is refused without asking tells nothing about the bank', async () => {
  const { rule } = service()
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

test('bank: while open the answer is unavailable', async () => {
  const { rule } = service()
  let outcome: BankOutcome = 'unavailable'
  const bank = bankWithBreaker({ verify: async () => ({ outcome }) }, rule)
  for (let n = 0; n < 5; n += 1) await bank.verify(claim)
  outcome = 'match'
  expect(await bank.verify(claim)).toEqual({ outcome: 'unavailable' })
})

test.each([
  ['unavailable', true],
  ['quota', false],
  ['invalid_phone', false],
  ['sent', false],
] as const)('SMS: five times %s opens it: %s', async (outcome, opens) => {
  const { rule } = service()
  const sms = smsWithBreaker({ send: async () => outcome }, rule)
  for (let n = 0; n < 5; n += 1) expect(await sms.send(message)).toBe(outcome)
  expect(sms.isOpen()).toBe(opens)
  if (opens) expect(await sms.send(message)).toBe('unavailable')
})

test.each([
  ['unavailable', true],
  ['unknown', false],
  [{ months: 0 }, false],
] as const)('number age: five times %j opens it: %s', async (age, opens) => {
  const { rule } = service()
  const ages = numberAgesWithBreaker({ ask: async () => age }, rule)
  for (let n = 0; n < 5; n += 1) expect(await ages.ask(claim.phone)).toEqual(age)
  expect(ages.isOpen()).toBe(opens)
  if (opens) expect(await ages.ask(claim.phone)).toBe('unavailable')
})

test('number age: a number from elsewhere, which nobody was asked about, tells nothing about the service', async () => {
  const { rule } = service()
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
] as const)('registry: five times %s opens it: %s', async (outcome, opens) => {
  const { rule } = service()
  const registry = registryWithBreaker({ verify: async () => outcome }, rule)
  for (let n = 0; n < 5; n += 1) expect(await registry.verify(unit)).toBe(outcome)
  expect(registry.isOpen()).toBe(opens)
  if (opens) expect(await registry.verify(unit)).toBe('unavailable')
})
