import { say } from '../../../config/messages.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Budgets } from '../../ports/services/budgets.ts'
import type { TaskQueue } from '../../ports/tasks.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { bankFigure, bankTotals } from './bank-figures.ts'
import { budgetFigure } from './budget-figure.ts'
import { type DependencyPorts, dependencies } from './dependencies.ts'
import { limitFigure } from './limit-figure.ts'
import { queueFigure } from './queue-figure.ts'
import { readNumbers } from './read-numbers.ts'
import { registered, registrationFigures } from './registration-figures.ts'
import { signInFigure, signInTotals } from './sign-in-figures.ts'
import { smsFigure, smsTotals } from './sms-figure.ts'
import { dayRanges, statsRange } from './stats-range.ts'
import { grouped, percent } from './sums.ts'

export type StatsPagePorts = DependencyPorts & {
  readonly counters: Pick<Counters, 'read'>
  readonly budgets: Pick<Budgets, 'used'>
  readonly tasks: Pick<TaskQueue, 'waiting'>
  readonly clock: Clock
}

/** 运行状况. Its numbers are counters, so that it costs the same with a million accounts. */
export function statsPage(router: ConsoleRouter, ports: StatsPagePorts, show: Show) {
  const { budgets, clock, tasks } = ports

  router.on('GET /stats', async (ctx) => {
    const now = clock()
    const range = statsRange(ctx.query['days'], now)
    const [numbers, sms, bank, waiting, services] = await Promise.all([
      readNumbers(range, ports),
      budgets.used('sms'),
      budgets.used('bank'),
      tasks.waiting(),
      dependencies(ports),
    ])
    const { steps, signIns, checks, messages, limits } = numbers
    const figures = [
      ...registrationFigures(steps),
      signInFigure(signIns, range),
      bankFigure(checks),
      limitFigure(limits),
      smsFigure(messages),
      budgetFigure({ sms, bank }),
      queueFigure(waiting, now),
    ]
    return {
      did: 'nothing',
      answer: show('console/stats', {
        title: 'stats.title',
        ranges: dayRanges.map((days) => ({ days, here: days === range.days })),
        totals: totalsOf(numbers),
        ...{ figures, at: now },
        dependencies: services,
      }),
    }
  })
}

/** The most important numbers, above the pictures. */
function totalsOf({ steps, signIns, checks, messages }: Awaited<ReturnType<typeof readNumbers>>) {
  const { succeeded, failed } = signInTotals(signIns)
  const bank = bankTotals(checks)
  const sms = smsTotals(messages)
  const failedShare = percent(failed, succeeded + failed)
  return [
    { name: 'stats.total.registered', value: grouped(registered(steps)) },
    {
      ...{ name: 'stats.total.signIns', value: grouped(succeeded) },
      more: say('zh-CN', 'stats.total.failed', { share: failedShare }),
    },
    {
      ...{ name: 'stats.total.checks', value: grouped(bank.checks) },
      more: say('zh-CN', 'stats.total.matched', { share: percent(bank.matches, bank.checks) }),
    },
    {
      ...{ name: 'stats.total.sms', value: grouped(sms.sent) },
      more: say('zh-CN', 'stats.total.used', { share: percent(sms.used, sms.codes) }),
    },
  ] as const
}
