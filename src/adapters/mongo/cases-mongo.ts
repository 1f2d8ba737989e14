import { randomInt } from 'node:crypto'
import type { Policy } from '../../../config/policy.ts'
import type { Case } from '../../people/case.ts'
import type { Cases } from '../../ports/cases.ts'
import type { MongoStore } from './mongo-store.ts'

type CaseRecord = {
  readonly _id: string
  readonly at: Date
  readonly expiresAt: Date
  readonly sealed: string
  /** Absent in a record of an earlier version, which was one. */
  readonly tries?: number
}

/** Without 0 O 1 I L U V: read out on the telephone they are one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const context = (record: string) => ({ collection: 'cases', record, field: 'case' })

/** Makes its index first. */
export async function casesMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Policy['cases'] }): Promise<Cases> {
  const records = connection.collection<CaseRecord>('cases')
  await records.createIndexes([{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }])
  return {
    async file(found, earlier) {
      const number = earlier ? plain(earlier) : drawNumber()
      const now = clock()
      const facts = {
        at: new Date(now),
        expiresAt: new Date(now + policy.keep * 1000),
        sealed: encryption.encrypt(JSON.stringify(found), context(number)),
      }
      // 29^8 numbers: one that is drawn twice fails as any fault does, and nothing is lost by asking again.
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
      const number = plain(typed)
      const record = await records.findOne({ _id: number })
      if (!record || record.expiresAt.getTime() <= clock()) return undefined
      const found = JSON.parse(encryption.decrypt(record.sealed, context(number))) as Case
      return { ...found, at: record.at.getTime(), tries: record.tries ?? 1 }
    },
  }
}

const plain = (number: string) => number.toUpperCase().replace(/[\s-]/g, '')

const drawNumber = () =>
  Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
