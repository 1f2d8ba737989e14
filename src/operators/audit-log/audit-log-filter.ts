import * as z from 'zod'
import { choice, field } from '../../people/fields/field.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import { type AuditFilter, auditEventKinds } from '../../ports/audit.ts'
import type { ManagedClients } from '../../ports/operators/managed-clients.ts'
import type { Operators } from '../../ports/operators/operators.ts'
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

export type FilterPorts = {
  readonly operators: Pick<Operators, 'list'>
  readonly managedClients: Pick<ManagedClients, 'find'>
}

/** The id of the operator with this username or id, or of the client that acts by the API. */
export async function operatorNamed(
  name: string,
  { operators, managedClients }: FilterPorts,
): Promise<string | undefined> {
  const known = await operators.list()
  const operator = known.find(({ id, username }) => name === id || name === username)
  return operator?.id ?? (await managedClients.find(name))?.id
}

/** Reads a filter. The minute of 结束时间 belongs to the period. An operator is named as `operatorNamed` says. */
export async function readFilter(
  typed: Readonly<Record<string, string>>,
  ports: FilterPorts,
): Promise<{ readonly filter: AuditFilter } | { readonly refusals: readonly Refusal[] }> {
  const read = form.safeParse(typed)
  if (!read.success) return { refusals: refusalsOf(read.error.issues) }
  const { from, to, account, operator, client, what } = read.data
  const named = operator && (await operatorNamed(operator, ports))
  if (operator && !named) return { refusals: [refuse('operator', 'auditLog.operator.unknown')] }
  return {
    filter: {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to: to + minute }),
      ...(account && { account }),
      ...(named && { operator: named }),
      ...(client && { client }),
      ...(what && { what }),
    },
  }
}
