import type { Logger } from 'pino'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { beginOfHour } from '../people/calendar.ts'
import type { Clock } from '../ports/clock.ts'
import type { Counters } from '../ports/counters.ts'
import type { Alerts } from '../ports/operators/alerts.ts'

const hour = 3_600_000

/**
 * Limits that people at their own phones rarely reach: those of addresses and networks, waits after wrong secrets, and too
 * many open requests. Budgets have alarms of their own.
 */
const isOfAttack = (limit: string): boolean =>
  /\.(address|network|site)$/.test(limit) || /^(wait\.|open-)/.test(limit)

/**
 * Raises 提醒 for the security operators when such a limit has refused many attempts in the present hour, once an hour for
 * each limit. The counters have the numbers of all processes, so that an attack costs one read every `look`.
 */
export function limitAlarms(
  {
    counters,
    alerts,
    clock,
    log,
  }: {
    readonly counters: Pick<Counters, 'read'>
    readonly alerts: Pick<Alerts, 'raise'>
    readonly clock: Clock
    readonly log: Pick<Logger, 'warn' | 'error'>
  },
  { hits, look }: Policy['operators']['limitAlarm'],
): { stop(): Promise<void> } {
  const raised = new Set<string>()
  let looking = Promise.resolve()

  async function check(): Promise<void> {
    const present = beginOfHour(clock())
    // With the hour before, whose last minute nobody may have looked at.
    const range = { from: present - hour, to: present + hour }
    for (const { limit, count, at } of await counters.read('limits', 'hour', range)) {
      const name = `limit ${limit} ${at}`
      if (count < hits || !isOfAttack(limit) || raised.has(name)) continue
      await alerts.raise({ kind: 'limit', limit }, name)
      raised.add(name)
      log.warn({ limit, count }, 'limit alarm')
    }
  }

  const timer = setInterval(() => {
    looking = check().catch((error: unknown) => log.error({ err: error }, 'no limit alarms'))
  }, look * 1000)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
