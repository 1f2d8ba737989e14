import { limitRefusal, soonest } from '../../src/proofs/attempt-limits.ts'

const used = (name: string, retryAfter: number) => ({ name, retryAfter })
const day = 24 * 3600

test('of several used-up limits the one that lasts longest is told', () => {
  const refusal = limitRefusal([used('sms.flow', 40), used('sms.identity', day)])
  expect(refusal).toMatchObject({ code: 'limit.identity', retryAfter: day, status: 429 })
})

test('a captcha is asked for if it lifts every used-up limit', () => {
  expect(limitRefusal([used('sms.identity-all', day)])).toMatchObject({ code: 'captcha.hardest' })
})

test('a captcha is not asked for while a limit that it does not lift is used up too', () => {
  const refusal = limitRefusal([used('sms.identity', 3600), used('sms.identity-all', day)])
  expect(refusal).toMatchObject({ code: 'limit.identity', retryAfter: 3600 })
  const pause = limitRefusal([used('sms.identity-all', day), used('sms.identity-pause', 30)])
  expect(pause).toMatchObject({ code: 'limit.pause', retryAfter: 30 })
})

test('of several ways to a code the one that opens first is told', () => {
  const captcha = limitRefusal([used('sms.identity-all', day)])
  const pause = limitRefusal([used('sms.pause', 30)])
  expect(soonest([pause, captcha])).toBe(captcha)
  expect(soonest([limitRefusal([used('sms.phone', day)]), pause])).toBe(pause)
})
