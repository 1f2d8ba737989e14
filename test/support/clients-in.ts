import { removeStreamIn } from '../../src/adapters/events/remove-stream.ts'
import { clientsMongo } from '../../src/adapters/mongo/clients-mongo.ts'

/** The clients of a store, as the platform composes them. */
export const clientsIn = (store: Omit<Parameters<typeof clientsMongo>[0], 'removeStream'>) =>
  clientsMongo({ ...store, removeStream: removeStreamIn(store.connection) })
