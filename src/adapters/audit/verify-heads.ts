import type { Connection } from 'mongoose'
import type { AuditFault } from '../../ports/audit-verification.ts'
import type { AuditKeys } from './audit-keys.ts'
import { chainPrefix } from './event-id.ts'
import { type HeadRecord, headRecords } from './head-ledger.ts'
import { type AuditHead, headDigest, readHead } from './head-signature.ts'

/** The result of comparing heads with the stored events. */
export type HeadsReport = {
  readonly heads: number
  readonly first?: AuditHead
  readonly last?: AuditHead
  /** The head with the most events of each chain, by `chainPrefix`. */
  readonly chains: Map<string, AuditHead>
}

type Source = { readonly connection: Connection; readonly keys: AuditKeys }
type Found = (fault: AuditFault) => void

/** Reads the sequence of heads: each has its number, our signature, and the digest of its predecessor. */
export async function verifyHeads(
  { connection, keys }: Source,
  found: Found,
): Promise<HeadsReport> {
  const chains = new Map<string, AuditHead>()
  let [heads, next]: [number, number] = [0, 1]
  let [first, last]: (AuditHead | undefined)[] = []
  /** Undefined where the predecessor is missing or not ours, so that its own fault is not told twice. */
  let predecessor: string | undefined = ''
  for await (const record of headRecords(connection).find().sort({ _id: 1 })) {
    const number = record._id
    if (number !== next) {
      found({ kind: 'removed', text: `${headsNamed(next, number - 1)} missing` })
      predecessor = undefined
    }
    const head = await ownHead(record, keys)
    if (!head) found({ kind: 'changed', text: `head ${number}: is not as it was signed` })
    else if (predecessor !== undefined && head.predecessor !== predecessor)
      found({ kind: 'changed', text: `head ${number}: does not follow head ${number - 1}` })
    predecessor = head && headDigest(record.jws)
    if (head) {
      first ??= head
      last = head
      keepLongest(chains, head)
    }
    heads += 1
    next = number + 1
  }
  return { heads, chains, ...(first && { first }), ...(last && { last }) }
}

const headsNamed = (from: number, to: number) =>
  from === to ? `head ${from}: is` : `heads ${from} to ${to}: are`

/** The signed head of a record, if the record says the same. */
async function ownHead(record: HeadRecord, keys: AuditKeys): Promise<AuditHead | undefined> {
  const head = await readHead(record.jws, keys)
  const { _id, day, process, count } = record
  return head?.number === _id &&
    head.day === day &&
    head.process === process &&
    head.count === count
    ? head
    : undefined
}

function keepLongest(chains: Map<string, AuditHead>, head: AuditHead): void {
  const name = chainPrefix(head)
  if ((chains.get(name)?.count ?? 0) <= head.count) chains.set(name, head)
}

/** Compares a head that was kept outside with the stored one. Its chain then has to be as long as it says. */
export async function compareOutsideHead(
  jws: string,
  { connection, keys }: Source,
  { chains }: HeadsReport,
  found: Found,
): Promise<void> {
  const head = await readHead(jws, keys)
  if (!head) {
    found({ kind: 'changed', text: `a head of the file is not signed by this platform's keys` })
    return
  }
  const stored = await headRecords(connection).findOne({ _id: head.number })
  if (stored?.jws === jws) return
  const { number, count, day, process } = head
  const said = `the file has it, with ${count} events of ${day}.${process}`
  if (!stored) found({ kind: 'removed', text: `head ${number}: is missing; ${said}` })
  else found({ kind: 'changed', text: `head ${number}: is another one than in the file; ${said}` })
  keepLongest(chains, head)
}
