import type { AuditFilter } from '../ports/audit.ts'

/**
 * The filter of a search in the audit, for the event about that search. An address is personal, so only the fact that one was
 * named is recorded.
 */
export function lookOf({ account, address, from, to, ...named }: AuditFilter) {
  const times = { from: from && iso(from), to: to && iso(to) }
  const words = Object.entries({ ...named, ...times })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
  const target = [...words, ...(address ? ['address'] : [])].join(' ')
  return { ...(account && { accountId: account }), ...(target && { target }) }
}

const iso = (at: number) => new Date(at).toISOString()
