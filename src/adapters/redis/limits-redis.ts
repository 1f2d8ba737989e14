import type { Allowance, Limits } from '../../ports/limits.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/** As many as a cluster has slots. */
const hashTags = 16_384

/**
 * Each name and subject has one hash: `count` and `until` (ms, the end of its window). The counters of one subject share a
 * slot and are taken by one script; those of several subjects are taken one after the other, and given back if a later one
 * is refused (decision 0251).
 */
export function limitsRedis({ redis, keyPrefix, encryption, clock }: RedisStore): Limits {
  /** Many subjects have the same tag, so that it does not tell which keys belong to one of them. */
  const tagOf = (subject: string) =>
    Buffer.from(encryption.blindIndex('limits', subject), 'base64url').readUInt16BE() % hashTags
  const keyOf = ({ name, subject }: Allowance) =>
    `${keyPrefix}limits:{${tagOf(subject)}}:${name}:${encryption.blindIndex(`limits.${name}`, subject)}`

  const present = async (allowance: Allowance) => {
    const [count, until] = await redis.hmget(keyOf(allowance), 'count', 'until')
    const ms = Number(until) - clock()
    const isOpen = ms > 0 && ms <= Math.ceil(allowance.window * 1000)
    return isOpen ? { count: Number(count), ms } : { count: 0, ms: 0 }
  }

  /** Takes all allowances of one subject, or none. */
  async function takeTogether(
    allowances: readonly Allowance[],
  ): Promise<Refusal | { readonly giveBack: GiveBack }> {
    const keys = allowances.map(keyOf)
    const amounts = allowances.map(({ amount = 1 }) => amount)
    const args = allowances.flatMap(({ count, window }, at) => [
      ...[count, Math.ceil(window * 1000), amounts[at] ?? 1],
    ])
    const [refused, ...ends] = (await take(redis, keys, [clock(), ...args])) as number[]
    const exhausted = allowances[(refused ?? 0) - 1]
    if (exhausted) return { name: exhausted.name, ms: ends[0] ?? 0 }
    return {
      async giveBack() {
        await giveBack(redis, keys, [...ends, ...amounts])
      },
    }
  }

  /** The refusal that lasts longest, so that a retry then succeeds: this one, or that of an allowance that is used up too. */
  async function longestRefusal(first: Refusal, others: readonly Allowance[]): Promise<Refusal> {
    const later = await Promise.all(
      others.map(async (allowance) => {
        const { count, ms } = await present(allowance)
        const { name, amount = 1 } = allowance
        return { name, ms: count + amount > allowance.count ? ms : 0 }
      }),
    )
    return later.reduce((one, other) => (other.ms > one.ms ? other : one), first)
  }

  return {
    async take(allowances) {
      const groups = bySubject(allowances)
      const taken: GiveBack[] = []
      const giveAllBack = once(async () => {
        await Promise.all(taken.map((giveOneBack) => giveOneBack()))
      })
      try {
        for (const [index, group] of groups.entries()) {
          const answer = await takeTogether(group)
          if ('giveBack' in answer) taken.push(answer.giveBack)
          else {
            await giveAllBack()
            const { name, ms } = await longestRefusal(answer, groups.slice(index + 1).flat())
            return { ok: false, name, retryAfter: Math.ceil(ms / 1000) }
          }
        }
      } catch (error) {
        giveAllBack().catch(() => {})
        throw error
      }
      return { ok: true, giveBack: giveAllBack }
    },
    counted: async (allowance) => (await present(allowance)).count,
    left: (allowances) =>
      Promise.all(
        allowances.map(async (allowance) => {
          const { count, ms } = await present(allowance)
          const left = Math.max(0, allowance.count - count)
          return { name: allowance.name, left, retryAfter: Math.ceil(ms / 1000) }
        }),
      ),
  }
}

type GiveBack = () => Promise<void>
type Refusal = { readonly name: string; readonly ms: number }

/**
 * The allowances of each subject, the smallest first: many attempts that a phone's allowance refuses must not use up that
 * of their network for a moment, or others would be refused.
 */
function bySubject(allowances: readonly Allowance[]): readonly (readonly Allowance[])[] {
  const subjects = [...new Set(allowances.map(({ subject }) => subject))]
  const smallest = (group: readonly Allowance[]) => Math.min(...group.map(({ count }) => count))
  return subjects
    .map((each) => allowances.filter(({ subject }) => subject === each))
    .toSorted((one, other) => smallest(one) - smallest(other))
}

function once(work: GiveBack): GiveBack {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

/**
 * Counts the attempt in each allowance and returns {0, ends of the windows …}. If an allowance is used up, counts nothing and
 * returns {its number, remaining ms}; if several are, the one that lasts longest, so that a retry then succeeds. A window
 * that ends later than one that begins now was begun by a process whose clock is ahead: it is over.
 */
const take = redisScript(`
  local now, refused, longest, left, ends = tonumber(ARGV[1]), 0, 0, {}, { 0 }
  for i, key in ipairs(KEYS) do
    local count, window, amount = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
    local counter = redis.call('HMGET', key, 'count', 'until')
    local open = counter[2] and now < tonumber(counter[2]) and tonumber(counter[2]) <= now + window
    ends[i + 1] = open and tonumber(counter[2]) or now + window
    left[i] = open
    if (open and tonumber(counter[1]) or 0) + amount > count and ends[i + 1] - now > longest then
      refused, longest = i, ends[i + 1] - now
    end
  end
  if refused > 0 then return { refused, longest } end
  for i, key in ipairs(KEYS) do
    if left[i] then
      redis.call('HINCRBY', key, 'count', ARGV[3 * i + 1])
    else
      redis.call('HSET', key, 'count', ARGV[3 * i + 1], 'until', ends[i + 1])
      redis.call('PEXPIRE', key, ARGV[3 * i])
    end
  end
  return ends
`)

/**
 * Gives back only in the window in which it was taken: a later window did not count it. A counter of 0 is deleted, so
 * that the next window begins with its first event.
 */
const giveBack = redisScript(`
  for i, key in ipairs(KEYS) do
    if redis.call('HGET', key, 'until') == ARGV[i] and redis.call('HINCRBY', key, 'count', -ARGV[#KEYS + i]) <= 0 then
      redis.call('DEL', key)
    end
  end
`)
