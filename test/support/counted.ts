import type { Connection } from 'mongoose'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { countersMongo } from '../../src/adapters/counters/counters-mongo.ts'
import { lastDays } from '../../src/people/calendar.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { type CounterName, counterLabels } from '../../src/ports/counters.ts'
import type { TestPlatform } from './platform.ts'

/** Counters of one more process on a store. */
export const countersOf = (connection: Connection, clock: Clock) =>
  countersMongo({ connection, clock, log: { warn: () => {} }, policy: policy().counters })

/** Today's counters of a platform, as `招商银行 match` and the count. The platform writes them within seconds. */
export async function countedBy({ stores: { mongodb } }: TestPlatform) {
  const counters = await countersOf(mongodb, Date.now)
  return {
    counters,
    async today(name: CounterName): Promise<Readonly<Record<string, number>>> {
      const counts = await counters.read(name, 'day', lastDays(1, Date.now()))
      const wordsOf = (count: Readonly<Record<string, unknown>>) =>
        counterLabels[name].map((label) => count[label]).join(' ')
      return Object.fromEntries(counts.map((count) => [wordsOf(count), count.count]))
    },
  }
}
