import { say } from '../../../config/messages.ts'
import type { CountOf } from '../../ports/counters.ts'
import { barFigure, type Figure } from './figure.ts'
import { limitName } from './limit-name.ts'
import { grouped, sumOf, valuesOf } from './sums.ts'

/** The limits that refused most. */
const mostRows = 15

/** How often each limit refused an attempt. */
export function limitFigure(counts: readonly CountOf<'limits'>[]): Figure {
  const rows = valuesOf(counts, 'limit')
    .slice(0, mostRows)
    .map((limit) => {
      const count = sumOf(counts, { limit })
      return {
        label: limitName(limit),
        values: [count],
        text: grouped(count),
        cells: [grouped(count)],
      }
    })
  return barFigure(
    { id: 'limits', title: say('zh-CN', 'stats.limits.picture') },
    [say('zh-CN', 'stats.head.limit'), say('zh-CN', 'stats.head.hits')],
    rows,
  )
}
