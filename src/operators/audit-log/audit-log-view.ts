import { eventValues } from '../../audit/event-columns.ts'
import { inChina } from '../../people/calendar.ts'
import type { Operator } from '../../people/operator.ts'
import type { Refusal } from '../../people/refusal.ts'
import { type AuditPage, auditEventKinds } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { Reviews } from '../../ports/operators/reviews.ts'
import type { Answer, Show } from '../access/console-frame.ts'
import { eventName } from '../access/event-name.ts'
import { approvedExports } from './approved-exports.ts'
import type { VerifyInConsole } from './verify-in-console.ts'

export type AuditLogViewPorts = {
  readonly clock: Clock
  readonly operators: Pick<Operators, 'list'>
  readonly reviews: Pick<Reviews, 'latest'>
}

/** The contents of the page besides the last verification and the approved exports. */
export type OnPage = {
  readonly typed: Readonly<Record<string, string>>
  readonly found?: AuditPage
  readonly done?: string | undefined
  readonly refusals?: readonly Refusal[]
  /** An export that takes two persons. */
  readonly asks?: { readonly format: string; readonly events: number }
}

/** Shows 审计日志. */
export function auditLogView(
  { clock, operators, reviews }: AuditLogViewPorts,
  verification: VerifyInConsole,
  show: Show,
) {
  return async (operator: Operator, { typed, found, ...more }: OnPage): Promise<Answer> => {
    const [known, last, approved] = await Promise.all([
      operators.list(),
      verification.last(),
      approvedExports(reviews, operator, clock()),
    ])
    const usernameOf = (id: string) => known.find((one) => one.id === id)?.username ?? id
    return show('console/audit', {
      title: 'auditLog.title',
      ...{ typed, approved, known },
      last: last && { ...last, by: last.operator && usernameOf(last.operator) },
      kinds: auditEventKinds.map((value) => ({ value, text: eventName(value) })),
      events: found?.events.map((event) => ({
        ...eventValues(event),
        at: secondsInChina(event.at),
        what: eventName(event.what),
        operator: event.operator && usernameOf(event.operator),
      })),
      filter: new URLSearchParams(typed).toString(),
      next: found?.next,
      ...more,
    })
  }
}

const secondsInChina = (at: number) => inChina(at).toISOString().slice(0, 19).replace('T', ' ')
