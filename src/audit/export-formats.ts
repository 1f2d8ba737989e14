import { isIPv4, isIPv6 } from 'node:net'
import type { RecordedEvent } from '../ports/audit.ts'
import { eventColumns, eventValues } from './event-columns.ts'

/** A text format of events, a line each. */
export type ExportFormat = {
  readonly mediaType: string
  /** The first line, if there is one. */
  readonly head?: string
  readonly line: (event: RecordedEvent) => string
}

/** Spreadsheets take a cell with such a beginning as a formula, also behind white space. */
const formula = /^\s*[=+\-@\t\r]/

/** RFC 4180; an apostrophe keeps spreadsheets from executing a cell. */
function csvCell(value = ''): string {
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Values of the extension of CEF: backslash, equals sign and line breaks are escaped. */
const cefValue = (value: string) =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('=', '\\=')
    .replaceAll(/\r\n|\r|\n/g, '\\n')

/** The keys of an address in CEF: only an IP address may stand in `src`, and a network or a machine is a text. */
function cefAddress(address: string): readonly (readonly [string, string])[] {
  const host = address.replace(/\/64$/, '')
  if (isIPv4(address)) return [['src', address]]
  if (isIPv6(host)) return [labelled('c6a2', 'address', host)].flat()
  return [['shost', address]]
}

const labelled = (key: string, label: string, value: string) =>
  [[`${key}Label`, label] as const, [key, value] as const] as const

/** ArcSight Common Event Format, version 0. The name of an event is its kind. */
function cefLine(event: RecordedEvent): string {
  const { id, at, what, accountId, clientId, operator, target, reason, flow, detail } = event
  const custom = { account: accountId, client: clientId, flow, detail, target, reason }
  const pairs = [
    ['externalId', id] as const,
    ['rt', String(at)] as const,
    ...cefAddress(event.address),
    ...(operator ? [['suid', operator] as const] : []),
    ...Object.entries(custom).flatMap(([label, value], index) =>
      value === undefined ? [] : labelled(`cs${index + 1}`, label, value),
    ),
  ]
  const extension = pairs.map(([key, value]) => `${key}=${cefValue(value)}`).join(' ')
  return `CEF:0|UUP|unified-user-platform|1|${what}|${what}|3|${extension}`
}

export const exportFormats = {
  ndjson: {
    mediaType: 'application/x-ndjson',
    line: (event) => JSON.stringify(eventValues(event)),
  },
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    // The byte order mark lets spreadsheets read UTF-8.
    head: `\uFEFF${eventColumns.join(',')}`,
    line: (event) => {
      const values = eventValues(event)
      return eventColumns.map((column) => csvCell(values[column])).join(',')
    },
  },
  cef: { mediaType: 'text/plain; charset=utf-8', line: cefLine },
} as const satisfies Readonly<Record<string, ExportFormat>>
