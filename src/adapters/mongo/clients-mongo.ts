import type { ClientSession, mongo } from 'mongoose'
import type { ClientMetadata } from '../../../config/client-metadata.ts'
import { originsOf } from '../../ports/sso/client-origins.ts'
import type {
  ClientFileChange,
  ClientOwner,
  Clients,
  FileClient,
  PreviousSecret,
  StoredClient,
} from '../../ports/sso/clients.ts'
import { buildIndexes } from './build-indexes.ts'
import { isDuplicateKey } from './duplicate-key.ts'
import type { MongoStore } from './mongo-store.ts'
import { transaction } from './transaction.ts'
import { majority } from './write-concern.ts'

type Stored = {
  /** The client_id. */
  readonly _id: string
  /** The encrypted metadata with the secret. Each encryption gives another string, so it also marks the version. */
  readonly sealed: string
  /** The encrypted previous secret with its expiry. */
  readonly previous?: string
  /** Absent in records of an earlier version, in which all clients came from a file. */
  readonly owner?: ClientOwner
  readonly file?: string
  readonly disabled: boolean
  /** Lookup indexes of the origins of the client's pages. Absent in records of an earlier version. */
  readonly origins?: readonly string[]
  readonly dataKey: number
}

const ownedByFile = { owner: { $nin: ['command', 'registration'] as ClientOwner[] } }
const ownedByOthers = { owner: { $in: ['command', 'registration'] as ClientOwner[] } }

export const clientIndexes: mongo.IndexDescription[] = [
  { key: { origins: 1 } },
  { key: { owner: 1 } },
]

export function clientsMongo({
  connection,
  encryption,
  removeStream,
}: Omit<MongoStore, 'clock'> & {
  readonly removeStream: (
    named: { readonly client: string },
    session: ClientSession,
  ) => Promise<void>
}): Clients {
  const collection = connection.collection<Stored>('clients', { writeConcern: majority })
  const context = (record: string, field: string) => ({ collection: 'clients', record, field })
  const encrypt = (id: string, field: string, value: object) =>
    encryption.encrypt(JSON.stringify(value), context(id, field))

  function toClient({
    _id,
    sealed,
    previous,
    owner = 'file',
    file,
    disabled,
  }: Stored): StoredClient {
    const decrypted = (field: string, value: string) =>
      JSON.parse(encryption.decrypt(value, context(_id, field)))
    return {
      metadata: decrypted('metadata', sealed) as ClientMetadata,
      owner,
      ...(file && { file }),
      disabled,
      ...(previous && { previousSecret: decrypted('previousSecret', previous) as PreviousSecret }),
      revision: sealed,
    }
  }
  const toFoundClient = (stored: Stored | null) => (stored ? toClient(stored) : undefined)

  const originIndexes = (origin: string) => encryption.lookupIndexes('clients.origin', origin)
  const originIndexesOf = (metadata: ClientMetadata) => originsOf(metadata).flatMap(originIndexes)

  /** A record without a previous secret, for a new client or for one that a file changed. */
  const newRecord = (
    owner: ClientOwner,
    metadata: ClientMetadata,
    file?: string,
  ): Omit<Stored, '_id'> => ({
    sealed: encrypt(metadata.client_id, 'metadata', metadata),
    owner,
    ...(file && { file }),
    disabled: false,
    origins: originIndexesOf(metadata),
    dataKey: encryption.dataKey(),
  })

  /** Adds the origins to records of an earlier version. */
  async function addMissingOrigins(): Promise<void> {
    for await (const stored of collection.find({ origins: { $exists: false } })) {
      const { _id, sealed } = stored
      const origins = originIndexesOf(toClient(stored).metadata)
      await collection.updateOne({ _id, sealed }, { $set: { origins } })
    }
  }

  return {
    async syncFiles(clients) {
      // Clients that registered themselves can be many.
      await buildIndexes(collection, clientIndexes)
      await addMissingOrigins()
      const ids = clients.map(({ metadata }) => metadata.client_id)
      const stored = await collection.find({ $or: [{ _id: { $in: ids } }, ownedByFile] }).toArray()
      const known = new Map(stored.map((one) => [one._id, toClient(one)]))
      const changed = clients.filter(
        (client) => !isSame(known.get(client.metadata.client_id), client),
      )
      const omitted = stored
        .filter(({ _id, disabled }) => !disabled && !ids.includes(_id))
        .map(({ _id }) => _id)
      if (!changed.length && !omitted.length) return []
      await collection.bulkWrite([
        ...changed.map(({ metadata, file }) => ({
          replaceOne: {
            filter: { _id: metadata.client_id },
            replacement: newRecord('file', metadata, file),
            upsert: true,
          },
        })),
        {
          updateMany: {
            filter: { _id: { $in: omitted }, ...ownedByFile },
            update: { $set: { disabled: true } },
          },
        },
      ])
      return [
        ...changed.map(({ metadata: { client_id: clientId } }): ClientFileChange => {
          return { clientId, what: known.has(clientId) ? 'client-changed' : 'client-added' }
        }),
        ...omitted.map((clientId): ClientFileChange => ({ clientId, what: 'client-disabled' })),
      ]
    },
    find: async (_id) => toFoundClient(await collection.findOne({ _id, disabled: false })),
    hasOrigin: async (origin) =>
      (await collection.countDocuments(
        { origins: { $in: originIndexes(origin) }, disabled: false },
        { limit: 1 },
      )) > 0,
    findAny: async (_id) => toFoundClient(await collection.findOne({ _id })),
    list: async () => (await collection.find().sort({ _id: 1 }).toArray()).map(toClient),
    async add(metadata, owner) {
      try {
        await collection.insertOne({ _id: metadata.client_id, ...newRecord(owner, metadata) })
        return 'added'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return 'exists'
      }
    },
    async replace({ metadata: { client_id: _id }, revision }, metadata, previous) {
      const changed = {
        sealed: encrypt(_id, 'metadata', metadata),
        origins: originIndexesOf(metadata),
      }
      const { matchedCount } = await collection.updateOne(
        { _id, sealed: revision, ...ownedByOthers },
        previous
          ? { $set: { ...changed, previous: encrypt(_id, 'previousSecret', previous) } }
          : { $set: changed, $unset: { previous: true } },
      )
      return matchedCount === 1
    },
    async register(metadata) {
      const own = { _id: metadata.client_id, owner: 'registration' as const }
      await collection.replaceOne({ ...own, disabled: false }, newRecord(own.owner, metadata), {
        upsert: true,
      })
    },
    async setDisabled(_id, disabled) {
      const { matchedCount } = await collection.updateOne(
        { _id, ...ownedByOthers, disabled: !disabled },
        { $set: { disabled } },
      )
      return matchedCount === 1
    },
    async remove(_id) {
      const removable = { $or: [ownedByOthers, { disabled: true }] }
      return transaction(connection, async (session) => {
        const { deletedCount } = await collection.deleteOne({ _id, ...removable }, { session })
        // A later client of the same id must get none of its events.
        if (deletedCount === 1) await removeStream({ client: _id }, session)
        return deletedCount === 1
      })
    },
  }
}

const isSame = (known: StoredClient | undefined, { metadata, file }: FileClient) =>
  known?.owner === 'file' &&
  !known.disabled &&
  known.file === file &&
  JSON.stringify(known.metadata) === JSON.stringify(metadata)
