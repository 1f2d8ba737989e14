import type { Connection } from 'mongoose'
import type { Clients } from '../ports/clients.ts'
import type { Sealing } from './sealing.ts'

type Stored = {
  /** The client_id. */
  _id: string
  /** The metadata with the secret. */
  sealed: string
  disabled: boolean
}

export function clientsMongo({
  connection,
  sealing,
}: {
  readonly connection: Connection
  readonly sealing: Sealing
}): Clients {
  const collection = connection.collection<Stored>('clients', { writeConcern: { w: 'majority' } })
  const place = (record: string) => ({ collection: 'clients', record, field: 'metadata' })
  return {
    async own(clients) {
      const ids = clients.map((client) => client.client_id)
      await collection.bulkWrite([
        ...clients.map((client) => ({
          updateOne: {
            filter: { _id: client.client_id },
            update: {
              $set: {
                sealed: sealing.seal(JSON.stringify(client), place(client.client_id)),
                disabled: false,
              },
            },
            upsert: true,
          },
        })),
        { updateMany: { filter: { _id: { $nin: ids } }, update: { $set: { disabled: true } } } },
      ])
    },
    async find(clientId) {
      const stored = await collection.findOne({ _id: clientId, disabled: false })
      return stored ? JSON.parse(sealing.open(stored.sealed, place(clientId))) : undefined
    },
  }
}
