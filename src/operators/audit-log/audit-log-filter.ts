import * as z from 'zod'
import { choice, field } from '../../people/fields/field.ts'
import type { Operator } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { type AuditFilter, auditEventKinds } from '../../ports/audit.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { orEmpty, time } from '../access/time-field.ts'

const minute = 60_000
const id = orEmpty(field('auditLog.filter.missing', (typed) => typed))

const form = z.object({
  from: orEmpty(time('time.format')),
  to: orEmpty(time('time.format')),
  account: id,
  operator: id,
  client: id,
  what: orEmpty(choice(auditEventKinds, 'auditLog.what.unknown')),
})

/** The fields of the filter. */
const filterFields = ['from', 'to', 'account', 'operator', 'client', 'what'] as const

/** The values of the filter that an address or a form names once. */
export const typedFilter = (given: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    filterFields.flatMap((name) => {
      const value = given[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )

/** Reads a filter. The minute of 结束时间 belongs to the period. An operator is named by username or id. */
export function readFilter(
  typed: Readonly<Record<string, string>>,
  operators: readonly Pick<Operator, 'id' | 'username'>[],
): { readonly filter: AuditFilter } | { readonly refusals: readonly Refusal[] } {
  const read = form.safeParse(typed)
  if (!read.success) return { refusals: refusalsOf(read.error.issues) }
  const { from, to, account, operator, client, what } = read.data
  const named = operators.find(({ id, username }) => operator === id || operator === username)
  if (operator && !named) return { refusals: [refuse('operator', 'auditLog.operator.unknown')] }
  return {
    filter: {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to: to + minute }),
      ...(account && { account }),
      ...(named && { operator: named.id }),
      ...(client && { client }),
      ...(what && { what }),
    },
  }
}
