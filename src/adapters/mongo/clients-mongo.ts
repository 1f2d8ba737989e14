import type { ClientMetadata } from '../../../config/client-metadata.ts'
import { originsOf } from '../../ports/sso/client-origins.ts'
import type {
  Clients,
  FileChange,
  FileClient,
  KnownClient,
  Owner,
  PreviousSecret,
} from '../../ports/sso/clients.ts'
import { isDuplicateKey } from './duplicate-key.ts'
import type { MongoStore } from './mongo-store.ts'

type Stored = {
  /** The client_id. */
  readonly _id: string
  /** The metadata with the secret. Sealed anew, it is another string. */
  readonly sealed: string
  /** The secret before, sealed, and until when it is good. */
  readonly previous?: string
  /** Absent in records from before there were others: a file. */
  readonly owner?: Owner
  readonly file?: string
  readonly disabled: boolean
  /** Keyed digests of the origins of its pages, where it has any; absent in records from before they were kept. */
  readonly origins?: readonly string[]
}

const ownedByFile = { owner: { $nin: ['command', 'registration'] as Owner[] } }
const ownedByOthers = { owner: { $in: ['command', 'registration'] as Owner[] } }

export function clientsMongo({ connection, encryption }: Omit<MongoStore, 'clock'>): Clients {
  const collection = connection.collection<Stored>('clients', { writeConcern: { w: 'majority' } })
  const context = (record: string, field: string) => ({ collection: 'clients', record, field })
  const seal = (id: string, field: string, value: object) =>
    encryption.encrypt(JSON.stringify(value), context(id, field))

  function open({ _id, sealed, previous, owner = 'file', file, disabled }: Stored): KnownClient {
    const opened = (field: string, value: string) =>
      JSON.parse(encryption.decrypt(value, context(_id, field)))
    return {
      metadata: opened('metadata', sealed) as ClientMetadata,
      owner,
      ...(file && { file }),
      disabled,
      ...(previous && { previousSecret: opened('previousSecret', previous) as PreviousSecret }),
      mark: sealed,
    }
  }
  const openFound = (stored: Stored | null) => (stored ? open(stored) : undefined)

  const originDigest = (origin: string) => encryption.blindIndex('clients.origin', origin)
  const originsIn = (metadata: ClientMetadata) => originsOf(metadata).map(originDigest)

  /** Without a secret that it had before. */
  const fresh = (owner: Owner, metadata: ClientMetadata, file?: string): Omit<Stored, '_id'> => ({
    sealed: seal(metadata.client_id, 'metadata', metadata),
    owner,
    ...(file && { file }),
    disabled: false,
    origins: originsIn(metadata),
  })

  /** Records from before origins were kept. */
  async function completeOrigins(): Promise<void> {
    for await (const stored of collection.find({ origins: { $exists: false } })) {
      const { _id, sealed } = stored
      const origins = originsIn(open(stored).metadata)
      await collection.updateOne({ _id, sealed }, { $set: { origins } })
    }
  }

  return {
    async own(clients) {
      await completeOrigins()
      const ids = clients.map(({ metadata }) => metadata.client_id)
      const stored = await collection.find({ $or: [{ _id: { $in: ids } }, ownedByFile] }).toArray()
      const known = new Map(stored.map((one) => [one._id, open(one)]))
      const news = clients.filter((client) => !isSame(known.get(client.metadata.client_id), client))
      const left = stored
        .filter(({ _id, disabled }) => !disabled && !ids.includes(_id))
        .map(({ _id }) => _id)
      if (!news.length && !left.length) return []
      await collection.bulkWrite([
        ...news.map(({ metadata, file }) => ({
          replaceOne: {
            filter: { _id: metadata.client_id },
            replacement: fresh('file', metadata, file),
            upsert: true,
          },
        })),
        {
          updateMany: {
            filter: { _id: { $in: left }, ...ownedByFile },
            update: { $set: { disabled: true } },
          },
        },
      ])
      return [
        ...news.map(({ metadata: { client_id: clientId } }): FileChange => {
          return { clientId, what: known.has(clientId) ? 'client-changed' : 'client-added' }
        }),
        ...left.map((clientId): FileChange => ({ clientId, what: 'client-disabled' })),
      ]
    },
    find: async (_id) => openFound(await collection.findOne({ _id, disabled: false })),
    hasPagesAt: async (origin) =>
      (await collection.countDocuments(
        { origins: originDigest(origin), disabled: false },
        { limit: 1 },
      )) > 0,
    look: async (_id) => openFound(await collection.findOne({ _id })),
    list: async () => (await collection.find().sort({ _id: 1 }).toArray()).map(open),
    async add(metadata, owner) {
      try {
        await collection.insertOne({ _id: metadata.client_id, ...fresh(owner, metadata) })
        return 'added'
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        return 'exists'
      }
    },
    async replace({ metadata: { client_id: _id }, mark }, metadata, previous) {
      const changed = { sealed: seal(_id, 'metadata', metadata), origins: originsIn(metadata) }
      const { matchedCount } = await collection.updateOne(
        { _id, sealed: mark, ...ownedByOthers },
        previous
          ? { $set: { ...changed, previous: seal(_id, 'previousSecret', previous) } }
          : { $set: changed, $unset: { previous: true } },
      )
      return matchedCount === 1
    },
    async register(metadata) {
      const own = { _id: metadata.client_id, owner: 'registration' as const }
      await collection.replaceOne(own, fresh(own.owner, metadata), { upsert: true })
    },
    async remove(_id) {
      const removable = { $or: [ownedByOthers, { disabled: true }] }
      const { deletedCount } = await collection.deleteOne({ _id, ...removable })
      return deletedCount === 1
    },
  }
}

const isSame = (known: KnownClient | undefined, { metadata, file }: FileClient) =>
  known?.owner === 'file' &&
  !known.disabled &&
  known.file === file &&
  JSON.stringify(known.metadata) === JSON.stringify(metadata)
