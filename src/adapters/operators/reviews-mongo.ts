import { randomUUID } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Review } from '../../people/review.ts'
import type { Decider, Reviews } from '../../ports/operators/reviews.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'

type ReviewRecord = {
  readonly _id: string
  readonly kind: Review['kind']
  readonly dataKey: number
  readonly asker: string
  readonly askedAt: Date
  readonly expiresAt: Date
  readonly state: Review['state']
  /** Encrypted: reason, payload, the decision's reason, and what each of the two sees once. */
  readonly sealed: Readonly<Record<string, string>>
  readonly decidedBy?: string
  readonly decidedAt?: Date
  /** While a decision is made, the time from which another one may begin. */
  readonly leasedUntil?: Date
}

type SealedField = 'reason' | 'payload' | 'decision' | 'toAsker' | 'toDecider'

/** Longer than any execution takes, in ms. */
const lease = 60_000

/** Finds the few records with a text that an operator has not seen yet. */
const toBeShown = (operator: 'asker' | 'decidedBy', text: SealedField) => ({
  key: { [operator]: 1 } as const,
  partialFilterExpression: { [`sealed.${text}`]: { $exists: true } },
})

/** Seconds. The audit keeps who asked and decided; the matter itself may contain personal data. */
const keptAfterEnd = 180 * 24 * 3600

export const reviewIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: keptAfterEnd },
  { key: { askedAt: -1 } },
  toBeShown('asker', 'toAsker'),
  toBeShown('decidedBy', 'toDecider'),
]

/** Creates its indexes first. */
export async function reviewsMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & {
  readonly policy: Pick<Policy['operators'], 'review'>
}): Promise<Reviews> {
  const records = connection.collection<ReviewRecord>('reviews', { writeConcern: majority })
  await buildIndexes(records, reviewIndexes)
  const context = (record: string, field: SealedField) => ({ collection: 'reviews', record, field })
  const encrypted = (id: string, field: SealedField, value: unknown) =>
    encryption.encrypt(JSON.stringify(value), context(id, field))
  const decrypted = <T>({ _id, sealed }: ReviewRecord, field: SealedField): T =>
    JSON.parse(encryption.decrypt(sealed[field] ?? '', context(_id, field)))

  function toReview(record: ReviewRecord): Review {
    const { _id: id, kind, asker, state, askedAt, expiresAt, decidedBy, decidedAt } = record
    return {
      ...{ id, kind, asker, state },
      askedAt: askedAt.getTime(),
      expiresAt: expiresAt.getTime(),
      reason: decrypted<string>(record, 'reason'),
      payload: decrypted<unknown>(record, 'payload'),
      ...(decidedBy &&
        decidedAt && {
          decision: {
            by: decidedBy,
            at: decidedAt.getTime(),
            reason: decrypted<string>(record, 'decision'),
          },
        }),
    }
  }

  /** One filter decides, so that of concurrent decisions one succeeds. */
  const decidable = (_id: string, { id, sponsors }: Decider) => ({
    _id,
    state: 'waiting' as const,
    asker: { $nin: [id, ...sponsors] },
    expiresAt: { $gt: new Date(clock()) },
    $or: [{ leasedUntil: { $exists: false } }, { leasedUntil: { $lte: new Date(clock()) } }],
  })

  return {
    async ask({ reason, payload, ...review }) {
      const _id = randomUUID()
      await records.insertOne({
        _id,
        ...review,
        state: 'waiting',
        dataKey: encryption.dataKey(),
        askedAt: new Date(clock()),
        expiresAt: new Date(clock() + policy.review * 1000),
        sealed: {
          reason: encrypted(_id, 'reason', reason),
          payload: encrypted(_id, 'payload', payload),
        },
      })
      return _id
    },

    async find(_id) {
      const record = await records.findOne({ _id })
      return record ? toReview(record) : undefined
    },

    latest: async (most) =>
      (await records.find().sort({ askedAt: -1 }).limit(most).toArray()).map(toReview),

    async begin(id, decider, reason) {
      const leasedUntil = new Date(clock() + lease)
      const record = await records.findOneAndUpdate(
        decidable(id, decider),
        { $set: { leasedUntil } },
        { returnDocument: 'after' },
      )
      if (!record) return undefined
      /** Ends the lease of this decision, and stores what was decided. */
      async function end(set?: object): Promise<void> {
        const change = { ...(set && { $set: set }), $unset: { leasedUntil: '' as const } }
        await records.updateOne({ _id: id, leasedUntil }, change)
      }
      const decided = (state: 'approved' | 'refused') => ({
        state,
        decidedBy: decider.id,
        decidedAt: new Date(clock()),
        'sealed.decision': encrypted(id, 'decision', reason),
      })
      return {
        review: toReview(record),
        approve: ({ toAsker, toDecider }) =>
          end({
            ...decided('approved'),
            ...(toAsker && { 'sealed.toAsker': encrypted(id, 'toAsker', toAsker) }),
            ...(toDecider && { 'sealed.toDecider': encrypted(id, 'toDecider', toDecider) }),
          }),
        refuse: () => end(decided('refused')),
        giveUp: () => end(),
      }
    },

    async takeShown(operatorId) {
      const own = [
        { asker: operatorId, 'sealed.toAsker': { $exists: true } },
        { decidedBy: operatorId, 'sealed.toDecider': { $exists: true } },
      ]
      const taken = []
      for await (const { _id, asker } of records.find({ $or: own })) {
        const field = asker === operatorId ? 'toAsker' : 'toDecider'
        const record = await records.findOneAndUpdate(
          { _id, [`sealed.${field}`]: { $exists: true } },
          { $unset: { [`sealed.${field}`]: '' } },
        )
        // Only one of several concurrent requests shows it.
        if (record) taken.push({ review: toReview(record), text: decrypted<string>(record, field) })
      }
      return taken
    },
  }
}
