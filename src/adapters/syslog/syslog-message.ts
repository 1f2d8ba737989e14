import { hostname } from 'node:os'

export type SyslogMessage = {
  /** ms since 1970. */
  readonly at: number
  /** The instance that wrote the event; up to 128 printable characters. */
  readonly process: string
  /** The kind of the message; up to 32 printable characters. */
  readonly kind: string
  readonly severity: keyof typeof severities
  /** Structured data. Undefined values are left out. */
  readonly values: Readonly<Record<string, string | number | undefined>>
  /** ASCII. */
  readonly text?: string
}

/** RFC 5424, 6.2.1. */
const severities = { notice: 5, informational: 6 } as const
const logAudit = 13

/** The number is reserved for documentation (RFC 5612), since the platform has none of its own. */
const structureId = 'audit@32473'

/** A syslog message (RFC 5424, 6). */
export function formatSyslog({ at, process, kind, severity, values, text }: SyslogMessage): string {
  const priority = logAudit * 8 + severities[severity]
  const head = [
    new Date(at).toISOString(),
    word(hostname()),
    'unified-user-platform',
    word(process),
  ]
  const data = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${escaped(String(value))}"`],
  )
  const parts = [`<${priority}>1`, ...head, word(kind), `[${[structureId, ...data].join(' ')}]`]
  return [...parts, ...(text ? [text] : [])].join(' ')
}

/** The three characters that end or escape a value (RFC 5424, 6.3.3). */
const escaped = (value: string) => value.replaceAll(/["\\\]]/g, '\\$&')

/** A field of the header holds printable ASCII only; `-` stands for none. */
const word = (value: string) => value.replaceAll(/[^!-~]/g, '') || '-'

/** The transport frame of TLS: the number of octets, a space, the message (RFC 5425, 4.3). */
export function syslogFrame(message: string): Buffer {
  const bytes = Buffer.from(message)
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes])
}
