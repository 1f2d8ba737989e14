import type { Counters } from '../../ports/counters.ts'
import type { ProcessMetrics } from './process-metrics.ts'

/** Counts for `/metrics` what is counted for 运行状况, so that both have the same numbers. */
export const meteredCounters = <Stored extends Counters>(
  counters: Stored,
  { count }: Pick<ProcessMetrics, 'count'>,
): Stored => ({
  ...counters,
  add(name, labels, amount) {
    counters.add(name, labels, amount)
    count(name, labels, amount)
  },
})
