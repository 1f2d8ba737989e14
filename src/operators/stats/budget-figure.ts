import { say } from '../../../config/messages.ts'
import { type BudgetName, type BudgetUse, budgetNames } from '../../ports/services/budgets.ts'
import { barFigure, type Figure } from './figure.ts'
import { grouped, percent } from './sums.ts'

/** The present use of each budget; a whole bar is a spent budget. */
export function budgetFigure(uses: Readonly<Record<BudgetName, BudgetUse>>): Figure {
  const rows = budgetNames.flatMap((name) =>
    (['hour', 'day'] as const).map((window) => {
      const { used, amount } = uses[name][window]
      return {
        label: say('zh-CN', `stats.budget.${name}.${window}`),
        values: [(Math.min(used, amount) / amount) * 100],
        text: `${grouped(used)} / ${grouped(amount)}（${percent(used, amount)}）`,
        cells: [grouped(used), grouped(amount), percent(used, amount)],
      }
    }),
  )
  const heads = ['budget', 'spent', 'amount', 'share'] as const
  return barFigure(
    {
      id: 'budgets',
      title: say('zh-CN', 'stats.budget.picture'),
      note: say('zh-CN', 'stats.budget.note'),
    },
    heads.map((head) => say('zh-CN', `stats.head.${head}`)),
    rows,
    100,
  )
}
