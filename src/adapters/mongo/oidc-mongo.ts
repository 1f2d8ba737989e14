import type { mongo } from 'mongoose'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { AlreadyUsed, type OidcStorage } from '../../ports/sso/oidc-storage.ts'
import { buildIndexes } from './build-indexes.ts'
import type { MongoStore } from './mongo-store.ts'
import { nameOf, oidcLookups } from './oidc-lookups.ts'
import { majority } from './write-concern.ts'

type OfRedis = 'newId' | 'modelOf' | 'prepare' | 'discard' | 'keepInteraction'
export type OidcMongo = Omit<OidcStorage, OfRedis | 'sessionsOf' | 'endSession'>

type Stored = {
  /** Blind index of the id. */
  _id: string
  /** The encrypted payload. */
  sealed: string
  /** Blind index of the grant's id. */
  grant?: string
  /** Lookup indexes of the account; one string in records of an earlier version. */
  account?: readonly string[] | string
  /** Lookup indexes of account and client. */
  holder?: readonly string[] | string
  dataKey: number
  /** The grant has ended. It stays as the record of what the person consented to. */
  ended?: true
  storedAt: Date
  expiresAt?: Date
  /** When the record was used, in seconds since 1970. */
  consumed?: number
}

export const durableModels = [
  'Grant',
  'RefreshToken',
  'RegistrationAccessToken',
  'InitialAccessToken',
] as const

export const durableModelIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { key: { grant: 1 }, sparse: true },
  { key: { holder: 1, storedAt: -1 }, sparse: true },
  { key: { account: 1 }, sparse: true },
]

/**
 * The durable records of oidc-provider: a collection for each model, with blind indexes of the ids and encrypted payloads
 * (decisions 0070 and 0200). MongoDB removes expired records within about a minute; until then `expiresAt` decides.
 */
export async function oidcMongo({
  connection,
  encryption,
  clock,
  models = durableModels,
}: MongoStore & { readonly models?: readonly string[] }): Promise<OidcMongo> {
  const collectionOf = (model: string) =>
    connection.collection<Stored>(nameOf(model), { writeConcern: majority })
  const blindIndex = (model: string, kind: string, id: string) =>
    encryption.blindIndex(`${nameOf(model)}${kind}`, id)
  const grantOf = (model: string, grantId: string) => blindIndex(model, '.grant', grantId)
  const { accountOf, accountAtClientOf } = oidcLookups(encryption)
  const context = (model: string, record: string) => ({
    collection: nameOf(model),
    record,
    field: 'payload',
  })

  await Promise.all(models.map((model) => buildIndexes(collectionOf(model), durableModelIndexes)))

  function toStored(model: string, record: string, payload: AdapterPayload, expiresIn?: number) {
    const { grantId, accountId, clientId } = payload
    const now = clock()
    return {
      sealed: encryption.encrypt(JSON.stringify(payload), context(model, record)),
      storedAt: new Date(now),
      dataKey: encryption.dataKey(),
      ...(expiresIn && { expiresAt: new Date(now + expiresIn * 1000) }),
      ...(grantId && { grant: grantOf(model, grantId) }),
      ...(accountId && { account: accountOf(model, accountId) }),
      ...(accountId && clientId && { holder: accountAtClientOf(model, accountId, clientId) }),
    } satisfies Omit<Stored, '_id'>
  }

  const refreshTokens = collectionOf('RefreshToken')
  const refreshRecordOf = (id: string) => blindIndex('RefreshToken', '', id)
  const successorOf = (id: string) => blindIndex('RefreshToken', '.successor', id)
  const consumedNow = () => ({ $set: { consumed: Math.floor(clock() / 1000) } })

  function toPayload(model: string, stored: Stored | null): AdapterPayload | undefined {
    if (!stored || (stored.expiresAt && stored.expiresAt.getTime() <= clock())) return undefined
    const payload: AdapterPayload = JSON.parse(
      encryption.decrypt(stored.sealed, context(model, stored._id)),
    )
    return stored.consumed ? { ...payload, consumed: stored.consumed } : payload
  }

  return {
    adapterFor(model) {
      const collection = collectionOf(model)
      const recordOf = (id: string) => blindIndex(model, '', id)
      return {
        async upsert(id, payload, expiresIn) {
          const record = recordOf(id)
          const stored = toStored(model, record, payload, expiresIn)
          await collection.updateOne({ _id: record }, { $set: stored }, { upsert: true })
        },
        find: async (id) => {
          const stored = await collection.findOne({ _id: recordOf(id) })
          return stored?.ended ? undefined : toPayload(model, stored)
        },
        // Sessions and device codes, which are looked up this way, are short-lived and stored in Redis.
        findByUid: async () => undefined,
        findByUserCode: async () => undefined,
        async destroy(id) {
          await collection.deleteOne({ _id: recordOf(id) })
        },
        async consume(id) {
          const _id = recordOf(id)
          const unused = { _id, consumed: { $exists: false } }
          const { matchedCount } = await collection.updateOne(unused, consumedNow())
          if (matchedCount) return
          throw new AlreadyUsed(toPayload(model, await collection.findOne({ _id }))?.grantId)
        },
        async revokeByGrantId(grantId) {
          await collection.deleteMany({ grant: grantOf(model, grantId) })
        },
      } satisfies Adapter
    },
    successorOf,
    async rotate(id, successor, expiresIn) {
      const record = refreshRecordOf(successorOf(id))
      // One update command, carried out in this order. If it stops in between, the used token can be used again and
      // receives the successor that is stored already.
      await refreshTokens.bulkWrite(
        [
          {
            updateOne: {
              filter: { _id: record },
              update: { $setOnInsert: toStored('RefreshToken', record, successor, expiresIn) },
              upsert: true,
            },
          },
          {
            updateOne: {
              filter: { _id: refreshRecordOf(id), consumed: { $exists: false } },
              update: consumedNow(),
            },
          },
        ],
        { ordered: true },
      )
    },
    async extend(id, payload, expiresIn) {
      const record = refreshRecordOf(id)
      const { sealed, expiresAt } = toStored('RefreshToken', record, payload, expiresIn)
      await refreshTokens.updateOne(
        { _id: record },
        { $set: { sealed, ...(expiresAt && { expiresAt }) } },
      )
    },
    async latestGrant(accountId, clientId) {
      const latest = await collectionOf('Grant').findOne(
        { holder: { $in: accountAtClientOf('Grant', accountId, clientId) } },
        { sort: { storedAt: -1 } },
      )
      return toPayload('Grant', latest)
    },
    async grantsOf(accountId) {
      const account = { $in: accountOf('Grant', accountId) }
      const stored = await collectionOf('Grant').find({ account }).sort({ storedAt: 1 }).toArray()
      return stored.flatMap((grant) => {
        const payload = toPayload('Grant', grant)
        return payload ? { payload, ended: grant.ended ?? false } : []
      })
    },
    async endGrants(accountId, ids) {
      // Grants are revoked first: without its grant nothing that was issued for it is valid.
      await collectionOf('Grant').updateMany(
        {
          account: { $in: accountOf('Grant', accountId) },
          _id: { $in: ids.map((id) => blindIndex('Grant', '', id)) },
        },
        { $set: { ended: true } },
      )
      await refreshTokens.deleteMany({
        account: { $in: accountOf('RefreshToken', accountId) },
        grant: { $in: ids.map((id) => grantOf('RefreshToken', id)) },
      })
    },
    async forgetGrants(accountId, clientId) {
      for (const model of ['Grant', 'RefreshToken'])
        await collectionOf(model).deleteMany(
          clientId
            ? { holder: { $in: accountAtClientOf(model, accountId, clientId) } }
            : { account: { $in: accountOf(model, accountId) } },
        )
    },
  }
}
