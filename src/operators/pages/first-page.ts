import { say } from '../../../config/messages.ts'
import type { Alert, Alerts } from '../../ports/operators/alerts.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { BudgetAlarm, BudgetName } from '../../ports/services/budgets.ts'
import { pagesOf } from '../access/console-access.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { limitName } from '../stats/limit-name.ts'

export type FirstPagePorts = {
  readonly alerts: Pick<Alerts, 'latest'>
  readonly operators: Pick<Operators, 'list'>
}

const alertsOnPage = 50

/** `/`: what the role may do, and 提醒 for the security operators. */
export function firstPage(
  router: ConsoleRouter,
  { alerts, operators }: FirstPagePorts,
  show: Show,
) {
  router.on('GET /', async (_ctx, { role }) => ({
    did: 'nothing',
    answer: show('console/home', {
      title: 'console.home.title',
      others: pagesOf(role).filter(({ path }) => path !== '/'),
      alerts: role === 'security' ? await sentences() : undefined,
    }),
  }))

  async function sentences() {
    const [raised, known] = await Promise.all([alerts.latest(alertsOnPage), operators.list()])
    const nameOf = (id: string) => known.find((operator) => operator.id === id)?.username ?? id
    return raised.map((alert) => ({ at: alert.at, text: sentenceOf(alert, nameOf) }))
  }
}

function sentenceOf(
  { kind, operator, network = '', detail, limit = '' }: Alert,
  nameOf: (id: string) => string,
): string {
  if (kind === 'budget' && detail) return budgetSentence(detail)
  const isUnknown = kind === 'sign-in-rested' && !operator
  return say('zh-CN', isUnknown ? 'alert.sign-in-rested.unknown' : `alert.${kind}`, {
    network,
    limit: limitName(limit),
    operator: operator ? nameOf(operator) : '',
  })
}

/** For example `短信：本小时的预算已用 80%`. */
function budgetSentence(detail: NonNullable<Alert['detail']>): string {
  const [budget, ...alarm] = detail.split('.') as [BudgetName, ...string[]]
  return say('zh-CN', 'alert.budget', {
    budget: say('zh-CN', `budget.${budget}`),
    alarm: say('zh-CN', `budgetAlarm.${alarm.join('.') as BudgetAlarm}`),
  })
}
