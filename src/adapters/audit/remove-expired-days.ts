import type { Clock } from '../../ports/clock.ts'
import type { auditDays } from './audit-days.ts'

/** So many events are removed by one command. */
const together = 1000

/**
 * Removes the events of days whose retention is over, a whole day at a time, and leaves the heads. The head of each chain
 * says, under its signature, how long it is kept, so that a shorter retention does not shorten what was promised before.
 * @param close signs heads for what none covers yet
 * @param removed is called once for each day, by whichever process finished it
 */
export async function removeExpiredDays({
  days,
  keep,
  clock,
  close,
  removed,
}: {
  readonly days: ReturnType<typeof auditDays>
  /** The retention after the end of a day, in seconds. */
  readonly keep: number
  readonly clock: Clock
  readonly close: (day: string) => Promise<void>
  readonly removed: (day: string) => Promise<void>
}): Promise<void> {
  let day = await days.nextDay('')
  while (day && days.isOver(day, keep * 1000)) {
    await close(day)
    const heads = await Promise.all((await days.chainsOf(day)).map(days.headOf))
    if (heads.every((head) => head !== undefined && head.keptUntil <= clock())) {
      while (await days.removeSome(day, together));
      if (await days.mark(day, 'removedAt')) await removed(day)
    }
    day = await days.nextDay(day)
  }
}
