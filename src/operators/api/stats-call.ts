import * as z from 'zod'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { beginOfDay, beginOfHour } from '../../people/calendar.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Counters, counterLabels } from '../../ports/counters.ts'
import { readNumbers } from '../stats/read-numbers.ts'
import { type ApiCall, apiCall } from './api-call.ts'
import { instant, iso, time } from './values.ts'

export type StatsCallPorts = {
  readonly clock: Clock
  readonly counters: Pick<Counters, 'read'>
  readonly policy: Pick<Policy, 'counters'>
}

const day = 86_400_000

/** `usual`: the default range in days. `kept`: the longest one, which is the time for which the counts are kept. */
const ranges = {
  hour: { usual: 1, kept: 'keepHours', beginOf: beginOfHour, length: day / 24 },
  day: { usual: 30, kept: 'keepDays', beginOf: beginOfDay, length: day },
} as const

const query = z.strictObject({
  from: time
    .optional()
    .meta({ description: 'Default: a day before `to` by hour, 30 days by day.' }),
  to: time
    .optional()
    .meta({ description: 'Default: now. The hour or day in which it lies is included.' }),
  by: z.enum(['hour', 'day']).default('day'),
})

const countsOf = (name: keyof typeof counterLabels) =>
  z.array(
    z.object({
      at: instant,
      ...Object.fromEntries(counterLabels[name].map((label) => [label, z.string()])),
      count: z.int(),
    }),
  )
const numbers = z.object({
  ...{ from: instant, to: instant, by: z.enum(['hour', 'day']) },
  registrations: countsOf('flow-steps').meta({ description: 'Steps of all flows.' }),
  signIns: countsOf('sign-ins'),
  bankChecks: countsOf('bank-checks'),
  sms: countsOf('sms'),
  limits: countsOf('limits'),
})

/** The counters of 运行状况. */
export const statsCall = ({ clock, counters, policy }: StatsCallPorts): ApiCall =>
  apiCall({
    route: 'GET /stats',
    summary: 'Counts by hour or day of Asia/Shanghai',
    query,
    answer: { status: 200, description: 'Those that are not zero.', schema: numbers },
    problems: [],
    async run({ query: { by, ...given } }) {
      const { usual, kept, beginOf, length } = ranges[by]
      const most = (policy.counters[kept] * 1000) / day
      const { to: end = clock(), from: begin = end - usual * day } = given
      if (begin >= end) return invalid('to', 'adminApi.order')
      if (end - begin > most * day) return invalid('from', 'adminApi.range', { days: most })
      // Whole hours and days, also the last one.
      const [from, to] = [beginOf(begin), beginOf(end - 1) + length]
      const read = await readNumbers({ from, to, by }, { counters })
      const body = {
        ...{ from: iso(from), to: iso(to), by },
        registrations: read.steps.map(shown),
        signIns: read.signIns.map(shown),
        bankChecks: read.checks.map(shown),
        sms: read.messages.map(shown),
        limits: read.limits.map(shown),
      }
      return { did: 'nothing', answer: { status: 200, body } }
    },
  })

const invalid = (
  field: string,
  code: 'adminApi.order' | 'adminApi.range',
  params: Readonly<Record<string, number>> = {},
) => ({ name: 'invalid-values', errors: [{ field, code, params }] }) as const

const shown = <Count extends { readonly at: number }>({ at, ...count }: Count) => ({
  at: iso(at),
  ...count,
})
