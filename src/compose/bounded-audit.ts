import type { Logger } from 'pino'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Audit, AuditEventKind } from '../ports/audit.ts'
import type { Limits } from '../ports/limits.ts'

/** Kinds of events that a person or a stranger can cause again and again without any other limit. */
const repeatable: ReadonlySet<AuditEventKind> = new Set([
  'sign-in-cancelled',
  'signed-out',
  'consent-given',
  'consent-refused',
  'consent-withdrawn',
  'agreement-refused',
  'data-downloaded',
  'password-reset-refused',
  'counter-proof-refused',
])

/**
 * The audit trail, with a bound for such events: one address must not fill the store (decision 0231). What is over the
 * bound is logged and not stored.
 */
export const boundedAudit = <Trail extends Audit>(
  audit: Trail,
  limits: Limits,
  bound: Policy['repeatedEvents'],
  log: Pick<Logger, 'warn'>,
): Trail => ({
  ...audit,
  async record(event) {
    const { what, address } = event
    if (repeatable.has(what)) {
      const taken = await limits.take([{ name: `audit.${what}`, subject: address, ...bound }])
      if (!taken.ok) return log.warn({ event: what }, 'audit event over its bound')
    }
    await audit.record(event)
  },
})
