import type { ClientSession, Connection } from 'mongoose'
import { Outage } from '../../ports/outage.ts'
import { majority } from './write-concern.ts'

/** Milliseconds for a transaction with all its repetitions. */
const patience = 8000

/**
 * A transaction that ends in time. The driver repeats one for two minutes while another client holds a lock or no
 * majority acknowledges the commit (mongodb 7.8: `timeoutMS` has no effect). Ending the session ends the repetitions.
 */
export async function transaction<Result>(
  connection: Connection,
  work: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  const session = await connection.startSession()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Outage(new Error('the transaction is late'))), patience)
  })
  try {
    const done = session.withTransaction(work, { writeConcern: majority })
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
    // It is not waited for: where no server answers it takes as long again.
    session.endSession().catch(() => {})
  }
}
