import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { isHead } from '../../adapters/audit/head-signature.ts'
import type {
  AuditReport,
  AuditVerification,
  UncoveredEvents,
} from '../../ports/audit-verification.ts'
import { ChecksFailed, type CommandStores, Refused } from '../operator-command.ts'

/** So many faults are printed; all are counted. */
const printed = 1000

/** Prints what a verification finds, a line each. Throws `ChecksFailed` if it finds a fault. */
export async function verifyAudit(
  headFile: string | undefined,
  { audit, out, report }: CommandStores,
): Promise<void> {
  const { found, lines } = await printedVerification(audit.verify, headFile, out)
  const { faults, lastHead } = found
  const detail = faults ? 'damaged' : 'intact'
  const target = lastHead && { target: `head ${lastHead.number}` }
  await report(lines, { what: 'audit-verified', detail, ...target })
  if (faults) throw new ChecksFailed(`the audit was changed: ${faults} faults`)
}

/** Verifies and prints each fault. Returns what was found, and the lines that sum it up. */
export async function printedVerification(
  verify: AuditVerification['verify'],
  headFile: string | undefined,
  printFault: (line: string) => void,
): Promise<{ readonly found: AuditReport; readonly lines: readonly string[] }> {
  let told = 0
  const found = await verify(headFile ? headsOf(headFile) : [], ({ kind, text }) => {
    told += 1
    if (told <= printed) printFault(`${kind}: ${text}`)
  })
  if (told > printed) printFault(`and ${told - printed} more`)
  return { found, lines: summaryOf(found) }
}

function summaryOf(found: AuditReport): readonly string[] {
  const { events, heads, lastHead, firstDay, lastDay } = found
  const { beforeChain, expiredChains, uncovered, faults } = found
  const days = firstDay && `, ${firstDay} to ${lastDay}`
  const last = lastHead && `, the last is ${lastHead.number} of ${iso(lastHead.at)}`
  return [
    `events: ${events}${days ?? ''}`,
    `heads: ${heads}${last ?? ''}`,
    ...(beforeChain ? [`before the chain: ${beforeChain} events, which nothing protects`] : []),
    ...(expiredChains ? [`retention over: ${expiredChains} chains`] : []),
    ...uncovered.map(uncoveredLine),
    `result: ${faults ? 'damaged' : 'intact'}`,
  ]
}

const uncoveredLine = ({ day, process, from, count }: UncoveredEvents) =>
  `not covered by a head yet: ${count} events of ${day}.${process} from ${from} on`

const iso = (at: number) => new Date(at).toISOString()

/** The heads in a file, wherever they stand in its lines. Throws `Refused`. */
async function* headsOf(file: string): AsyncGenerator<string> {
  let count = 0
  try {
    for await (const line of createInterface({ input: createReadStream(file) }))
      for (const [jws] of line.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g))
        if (isHead(jws)) {
          count += 1
          yield jws
        }
  } catch (error) {
    throw new Refused(`--head ${file}: can't be read (${(error as NodeJS.ErrnoException).code})`)
  }
  if (count === 0) throw new Refused(`--head ${file}: contains no head of an audit`)
}
