import type { Adapter, AdapterPayload } from 'oidc-provider'
import { AlreadyUsed, type OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { MongoStore } from './mongo-store.ts'
import { majority } from './write-concern.ts'

export type OidcMongo = Omit<OidcStorage, 'sessionsOf' | 'endSession'>

type Stored = {
  /** Keyed digest of the id. */
  _id: string
  /** The payload. */
  sealed: string
  /** Keyed digest of the grant's id. */
  grant?: string
  /** Keyed digest of the account. */
  account?: string
  /** Keyed digest of account and client. */
  holder?: string
  /** A Grant that is only remembered. */
  ended?: true
  storedAt: Date
  expiresAt?: Date
  /** When it was used, in seconds since 1970. */
  consumed?: number
}

/**
 * The durable records of oidc-provider: a collection for each model, ids as keyed digests, payloads sealed. MongoDB
 * removes what has ended; until it gets round to it (a minute) `expiresAt` decides.
 */
export async function oidcMongo({
  connection,
  encryption,
  clock,
  models = ['Grant', 'RefreshToken', 'RegistrationAccessToken', 'InitialAccessToken'],
}: MongoStore & { readonly models?: readonly string[] }): Promise<OidcMongo> {
  const nameOf = (model: string) => `oidc.${model}`
  const collectionOf = (model: string) =>
    connection.collection<Stored>(nameOf(model), { writeConcern: majority })
  const digest = (model: string, kind: string, id: string) =>
    encryption.blindIndex(`${nameOf(model)}${kind}`, id)
  const grantOf = (model: string, grantId: string) => digest(model, '.grant', grantId)
  const accountOf = (model: string, accountId: string) => digest(model, '.account', accountId)
  const holderOf = (model: string, accountId: string, clientId: string) =>
    digest(model, '.holder', JSON.stringify([accountId, clientId]))
  const context = (model: string, record: string) => ({
    collection: nameOf(model),
    record,
    field: 'payload',
  })

  await Promise.all(
    models.map((model) =>
      collectionOf(model).createIndexes([
        { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
        { key: { grant: 1 }, sparse: true },
        { key: { holder: 1, storedAt: -1 }, sparse: true },
        { key: { account: 1 }, sparse: true },
      ]),
    ),
  )

  function toStored(model: string, record: string, payload: AdapterPayload, expiresIn?: number) {
    const { grantId, accountId, clientId } = payload
    const now = clock()
    return {
      sealed: encryption.encrypt(JSON.stringify(payload), context(model, record)),
      storedAt: new Date(now),
      ...(expiresIn && { expiresAt: new Date(now + expiresIn * 1000) }),
      ...(grantId && { grant: grantOf(model, grantId) }),
      ...(accountId && { account: accountOf(model, accountId) }),
      ...(accountId && clientId && { holder: holderOf(model, accountId, clientId) }),
    } satisfies Omit<Stored, '_id'>
  }

  const refreshTokens = collectionOf('RefreshToken')
  const refreshRecordOf = (id: string) => digest('RefreshToken', '', id)
  const successorOf = (id: string) => digest('RefreshToken', '.successor', id)
  const consumedNow = () => ({ $set: { consumed: Math.floor(clock() / 1000) } })

  function open(model: string, stored: Stored | null): AdapterPayload | undefined {
    if (!stored || (stored.expiresAt && stored.expiresAt.getTime() <= clock())) return undefined
    const payload: AdapterPayload = JSON.parse(
      encryption.decrypt(stored.sealed, context(model, stored._id)),
    )
    return stored.consumed ? { ...payload, consumed: stored.consumed } : payload
  }

  return {
    of(model) {
      const collection = collectionOf(model)
      const recordOf = (id: string) => digest(model, '', id)
      return {
        async upsert(id, payload, expiresIn) {
          const record = recordOf(id)
          const stored = toStored(model, record, payload, expiresIn)
          await collection.updateOne({ _id: record }, { $set: stored }, { upsert: true })
        },
        find: async (id) => {
          const stored = await collection.findOne({ _id: recordOf(id) })
          return stored?.ended ? undefined : open(model, stored)
        },
        // Sessions and device codes, which are found so, are short-lived and stand in Redis.
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
          throw new AlreadyUsed(open(model, await collection.findOne({ _id }))?.grantId)
        },
        async revokeByGrantId(grantId) {
          await collection.deleteMany({ grant: grantOf(model, grantId) })
        },
      } satisfies Adapter
    },
    successorOf,
    async rotate(id, successor, expiresIn) {
      const record = refreshRecordOf(successorOf(id))
      // One update command, carried out in this order: where it stops between, the used token can be used again and
      // gets the successor that is there already.
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
    async moveEnd(id, payload, expiresIn) {
      const record = refreshRecordOf(id)
      const { sealed, expiresAt } = toStored('RefreshToken', record, payload, expiresIn)
      await refreshTokens.updateOne(
        { _id: record },
        { $set: { sealed, ...(expiresAt && { expiresAt }) } },
      )
    },
    async latestGrant(accountId, clientId) {
      const latest = await collectionOf('Grant').findOne(
        { holder: holderOf('Grant', accountId, clientId) },
        { sort: { storedAt: -1 } },
      )
      return open('Grant', latest)
    },
    async grantsOf(accountId) {
      const account = accountOf('Grant', accountId)
      const stored = await collectionOf('Grant').find({ account }).sort({ storedAt: 1 }).toArray()
      return stored.flatMap((grant) => {
        const payload = open('Grant', grant)
        return payload ? { payload, ended: grant.ended ?? false } : []
      })
    },
    async endGrants(accountId, ids) {
      // Grants first: without one, nothing that was given for it is good any more.
      await collectionOf('Grant').updateMany(
        {
          account: accountOf('Grant', accountId),
          _id: { $in: ids.map((id) => digest('Grant', '', id)) },
        },
        { $set: { ended: true } },
      )
      await refreshTokens.deleteMany({
        account: accountOf('RefreshToken', accountId),
        grant: { $in: ids.map((id) => grantOf('RefreshToken', id)) },
      })
    },
    async forgetGrants(accountId, clientId) {
      for (const model of ['Grant', 'RefreshToken'])
        await collectionOf(model).deleteMany(
          clientId
            ? { holder: holderOf(model, accountId, clientId) }
            : { account: accountOf(model, accountId) },
        )
    },
  }
}
