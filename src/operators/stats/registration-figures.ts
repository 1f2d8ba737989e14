import { type MessageCode, say } from '../../../config/messages.ts'
import type { CountOf } from '../../ports/counters.ts'
import { barFigure, type Figure } from './figure.ts'
import { grouped, percent, sumOf } from './sums.ts'

type Steps = readonly CountOf<'flow-steps'>[]

/** Both registrations, with the titles of their steps. The last step creates the account. */
const funnels = [
  {
    flow: 'register',
    title: 'stats.register.person',
    steps: {
      login: 'registration.login.title',
      identity: 'registration.identity.title',
      bank: 'stats.register.bank',
    },
  },
  {
    flow: 'register/organisation',
    title: 'stats.register.unit',
    steps: {
      login: 'registration.login.title',
      unit: 'organisationRegistration.unit.title',
      handler: 'organisationRegistration.handler.title',
      bank: 'stats.register.bank',
    },
  },
] as const satisfies readonly {
  readonly flow: string
  readonly title: MessageCode
  readonly steps: Readonly<Record<string, MessageCode>>
}[]

/** Accounts that were created. */
export const registered = (counts: Steps): number =>
  funnels
    .map(({ flow }) => sumOf(counts, { flow, step: 'bank', outcome: 'passed' }))
    .reduce((one, other) => one + other, 0)

/** Registrations by step: how many began, and how many of them passed each step. */
export const registrationFigures = (counts: Steps): readonly Figure[] =>
  funnels.map(({ flow, title, steps }) => {
    const begun = sumOf(counts, { flow, step: 'start', outcome: 'begun' })
    const passed = Object.entries<MessageCode>(steps).map(([step, code]) => {
      const of = (outcome: string) => sumOf(counts, { flow, step, outcome })
      const refused = of('refused') + of('limited') + of('unavailable')
      return {
        label: say('zh-CN', code),
        count: of('passed'),
        more: [grouped(of('invalid')), grouped(refused)],
      }
    })
    const start = { label: say('zh-CN', 'stats.register.begun'), count: begun, more: ['–', '–'] }
    const rows = [start, ...passed].map(({ label, count, more }) => ({
      label,
      values: [count],
      text: `${grouped(count)}（${percent(count, begun)}）`,
      cells: [grouped(count), percent(count, begun), ...more],
    }))
    const heads = ['step', 'people', 'share', 'invalid', 'refused'] as const
    return barFigure(
      {
        id: flow.replace('/', '-'),
        title: say('zh-CN', title),
        note: say('zh-CN', 'stats.register.note'),
      },
      heads.map((head) => say('zh-CN', `stats.head.${head}`)),
      rows,
    )
  })
