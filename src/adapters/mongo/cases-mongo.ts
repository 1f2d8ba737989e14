import { randomInt } from 'node:crypto'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Case } from '../../people/support-case.ts'
import type { Cases } from '../../ports/cases.ts'
import { buildIndexes } from './build-indexes.ts'
import type { MongoStore } from './mongo-store.ts'

type CaseRecord = {
  readonly _id: string
  readonly at: Date
  readonly expiresAt: Date
  readonly sealed: string
  /** Absent in records of an earlier version, which counts as 1. */
  readonly tries?: number
  readonly dataKey: number
}

/** Without 0 O 1 I L U V, which are mistaken for one another on the telephone. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const context = (record: string) => ({ collection: 'cases', record, field: 'case' })

/** Creates its index first. */
export async function casesMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Policy['cases'] }): Promise<Cases> {
  const records = connection.collection<CaseRecord>('cases')
  await buildIndexes(records, [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }])
  return {
    async file(found, earlier) {
      const number = earlier ? withoutSeparators(earlier) : drawNumber()
      const now = clock()
      const facts = {
        at: new Date(now),
        expiresAt: new Date(now + policy.keep * 1000),
        sealed: encryption.encrypt(JSON.stringify(found), context(number)),
        dataKey: encryption.dataKey(),
      }
      // There are 29^8 numbers. If one is drawn twice the request fails, and the person can repeat it.
      if (!earlier) await records.insertOne({ _id: number, ...facts, tries: 1 })
      else
        await records.updateOne(
          { _id: number },
          { $set: facts, $inc: { tries: 1 } },
          { upsert: true },
        )
      return `${number.slice(0, 4)}-${number.slice(4)}`
    },
    async find(typed) {
      const number = withoutSeparators(typed)
      const record = await records.findOne({ _id: number })
      if (!record || record.expiresAt.getTime() <= clock()) return undefined
      const found = JSON.parse(encryption.decrypt(record.sealed, context(number))) as Case
      return { ...found, at: record.at.getTime(), tries: record.tries ?? 1 }
    },
  }
}

const withoutSeparators = (number: string) => number.toUpperCase().replace(/[\s-]/g, '')

const drawNumber = () =>
  Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
