import * as z from 'zod'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { eventValues } from '../../audit/event-columns.ts'
import { lookOf } from '../../audit/look-of.ts'
import {
  type Audit,
  type AuditFilter,
  type AuditPage,
  type AuditQuery,
  auditEventKinds,
  BadCursor,
  type RecordedEvent,
} from '../../ports/audit.ts'
import type { AuditExports } from '../../ports/operators/audit-exports.ts'
import { type FilterPorts, operatorNamed } from '../audit-log/audit-log-filter.ts'
import { type ApiCall, apiCall } from './api-call.ts'
import { instant, pageSize, time } from './values.ts'

export type AuditCallPorts = FilterPorts & {
  readonly audit: Pick<Audit, 'find'>
  readonly auditExports: AuditExports
  readonly policy: Pick<Policy, 'operators'>
}

const id = z.string().min(1, 'auditLog.filter.missing').max(200).optional()
const query = z.strictObject({
  from: time.optional().meta({ description: 'Included.' }),
  to: time.optional().meta({ description: 'Not included.' }),
  account: id,
  client: id,
  operator: id.meta({ description: 'A username, an id, or a client of this API.' }),
  what: z.enum(auditEventKinds, 'auditLog.what.unknown').optional(),
  cursor: z.string().optional().meta({ description: '`next` of the page before.' }),
  limit: pageSize(1000, 100),
})

const text = z.string().optional()
const page = z.object({
  events: z.array(
    z.object({
      ...{ id: z.string(), at: instant, what: z.string() },
      ...{ account: text, operator: text, client: text, reason: text, target: text },
    }),
  ),
  next: z.string().optional().meta({ description: 'Absent on the last page.' }),
})

/** 审计日志, without addresses. The events that are read count as an export: many within a day take two persons. */
export const auditCall = (ports: AuditCallPorts): ApiCall =>
  apiCall({
    route: 'GET /audit',
    summary: 'Audit events, the newest first; the look is an event too',
    query,
    answer: { status: 200, description: 'A page of them.', schema: page },
    problems: ['two-persons'],
    async run({ clientId, query: { cursor, limit, operator: named, ...given } }) {
      const operator = named && (await operatorNamed(named, ports))
      if (named && !operator) {
        const error = { field: 'operator', code: 'auditLog.operator.unknown' } as const
        return { name: 'invalid-values', errors: [error] }
      }
      const wanted = Object.entries({ ...given, operator }).filter(
        ([, value]) => value !== undefined,
      )
      const filter: AuditFilter = Object.fromEntries(wanted)
      const found = await pageOf({ ...filter, limit, ...(cursor && { cursor }) }, ports)
      if (!found) return { name: 'request', detail: 'adminApi.cursor' }
      const { most } = ports.policy.operators.auditExport
      if (!(await ports.auditExports.take(clientId, found.events.length)))
        return { name: 'two-persons', detail: 'adminApi.twoPersons.export', params: { most } }
      const { events, next } = found
      const body = { events: events.map(shown), ...(next && { next }) }
      return { did: { what: 'audit-searched', ...lookOf(filter) }, answer: { status: 200, body } }
    },
  })

/** Undefined if the cursor is none. */
async function pageOf(
  asked: AuditQuery,
  { audit }: Pick<AuditCallPorts, 'audit'>,
): Promise<AuditPage | undefined> {
  try {
    return await audit.find(asked)
  } catch (error) {
    if (error instanceof BadCursor) return undefined
    throw error
  }
}

function shown(event: RecordedEvent) {
  const values = eventValues(event)
  const names = ['id', 'at', 'what', 'account', 'operator', 'client', 'reason', 'target'] as const
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  )
}
