import { randomInt } from 'node:crypto'
import type { SmsCodeBinding, SmsCodes, SmsCodeVerdict } from '../../ports/sms-codes.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * Each flow and purpose has one hash, so that a new code replaces the old one: `phone` and `code` (blind indexes; that of
 * the code is bound to flow, purpose and phone), `wrong` (tries), `until` (ms). A phone to which no code was sent has no
 * code: `expired`.
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
  const keyOf = (to: SmsCodeBinding) =>
    [`${keyPrefix}sms-code:${to.purpose}:${to.flow}`] as [string]
  const phoneIndex = (to: SmsCodeBinding) => encryption.blindIndex('sms-code.phone', to.phone)
  const codeIndex = (to: SmsCodeBinding, code: string) =>
    encryption.blindIndex('sms-code', JSON.stringify([to.flow, to.purpose, to.phone, code]))
  const lifetime = policy.lifetime * 1000

  return {
    draw: () => String(randomInt(10 ** policy.digits)).padStart(policy.digits, '0'),
    async store(to, code) {
      await keep(redis, keyOf(to), [
        phoneIndex(to),
        codeIndex(to, code),
        clock() + lifetime,
        lifetime,
      ])
    },
    async check(to, typed) {
      const args = [clock(), phoneIndex(to), policy.tries, codeIndex(to, typed)]
      return (await check(redis, keyOf(to), args)) as SmsCodeVerdict
    },
    async validUntil(to) {
      const [phone, wrong, until] = await redis.hmget(keyOf(to)[0], 'phone', 'wrong', 'until')
      const isOpen = phone === phoneIndex(to) && Number(wrong) < policy.tries
      return isOpen && clock() < Number(until) ? Number(until) : undefined
    },
    async use(to) {
      return (await use(redis, keyOf(to), [clock(), phoneIndex(to), policy.tries])) === 1
    },
    async countWrong(to) {
      const args = [clock(), phoneIndex(to), policy.tries]
      return (await countWrong(redis, keyOf(to), args)) as Exclude<SmsCodeVerdict, 'right'>
    },
  }
}

const keep = redisScript(`
  local phone, code, ends, lifetime = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  redis.call('HSET', KEYS[1], 'phone', phone, 'code', code, 'wrong', 0, 'until', ends)
  redis.call('PEXPIRE', KEYS[1], lifetime)
`)

/** The beginning of the other three scripts: whether this phone has a code that is still valid. */
const readCode = `
  local now, phone, tries, typed = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4]
  local stored = redis.call('HMGET', KEYS[1], 'phone', 'code', 'wrong', 'until')
  local alive = stored[1] == phone and now < tonumber(stored[4])
  local spent = alive and tonumber(stored[3]) >= tries
`

/** The end of two of them: counts a wrong try. */
const countTry = `
  return redis.call('HINCRBY', KEYS[1], 'wrong', 1) >= tries and 'spent' or 'wrong'
`

const check = redisScript(`${readCode}
  if not alive then return 'expired' end
  if spent then return 'spent' end
  if stored[2] == typed then return 'right' end
  ${countTry}
`)

const use = redisScript(`${readCode}
  if not alive or spent then return 0 end
  return redis.call('DEL', KEYS[1])
`)

const countWrong = redisScript(`${readCode}
  if not alive then return 'expired' end
  ${countTry}
`)
