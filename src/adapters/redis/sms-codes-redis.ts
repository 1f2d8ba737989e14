import { randomInt } from 'node:crypto'
import type { SmsCodePurpose, SmsCodes, SmsCodeVerdict } from '../../ports/sms-codes.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * One hash for each flow and purpose, so that a new code takes the old one's place: `phone` and `code` (digests, the
 * code's bound to all three), `wrong` (tries), `until` (ms). A phone to which no code went has none: `expired`.
 */
export function smsCodesRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
  policy,
}: RedisStore & {
  readonly policy: Readonly<Record<'digits' | 'lifetime' | 'tries', number>>
}): SmsCodes {
  const keyOf = (to: SmsCodePurpose) =>
    [`${keyPrefix}sms-code:${to.purpose}:${to.flow}`] as [string]
  const phoneOf = (to: SmsCodePurpose) => encryption.blindIndex('sms-code.phone', to.phone)
  const codeOf = (to: SmsCodePurpose, code: string) =>
    encryption.blindIndex('sms-code', JSON.stringify([to.flow, to.purpose, to.phone, code]))
  const lifetime = policy.lifetime * 1000

  return {
    draw: () => String(randomInt(10 ** policy.digits)).padStart(policy.digits, '0'),
    async keep(to, code) {
      await keep(redis, keyOf(to), [phoneOf(to), codeOf(to, code), clock() + lifetime, lifetime])
    },
    async check(to, typed) {
      const args = [clock(), phoneOf(to), policy.tries, codeOf(to, typed)]
      return (await check(redis, keyOf(to), args)) as SmsCodeVerdict
    },
    async openUntil(to) {
      const [phone, wrong, until] = await redis.hmget(keyOf(to)[0], 'phone', 'wrong', 'until')
      const isOpen = phone === phoneOf(to) && Number(wrong) < policy.tries
      return isOpen && clock() < Number(until) ? Number(until) : undefined
    },
    async use(to) {
      return (await use(redis, keyOf(to), [clock(), phoneOf(to), policy.tries])) === 1
    },
    async countWrong(to) {
      const args = [clock(), phoneOf(to), policy.tries]
      return (await countWrong(redis, keyOf(to), args)) as Exclude<SmsCodeVerdict, 'right'>
    },
  }
}

const keep = redisScript(`
  local phone, code, ends, lifetime = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  redis.call('HSET', KEYS[1], 'phone', phone, 'code', code, 'wrong', 0, 'until', ends)
  redis.call('PEXPIRE', KEYS[1], lifetime)
`)

/** Begins the other three: what is still open to this phone at this time. */
const look = `
  local now, phone, tries, typed = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
  local held = redis.call('HMGET', KEYS[1], 'phone', 'code', 'wrong', 'until')
  local alive = held[1] == phone and now < tonumber(held[4])
  local spent = alive and tonumber(held[3]) >= tries
`

/** Ends two of them: one try less. */
const count = `
  return redis.call('HINCRBY', KEYS[1], 'wrong', 1) >= tries and 'spent' or 'wrong'
`

const check = redisScript(`${look}
  if not alive then return 'expired' end
  if spent then return 'spent' end
  if held[2] == typed then return 'right' end
  ${count}
`)

const use = redisScript(`${look}
  if not alive or spent then return 0 end
  return redis.call('DEL', KEYS[1])
`)

const countWrong = redisScript(`${look}
  if not alive then return 'expired' end
  ${count}
`)
