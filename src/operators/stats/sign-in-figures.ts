import { say } from '../../../config/messages.ts'
import { type CountOf, type SignInOutcome, signInOutcomes } from '../../ports/counters.ts'
import { columnFigure, type Figure } from './figure.ts'
import type { StatsRange } from './stats-range.ts'
import { grouped, sumOf } from './sums.ts'

type SignIns = readonly CountOf<'sign-ins'>[]

const succeeded: readonly SignInOutcome[] = ['password', 'sms']
const failed = signInOutcomes.filter((outcome) => !succeeded.includes(outcome))

const totalOf = (counts: SignIns, outcomes: readonly SignInOutcome[]): number =>
  sumOf(counts.filter(({ outcome }) => outcomes.some((one) => one === outcome)))

export const signInTotals = (counts: SignIns) => ({
  succeeded: totalOf(counts, succeeded),
  failed: totalOf(counts, failed),
})

/** Sign-ins in time, successes below failures. */
export function signInFigure(counts: SignIns, { periods }: StatsRange): Figure {
  const columns = periods.map(({ at, name }) => {
    const here = counts.filter((count) => count.at === at)
    const totals = signInTotals(here)
    return {
      label: name,
      values: [totals.succeeded, totals.failed],
      cells: signInOutcomes.map((outcome) => grouped(sumOf(here, { outcome }))),
    }
  })
  return columnFigure(
    {
      id: 'sign-ins',
      title: say('zh-CN', 'stats.signIns.picture'),
      note: say('zh-CN', 'stats.signIns.note'),
      legend: [say('zh-CN', 'stats.signIns.succeeded'), say('zh-CN', 'stats.signIns.failed')],
    },
    [
      say('zh-CN', 'stats.head.time'),
      ...signInOutcomes.map((outcome) => say('zh-CN', `stats.signIn.${outcome}`)),
    ],
    columns,
  )
}
