import type { Audit, AuditFilter, AuditQuery, RecordedEvent } from '../ports/audit.ts'

/** All events that match, one page in memory at a time. */
export async function* allEvents(
  audit: Pick<Audit, 'find'>,
  filter: AuditFilter,
  first: NonNullable<AuditQuery['first']> = 'oldest',
): AsyncGenerator<RecordedEvent> {
  let cursor: string | undefined
  do {
    const page = await audit.find({ ...filter, first, limit: 1000, ...(cursor && { cursor }) })
    yield* page.events
    cursor = page.next
  } while (cursor)
}
