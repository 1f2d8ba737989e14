import { Readable } from 'node:stream'
import { allEvents } from '../../audit/all-events.ts'
import { type ExportFormat, exportFormats } from '../../audit/export-formats.ts'
import { lookOf } from '../../audit/look-of.ts'
import { inChina } from '../../people/calendar.ts'
import type { Audit, AuditFilter } from '../../ports/audit.ts'
import type { Answer } from '../access/console-frame.ts'
import type { Outcome } from '../access/console-router.ts'

export const consoleFormats = ['csv', 'ndjson'] as const

/** An export. `to` is always given, so that the export has the events that were counted. */
export type AuditExport = {
  readonly filter: AuditFilter & { readonly to: number }
  readonly format: (typeof consoleFormats)[number]
}

/** Sends the events as a file, a page of them in memory at a time. */
export const exported = (
  { filter, format }: AuditExport,
  audit: Pick<Audit, 'find'>,
  now: number,
  reason?: string,
): Outcome => ({
  did: { what: 'audit-exported', ...lookOf(filter), detail: format, ...(reason && { reason }) },
  answer: file({ filter, format }, audit, now),
})

const file =
  ({ filter, format }: AuditExport, audit: Pick<Audit, 'find'>, now: number): Answer =>
  (ctx) => {
    const day = inChina(now).toISOString().slice(0, 10)
    ctx.set('Content-Disposition', `attachment; filename="audit-${day}.${format}"`)
    ctx.set('Cache-Control', 'no-store')
    ctx.type = exportFormats[format].mediaType
    ctx.body = Readable.from(lines())

    async function* lines() {
      const { head, line }: ExportFormat = exportFormats[format]
      if (head) yield `${head}\r\n`
      const end = format === 'csv' ? '\r\n' : '\n'
      for await (const event of allEvents(audit, filter)) yield line(event) + end
    }
  }
