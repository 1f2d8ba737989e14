import mongoose, { type Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import { majority } from './write-concern.ts'

export type MongoConnection = { readonly connection: Connection; close(): Promise<void> }

/**
 * Connects, or throws. The driver repeats a read or a write once; with 4 s for each attempt a request fails within 10 s in an
 * outage. Outages are logged when they begin and when they end, not for each request.
 * @param answer how long it waits for the answer to a command, in ms
 */
export async function mongoConnection(
  uri: string,
  log: Pick<BaseLogger, 'error' | 'info'>,
  answer = 4000,
): Promise<MongoConnection> {
  const connection = mongoose.createConnection(uri, {
    writeConcern: majority,
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: 4000,
    connectTimeoutMS: 4000,
    socketTimeoutMS: answer,
    waitQueueTimeoutMS: 4000,
    // The adapters create their indexes and wait for them. Commands are not buffered in memory during an outage.
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    // For `/metrics` and traces (adapters/instrumentation/observed-mongodb.ts).
    monitorCommands: true,
  })
  try {
    await connection.asPromise()
  } catch (error) {
    await connection.close()
    throw new Error('MongoDB does not answer', { cause: error })
  }
  const whenLost = () => log.error('MongoDB is lost')
  connection.on('error', (error) => log.error({ err: error }, 'MongoDB failed'))
  connection.on('disconnected', whenLost)
  connection.on('reconnected', () => log.info('MongoDB is back'))
  return {
    connection,
    close: async () => {
      connection.off('disconnected', whenLost)
      await connection.close()
    },
  }
}
