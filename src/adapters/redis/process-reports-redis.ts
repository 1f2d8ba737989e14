import { Cluster, Command } from 'ioredis'
import {
  type ProcessReport,
  type ProcessReports,
  reportLifetime,
} from '../../ports/process-reports.ts'
import type { RedisClient } from './connection/redis-client.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

type Stored = { readonly found: ProcessReport['found']; readonly at: number }

/**
 * Stores the reports in one hash with a field for each process. On a cluster there is a hash on each master, so that a
 * report is written only if all masters take writes.
 */
export function processReportsRedis({
  redis,
  keyPrefix,
  clock,
}: Omit<RedisStore, 'encryption'>): ProcessReports {
  const keys = () => tagsOfMasters(redis).map((tag) => `${keyPrefix}processes${tag}`)
  const isFresh = ({ at }: Stored) => at > clock() - reportLifetime

  async function reportsIn(key: string): Promise<readonly ProcessReport[]> {
    const stored = Object.entries(await redis.hgetall(key)).map(
      ([process, report]) => [process, JSON.parse(report) as Stored] as const,
    )
    const old = stored.filter(([, report]) => !isFresh(report)).map(([process]) => process)
    if (old.length) await redis.hdel(key, ...old)
    return stored
      .filter(([, report]) => isFresh(report))
      .map(([process, { found }]) => ({ process, found }))
  }

  return {
    async write({ process, found }) {
      const report = JSON.stringify({ found, at: clock() } satisfies Stored)
      await Promise.all(keys().map((key) => write(redis, [key], [process, report, reportLifetime])))
    },
    async latest() {
      const answers = await Promise.allSettled(keys().map(reportsIn))
      const reports = answers.flatMap((answer) =>
        answer.status === 'fulfilled' ? answer.value : [],
      )
      return [...new Map(reports.map((report) => [report.process, report])).values()]
    },
    describe(error) {
      const { name, message } = Object(error) as { name?: unknown; message?: unknown }
      if (name !== 'ReplyError') return 'does not answer'
      return `refuses writes (${/^[A-Z]+/.exec(String(message))?.[0] ?? 'error'})`
    },
  }
}

const write = redisScript(`
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
`)

/** Returns a hash tag for each master of a cluster, whose slot that master has. A single server needs no tag. */
function tagsOfMasters(redis: RedisClient): readonly string[] {
  if (!(redis instanceof Cluster)) return ['']
  const tags = new Map<string, string>()
  const count = new Set(redis.slots.flatMap(([master]) => master ?? [])).size
  // A master with one slot of 16384 is found by about so many attempts.
  for (let n = 0; n < 100_000 && tags.size < count; n += 1) {
    const tag = `{${n}}`
    const [master] = redis.slots[new Command('get', [tag]).getSlot() ?? 0] ?? []
    if (master && !tags.has(master)) tags.set(master, tag)
  }
  // Without slots the command fails, as it should.
  return tags.size ? [...tags.values()] : ['{0}']
}
