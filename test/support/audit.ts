import { type AuditOptions, auditMongo } from '../../src/adapters/audit/audit-mongo.ts'
import type { AuditFault } from '../../src/ports/audit-verification.ts'
import type { TestStores } from './stores.ts'

/** The audit of a process on the stores of a test. */
export const testAudit = (
  stores: TestStores,
  options: Pick<AuditOptions, 'encryption' | 'clock'> & Partial<AuditOptions>,
) =>
  auditMongo({
    connection: stores.mongodb,
    keepDays: 365,
    outlets: [],
    log: { error: (about: object) => failTest(about) },
    ...options,
  } as AuditOptions)

function failTest(about: object): never {
  throw new Error(`the audit logs an error: ${JSON.stringify(about)}`)
}

/** The report of a verification, with its faults as lines. */
export async function verified(
  audit: Pick<Awaited<ReturnType<typeof testAudit>>, 'verify'>,
  outsideHeads: readonly string[] = [],
) {
  const faults: AuditFault[] = []
  const report = await audit.verify(outsideHeads, (fault) => faults.push(fault))
  return { ...report, faults: faults.map(({ kind, text }) => `${kind}: ${text}`) }
}
