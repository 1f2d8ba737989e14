import { randomInt } from 'node:crypto'
import type { ClientSession, mongo } from 'mongoose'
import { captchaDigits } from '../../../config/limits/captcha-limits.ts'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { documentKey } from '../../people/fields/id-document.ts'
import { nameKey } from '../../people/fields/person-name.ts'
import type { CounterProofHolder, CounterProofs } from '../../ports/counter-proofs.ts'
import type { InsertTasks } from '../mongo/accounts-mongo.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { transaction } from '../mongo/transaction.ts'
import { majority } from '../mongo/write-concern.ts'

type CounterProofRecord = {
  /** The id of the review. */
  readonly _id: string
  /** The lookup indexes of document and phone. */
  readonly holderDigest: readonly string[]
  /** The document's key and the phone, encrypted, so that a rotation can compute the index again. */
  readonly sealed: string
  readonly codeDigest: string
  readonly wrong: number
  readonly account?: string
  readonly issuedAt: Date
  readonly goodFrom: Date
  readonly expiresAt: Date
  readonly usedAt?: Date
  readonly dataKey: number
}

export const counterProofIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { key: { holderDigest: 1 }, unique: true },
]

/** Creates its indexes first. `use` uses a code up within the transaction of the account; false if it is not good any more. */
export async function counterProofsMongo({
  connection,
  encryption,
  clock,
  policy,
  insertTasks,
}: MongoStore & {
  readonly policy: Policy['counterProofs']
  readonly insertTasks: InsertTasks
}): Promise<CounterProofs & { use(id: string, session: ClientSession): Promise<boolean> }> {
  const records = connection.collection<CounterProofRecord>('counter_proofs', {
    writeConcern: majority,
  })
  await buildIndexes(records, counterProofIndexes)
  const context = (record: string) => ({ collection: 'counter_proofs', record, field: 'holder' })
  const holderKey = ({ document, phone }: CounterProofHolder) =>
    JSON.stringify([documentKey(document), phone])
  const holderDigest = (holder: CounterProofHolder) =>
    encryption.lookupIndexes('counter_proofs.holder', holderKey(holder))
  const codeDigest = (record: string, { name }: CounterProofHolder, code: string) =>
    encryption.blindIndex('counter_proofs.code', JSON.stringify([record, nameKey(name), code]))
  const good = () => ({
    usedAt: { $exists: false },
    expiresAt: { $gt: new Date(clock()) },
    wrong: { $lt: policy.tries },
  })

  return {
    async issue(_id, holder, account, messages) {
      const now = clock()
      const goodFrom = now + (account ? policy.waitOfKnown * 1000 : 0)
      const code = drawCode()
      const digests = holderDigest(holder)
      const record: CounterProofRecord = {
        _id,
        holderDigest: digests,
        sealed: encryption.encrypt(holderKey(holder), context(_id)),
        codeDigest: codeDigest(_id, holder, code),
        wrong: 0,
        ...(account && { account }),
        issuedAt: new Date(now),
        goodFrom: new Date(goodFrom),
        expiresAt: new Date(goodFrom + policy.lifetime * 1000),
        dataKey: encryption.dataKey(),
      }
      await transaction(connection, async (session) => {
        if (await records.findOne({ _id }, { session })) return
        await records.deleteMany({ holderDigest: { $in: [...digests] } }, { session })
        await records.insertOne(record, { session })
        await insertTasks(messages(code), session)
      })
    },

    async check(holder, typed) {
      const found = await records.findOne(
        { holderDigest: { $in: [...holderDigest(holder)] } },
        { projection: { _id: 1 } },
      )
      if (!found) return 'wrong'
      const { _id } = found
      const isRight = { $eq: ['$codeDigest', codeDigest(_id, holder, typed)] }
      // One update compares and counts, so that of concurrent tries none is compared after the last one.
      const record = await records.findOneAndUpdate({ _id, ...good() }, [
        { $set: { wrong: { $add: ['$wrong', { $cond: [isRight, 0, 1] }] } } },
      ])
      if (!record || record.codeDigest !== codeDigest(_id, holder, typed)) return 'wrong'
      const { account, goodFrom, issuedAt } = record
      return {
        ...{ id: _id, provedAt: issuedAt.getTime(), goodFrom: goodFrom.getTime() },
        ...(account && { account }),
      }
    },

    async use(id, session) {
      const used = await records.updateOne(
        { _id: id, ...good() },
        { $set: { usedAt: new Date(clock()) } },
        { session },
      )
      return used.matchedCount === 1
    },
  }
}

/** Eight of the captcha's characters: 43 million codes, of which five can be tried. */
const drawCode = () =>
  Array.from({ length: 8 }, () => captchaDigits.charAt(randomInt(captchaDigits.length))).join('')
