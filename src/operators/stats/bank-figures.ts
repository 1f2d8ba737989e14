import { say } from '../../../config/messages.ts'
import type { CountOf } from '../../ports/counters.ts'
import { bankFailures, bankFindings } from '../../ports/services/bank-outcomes.ts'
import { barFigure, type Figure } from './figure.ts'
import { grouped, percent, sumOf, valuesOf } from './sums.ts'

type Checks = readonly CountOf<'bank-checks'>[]

const outcomes = [...bankFindings, ...bankFailures] as const

export const bankTotals = (counts: Checks) => ({
  checks: sumOf(counts),
  matches: sumOf(counts, { outcome: 'match' }),
})

/** Checks by bank: confirmed, refused, and without an answer. */
export function bankFigure(counts: Checks): Figure {
  const rows = valuesOf(counts, 'bank').map((bank) => {
    const of = (outcome: string) => sumOf(counts, { bank, outcome })
    const all = sumOf(counts, { bank })
    const matches = of('match')
    const unanswered = of('quota') + of('unavailable')
    return {
      label: bank,
      values: [matches, all - matches - unanswered, unanswered],
      text: say('zh-CN', 'stats.bank.text', { all: grouped(all), share: percent(matches, all) }),
      cells: [grouped(all), percent(matches, all), ...outcomes.map((one) => grouped(of(one)))],
    }
  })
  const series = ['matched', 'refused', 'unanswered'] as const
  return barFigure(
    {
      id: 'bank-checks',
      title: say('zh-CN', 'stats.bank.picture'),
      legend: series.map((one) => say('zh-CN', `stats.bank.${one}`)),
    },
    [
      ...(['bank', 'checks', 'matchShare'] as const).map((head) =>
        say('zh-CN', `stats.head.${head}`),
      ),
      ...outcomes.map((outcome) => say('zh-CN', `stats.bankOutcome.${outcome}`)),
    ],
    rows,
  )
}
