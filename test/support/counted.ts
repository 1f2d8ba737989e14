import { policy } from '../../config/limits-and-lifetimes.ts'
import { countersMongo } from '../../src/adapters/counters/counters-mongo.ts'
import { lastDays } from '../../src/people/calendar.ts'
import { type CounterName, counterLabels } from '../../src/ports/counters.ts'
import type { TestPlatform } from './platform.ts'

/** Today's counters of a platform, as `招商银行 match` and the count. The platform writes them within seconds. */
export async function countedBy({ stores: { mongodb } }: TestPlatform) {
  const log = { warn: () => {} }
  const counters = await countersMongo({
    ...{ connection: mongodb, clock: Date.now, log },
    policy: policy().counters,
  })
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
