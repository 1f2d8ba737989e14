import type { RecordedEvent } from '../ports/audit.ts'

/** The columns of an event in exports and answers, in their order. */
export const eventColumns = [
  ...(['id', 'at', 'what', 'account', 'client', 'operator', 'target', 'reasonKind'] as const),
  ...(['reason', 'flow', 'address', 'detail'] as const),
] as const

/** The values of an event by column; `at` in ISO 8601. Absent values are left out. */
export function eventValues({
  accountId,
  clientId,
  at,
  ...event
}: RecordedEvent): Readonly<Partial<Record<(typeof eventColumns)[number], string>>> {
  return {
    ...event,
    at: new Date(at).toISOString(),
    ...(accountId && { account: accountId }),
    ...(clientId && { client: clientId }),
  }
}
