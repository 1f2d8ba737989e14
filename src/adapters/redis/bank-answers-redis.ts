import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { BankAnswers, BankQuestion } from '../../ports/services/bank-answers.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * Each question has one string: `expected`, or `again:` or `once:` with the encrypted answer. A `once:` answer is removed when
 * it is read.
 */
export function bankAnswersRedis({
  redis,
  keyPrefix,
  encryption,
  policy,
}: Omit<RedisStore, 'clock'> & {
  readonly policy: Pick<Policy['externalServices'], 'late' | 'keep'>
}): BankAnswers {
  const recordOf = ({ attempt, claim }: BankQuestion) =>
    encryption.blindIndex('bank-answer', JSON.stringify([attempt, ...Object.entries(claim).sort()]))
  const keyOf = (record: string) => `${keyPrefix}bank-answer:${record}`
  const context = (record: string) => ({ collection: 'bank-answer', record, field: 'answer' })

  return {
    async expect(question) {
      await redis.set(keyOf(recordOf(question)), 'expected', 'PX', policy.late * 1000)
    },
    async keep(question, answer) {
      const record = recordOf(question)
      const use = answer.outcome === 'match' ? 'again' : 'once'
      const encrypted = encryption.encrypt(JSON.stringify(answer), context(record))
      await redis.set(keyOf(record), `${use}:${encrypted}`, 'PX', policy.keep * 1000)
    },
    async forget(question) {
      await redis.unlink(keyOf(recordOf(question)))
    },
    async find(question) {
      const record = recordOf(question)
      const found = await find(redis, [keyOf(record)], [])
      if (found === null) return undefined
      const [, encrypted] = String(found).split(':')
      return encrypted === undefined
        ? 'expected'
        : JSON.parse(encryption.decrypt(encrypted, context(record)))
    },
  }
}

const find = redisScript(`
  local found = redis.call('GET', KEYS[1])
  if found and string.sub(found, 1, 5) == 'once:' then redis.call('DEL', KEYS[1]) end
  return found
`)
