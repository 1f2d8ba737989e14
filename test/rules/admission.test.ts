import { admissionBounds } from '../../config/limits/admission-bounds.ts'
import {
  admission,
  type BoundedClass,
  boundedClasses as order,
} from '../../src/web/admission/admission.ts'

const whole = () => ({ complete: true })
const bound = { inFlight: 2, delay: 100 }
const bounds = {
  ...{ token: bound, session: bound, step: bound },
  ...{ login: { ...bound, hashWait: 5 }, new: { ...bound, hashWait: 5 } },
}
const idle = { loopDelay: () => 0, hashWait: () => 0 }

test('a class is refused when its places are taken, and the others are not', () => {
  const { admit } = admission(bounds, idle)
  const [first, second] = [admit('new', whole()), admit('new', whole())]
  expect(first && second).toBeDefined()
  expect(admit('new', whole())).toBeUndefined()
  for (const name of order.slice(0, -1)) expect(admit(name, whole())).toBeDefined()
  first?.()
  first?.()
  expect(admit('new', whole())).toBeDefined()
  expect(admit('new', whole())).toBeUndefined()
})

test('requests that have not arrived whole take no place until they have', () => {
  const { admit } = admission(bounds, idle)
  const slow = Array.from({ length: 50 }, () => ({ complete: false }))
  for (const request of slow) expect(admit('login', request)).toBeDefined()
  expect(admit('login', whole())).toBeDefined()
  for (const request of slow) request.complete = true
  expect(admit('login', whole())).toBeUndefined()
})

test('the longer the event loop delays work, the more classes are refused, the last of them tokens', () => {
  const admittedAt = (ms: number): readonly BoundedClass[] => {
    const { admit } = admission(admissionBounds, { ...idle, loopDelay: () => ms })
    return order.filter((name) => admit(name, whole()))
  }
  const delays = order.map((name) => admissionBounds[name].delay)
  expect(delays).toEqual(delays.toSorted((a, b) => b - a))
  for (const [at, ms] of delays.entries()) {
    expect(admittedAt(ms)).toEqual(order.slice(0, at + 1))
    expect(admittedAt(ms + 1)).toEqual(order.slice(0, at))
  }
})

test('while many passwords wait to be hashed, logins and newcomers are refused and nobody else', () => {
  const { admit } = admission(bounds, { ...idle, hashWait: () => 6 })
  expect(order.filter((name) => admit(name, whole()))).toEqual(['token', 'session', 'step'])
})
