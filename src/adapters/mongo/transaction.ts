import type { ClientSession, Connection, mongo } from 'mongoose'
import { Outage } from '../../ports/outage.ts'
import { majority } from './write-concern.ts'

/** Milliseconds for a transaction with all its repetitions. */
const deadline = 8000

/**
 * Runs a transaction with a deadline. The driver repeats a transaction for two minutes while another client has a lock or
 * no majority acknowledges the commit (mongodb 7.8: `timeoutMS` has no effect). Ending the session ends the repetitions.
 */
export async function transaction<Result>(
  connection: Connection,
  work: (session: ClientSession) => Promise<Result>,
  readConcern?: mongo.ReadConcernLike,
): Promise<Result> {
  const session = await connection.startSession()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Outage(new Error('the transaction is late'))), deadline)
  })
  try {
    const done = session.withTransaction(work, {
      writeConcern: majority,
      ...(readConcern && { readConcern }),
    })
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
    // The end of the session is not awaited: if no server answers it would take as long again.
    session.endSession().catch(() => {})
  }
}
