import {
  type ProcessReport,
  type ProcessReports,
  reportLifetime,
} from '../../ports/process-reports.ts'
import type { RedisStore } from './redis-store.ts'

type Stored = { readonly found: ProcessReport['found']; readonly at: number }

/** Stores the reports in one hash with a field for each process. */
export function processReportsRedis({
  redis,
  keyPrefix,
  clock,
}: Omit<RedisStore, 'encryption'>): ProcessReports {
  const key = `${keyPrefix}processes`
  const isFresh = ({ at }: Stored) => at > clock() - reportLifetime

  return {
    async write({ process, found }) {
      const report = JSON.stringify({ found, at: clock() } satisfies Stored)
      await Promise.all([redis.hset(key, process, report), redis.pexpire(key, reportLifetime)])
    },
    async latest() {
      const stored = Object.entries(await redis.hgetall(key)).map(
        ([process, report]) => [process, JSON.parse(report) as Stored] as const,
      )
      const old = stored.filter(([, report]) => !isFresh(report)).map(([process]) => process)
      if (old.length) await redis.hdel(key, ...old)
      return stored
        .filter(([, report]) => isFresh(report))
        .map(([process, { found }]) => ({ process, found }))
    },
    describe(error) {
      const { name, message } = Object(error) as { name?: unknown; message?: unknown }
      if (name !== 'ReplyError') return 'does not answer'
      return `refuses writes (${/^[A-Z]+/.exec(String(message))?.[0] ?? 'error'})`
    },
  }
}
