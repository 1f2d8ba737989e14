import { exportFormats } from '../../audit/export-formats.ts'
import { namedNetwork } from '../../people/network.ts'
import { type AuditFilter, auditEventKinds } from '../../ports/audit.ts'
import { missingArgument, noMoreArguments, readArguments } from '../arguments.ts'
import { BadUsage } from '../operator-command.ts'

export const auditUsage = `npm run audit -- COMMAND     (in the production image: node dist/src/cli/audit.js COMMAND)

  verify [--head FILE]      compares all events with their hashes and with the signed heads. FILE is a log, or a part of
                            one, or of what syslog received: then a tail that was cut before its last head is found too.
                            Exit status 1: somebody changed, removed or inserted something
  search [FILTER …] [--limit N]
                            events, the newest first, 100 of them by default
  export --from TIME --to TIME [--format ndjson|csv|cef] [FILTER …]
                            events in the order of time
  key                       the public keys of heads, a JSON Web Key Set

  FILTER: --account ID, --client ID, --operator ID, --what EVENT, --flow ID, --from TIME, --to TIME,
          --address ADDRESS (203.0.113.7, 203.0.113.0/24, 2001:db8::1, 2001:db8::/48)
  TIME:   2026-11-29 (with --to the whole day), 2026-11-29T08:30, both in China, or with a zone, 2026-11-29T00:30Z`

export type ExportFormatName = keyof typeof exportFormats

export type AuditCommand =
  | { readonly name: 'verify'; readonly head: string | undefined }
  | { readonly name: 'search'; readonly filter: AuditFilter; readonly limit: number }
  | { readonly name: 'export'; readonly filter: AuditFilter; readonly format: ExportFormatName }
  | { readonly name: 'key' }

const text = { type: 'string' } as const
const filters = {
  ...{ account: text, client: text, operator: text, what: text, flow: text, address: text },
  ...{ from: text, to: text },
} as const

/** The options of each command, so that one of another command is told as a mistake. */
const optionsOf = {
  verify: ['head'],
  search: [...Object.keys(filters), 'limit'],
  export: [...Object.keys(filters), 'format'],
  key: [],
} as const satisfies Readonly<Record<AuditCommand['name'], readonly string[]>>

/** Throws `BadUsage`. */
export function readAuditCommand(typed: readonly string[]): AuditCommand {
  const options = { ...filters, head: text, limit: text, format: text }
  const { values, positionals } = readArguments(typed, options)
  const [word = missingArgument('a command'), ...rest] = positionals
  noMoreArguments(rest)
  const name = (Object.keys(optionsOf) as AuditCommand['name'][]).find((known) => known === word)
  if (!name) throw new BadUsage(`${word}: no such command`)
  const own: readonly string[] = optionsOf[name]
  const foreign = Object.keys(values).find((option) => !own.includes(option))
  if (foreign) throw new BadUsage(`--${foreign}: does not belong to ${name}`)
  switch (name) {
    case 'verify':
      return { name, head: values.head }
    case 'search':
      return { name, filter: readFilter(values), limit: readLimit(values.limit) }
    case 'export': {
      if (values.from === undefined) missingArgument('--from')
      if (values.to === undefined) missingArgument('--to')
      return { name, filter: readFilter(values), format: readFormat(values.format) }
    }
    case 'key':
      return { name }
  }
}

type Typed = Readonly<Partial<Record<keyof typeof filters, string | undefined>>>

function readFilter({
  account,
  client,
  operator,
  what,
  flow,
  address,
  from,
  to,
}: Typed): AuditFilter {
  const kind = auditEventKinds.find((known) => known === what)
  if (what !== undefined && !kind)
    throw new BadUsage(`--what: must be one of ${auditEventKinds.join(', ')}`)
  if (address !== undefined && namedNetwork(address) === undefined)
    throw new BadUsage('--address: networks are /24 for IPv4, and /64, /56 or /48 for IPv6')
  return {
    ...(account && { account }),
    ...(client && { client }),
    ...(operator && { operator }),
    ...(flow && { flow }),
    ...(address && { address }),
    ...(kind && { what: kind }),
    ...(from && { from: readTime('--from', from, 0) }),
    ...(to && { to: readTime('--to', to, day) }),
  }
}

const day = 24 * 60 * 60 * 1000

/** @param wholeDay is added to a day without a time */
function readTime(option: string, typed: string, wholeDay: number): number {
  const [, date, time = '', zone = '+08:00'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(typed) ?? []
  const at = Date.parse(`${date}${time || 'T00:00'}${zone}`)
  if (Number.isNaN(at)) throw new BadUsage(`${option}: must be like 2026-11-29 or 2026-11-29T08:30`)
  return time ? at : at + wholeDay
}

function readLimit(typed = '100'): number {
  const limit = Number(typed)
  if (!Number.isInteger(limit) || limit < 1) throw new BadUsage('--limit: must be a number from 1')
  return limit
}

function readFormat(typed = 'ndjson'): ExportFormatName {
  const names = Object.keys(exportFormats) as ExportFormatName[]
  const format = names.find((name) => name === typed)
  if (!format) throw new BadUsage(`--format: must be one of ${names.join(', ')}`)
  return format
}
