import type { CaptchaAnswers } from '../../ports/captcha-answers.ts'
import type { RedisStore } from '../redis/redis-store.ts'

/** Milliseconds. */
const slice = 5 * 60_000

/** Each five minutes have one hash with `answers` and `wrong`; the present one and the one before are read. */
export function captchaAnswersRedis({
  redis,
  keyPrefix,
  clock,
}: Pick<RedisStore, 'redis' | 'keyPrefix' | 'clock'>): CaptchaAnswers {
  const keyOf = (at: number) => `${keyPrefix}captcha-answers:${Math.floor(at / slice)}`
  return {
    async count(isRight) {
      const key = keyOf(clock())
      await Promise.all([
        redis.hincrby(key, 'answers', 1),
        ...(isRight ? [] : [redis.hincrby(key, 'wrong', 1)]),
        redis.pexpire(key, 3 * slice),
      ])
    },
    async recent() {
      const now = clock()
      const counts = await Promise.all(
        [now, now - slice].map((at) => redis.hmget(keyOf(at), 'answers', 'wrong')),
      )
      const sum = (field: 0 | 1) =>
        counts.reduce((total, count) => total + Number(count[field] ?? 0), 0)
      return { answers: sum(0), wrong: sum(1) }
    },
  }
}
