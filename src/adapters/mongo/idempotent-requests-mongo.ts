import { randomUUID } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type {
  BegunRequest,
  IdempotentRequest,
  IdempotentRequests,
  RecordedAnswer,
} from '../../ports/idempotent-requests.ts'
import { buildIndexes } from './build-indexes.ts'
import { isDuplicateKey } from './duplicate-key.ts'
import type { MongoStore } from './mongo-store.ts'
import { majority } from './write-concern.ts'

/**
 * `by` names the request to the store that it changes; `holder` is the attempt that executes it, until `heldUntil`.
 * `tickets` are the blind indexes of its `jti`s, or of its key if it needs no statement. `content` is the encrypted digest of its content, which somebody could
 * guess; in records of an earlier version the digest alone.
 */
type RequestRecord = {
  readonly _id: string
  readonly by: string
  readonly content: string
  readonly tickets: readonly string[]
  readonly holder: string
  readonly heldUntil: Date
  readonly plan?: string
  readonly answer?: string
  readonly expiresAt: Date
  readonly dataKey: number
}

export const idempotentRequestIndexes: mongo.IndexDescription[] = [
  { key: { tickets: 1 }, unique: true },
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]

/** Creates its indexes first. They decide which of concurrent requests came first, also between processes. */
export async function idempotentRequestsMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & {
  readonly policy: Pick<Policy['terminals'], 'keep' | 'lease'>
}): Promise<IdempotentRequests> {
  const records = connection.collection<RequestRecord>('acts', { writeConcern: majority })
  await buildIndexes(records, idempotentRequestIndexes)
  const inSeconds = (seconds: number) => new Date(clock() + seconds * 1000)
  const context = (record: string, field: string) => ({ collection: 'acts', record, field })

  const blindIndexesOf = ({ caller, key, content, jti }: IdempotentRequest) => ({
    _id: encryption.blindIndex('acts.key', JSON.stringify([caller, key])),
    content: encryption.blindIndex('acts.content', content),
    jti: encryption.blindIndex('acts.ticket', JSON.stringify([caller, jti ?? { key }])),
  })

  const decrypted = (_id: string, field: string, value: string) =>
    JSON.parse(encryption.decrypt(value, context(_id, field)))

  const begunAttempt = ({ _id, by, holder, plan: earlier }: RequestRecord): BegunRequest => ({
    by,
    async once(plan) {
      if (earlier) return decrypted(_id, 'plan', earlier)
      const planned = await plan()
      const encrypted = encryption.encrypt(JSON.stringify(planned), context(_id, 'plan'))
      const { matchedCount } = await records.updateOne(
        { _id, holder },
        { $set: { plan: encrypted } },
      )
      if (!matchedCount) throw new Error('another attempt has taken this request over')
      return planned
    },
    async finish(answer) {
      const encrypted = encryption.encrypt(JSON.stringify(answer), context(_id, 'answer'))
      await records.updateOne({ _id, answer: { $exists: false } }, { $set: { answer: encrypted } })
    },
    async giveUp() {
      await records.updateOne({ _id, holder }, { $set: { heldUntil: new Date(0) } })
    },
  })

  const contentOf = ({ _id, content }: RequestRecord) =>
    content.includes('.') ? encryption.decrypt(content, context(_id, 'content')) : content

  /** Inserts the first request with this key and jti. Undefined if either was stored before. */
  async function insert({ _id, content, jti }: ReturnType<typeof blindIndexesOf>, keep: number) {
    const record = {
      ...{ _id, tickets: [jti], by: randomUUID(), holder: randomUUID() },
      content: encryption.encrypt(content, context(_id, 'content')),
      dataKey: encryption.dataKey(),
      heldUntil: inSeconds(policy.lease),
      expiresAt: inSeconds(keep),
    }
    return unlessDuplicate(async () => {
      await records.insertOne(record)
      return record
    })
  }

  return {
    async begin(request) {
      const indexes = blindIndexesOf(request)
      const { _id, content, jti } = indexes
      const { fresh = true, keep = policy.keep } = request
      const inserted = fresh ? await insert(indexes, keep) : undefined
      if (inserted) return begunAttempt(inserted)
      const record = await records.findOne({ _id })
      if (!record) return fresh ? 'used_jti' : 'late_jti'
      if (contentOf(record) !== content) return 'other_content'
      if (!record.tickets.includes(jti)) {
        if (!fresh) return 'late_jti'
        const added = await unlessDuplicate(() =>
          records.updateOne({ _id }, { $addToSet: { tickets: jti } }),
        )
        if (!added) return 'used_jti'
      }
      if (record.answer)
        return { answered: decrypted(_id, 'answer', record.answer) as RecordedAnswer }
      const takenOver = await records.findOneAndUpdate(
        { _id, answer: { $exists: false }, heldUntil: { $lte: new Date(clock()) } },
        { $set: { holder: randomUUID(), heldUntil: inSeconds(policy.lease) } },
        { returnDocument: 'after' },
      )
      return takenOver ? begunAttempt(takenOver) : 'under_way'
    },
  }
}

/** Undefined if a unique index rejects the write. */
async function unlessDuplicate<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write()
  } catch (error) {
    if (isDuplicateKey(error)) return undefined
    throw error
  }
}
