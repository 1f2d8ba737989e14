import { randomInt } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Case } from '../../people/support-case.ts'
import type { CaseNote, CaseState, Cases, FiledCase } from '../../ports/cases.ts'
import { buildIndexes } from './build-indexes.ts'
import type { MongoStore } from './mongo-store.ts'

type CaseRecord = {
  readonly _id: string
  readonly at: Date
  readonly expiresAt: Date
  readonly sealed: string
  /** Absent in records of an earlier version, which counts as 1. */
  readonly tries?: number
  /** Absent while the case waits. */
  readonly state?: CaseState
  /** The notes, encrypted as a whole: people write names into them. */
  readonly notes?: string
  readonly dataKey: number
}

/** Without 0 O 1 I L U V, which are mistaken for one another on the telephone. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const context = (record: string) => ({ collection: 'cases', record, field: 'case' })
const notesContext = (record: string) => ({ collection: 'cases', record, field: 'notes' })

export const caseIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { key: { at: -1, _id: -1 } },
  { key: { state: 1, at: -1, _id: -1 } },
]

/** Creates its indexes first. */
export async function casesMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Policy['cases'] }): Promise<Cases> {
  const records = connection.collection<CaseRecord>('cases')
  await buildIndexes(records, caseIndexes)

  const notesOf = ({ _id, notes }: CaseRecord): readonly CaseNote[] =>
    notes === undefined ? [] : JSON.parse(encryption.decrypt(notes, notesContext(_id)))

  function toCase(record: CaseRecord): FiledCase {
    const { _id, at, sealed, tries = 1, state = 'waiting' } = record
    const found: Case = JSON.parse(encryption.decrypt(sealed, context(_id)))
    const number = withHyphen(_id)
    return { ...found, number, at: at.getTime(), tries, state, notes: notesOf(record) }
  }

  async function present(_id: string): Promise<CaseRecord | undefined> {
    const record = await records.findOne({ _id })
    return record && record.expiresAt.getTime() > clock() ? record : undefined
  }

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
      else {
        await records.updateOne(
          { _id: number },
          { $set: facts, $inc: { tries: 1 } },
          { upsert: true },
        )
        await records.updateOne({ _id: number, state: 'done' }, { $unset: { state: '' } })
      }
      return withHyphen(number)
    },
    async find(typed) {
      const record = await present(withoutSeparators(typed))
      return record && toCase(record)
    },
    async list({ state, cursor, limit }) {
      const found = await records
        .find({
          expiresAt: { $gt: new Date(clock()) },
          ...(state && { state: state === 'waiting' ? { $exists: false } : state }),
          ...after(cursor),
        })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .toArray()
      const shown = found.slice(0, limit)
      const last = found.length > limit ? shown.at(-1) : undefined
      return {
        cases: shown.map(toCase),
        ...(last && { next: `${last.at.getTime()}.${last._id}` }),
      }
    },
    async handle(typed, { state, note }) {
      for (;;) {
        const record = await present(withoutSeparators(typed))
        if (!record) return false
        const { _id, notes } = record
        const all = [...notesOf(record), ...(note ? [{ at: clock(), ...note }] : [])]
        const change = {
          ...(note && { notes: encryption.encrypt(JSON.stringify(all), notesContext(_id)) }),
          ...(state !== 'waiting' && { state }),
        }
        const { matchedCount } = await records.updateOne(
          // The filter finds nothing if another operator has added a note meanwhile.
          { _id, notes: notes ?? { $exists: false } },
          {
            ...(Object.keys(change).length && { $set: change }),
            ...(state === 'waiting' && { $unset: { state: '' as const } }),
          },
        )
        if (matchedCount === 1) return true
      }
    },
  }
}

/** The cases behind the cursor; an unknown one begins at the latest. */
function after(cursor: string | undefined) {
  const [at, id] = /^(\d{1,15})\.([2-9A-Z]{8})$/.exec(cursor ?? '')?.slice(1) ?? []
  if (!at || !id) return {}
  const date = new Date(Number(at))
  return { $or: [{ at: { $lt: date } }, { at: date, _id: { $lt: id } }] }
}

const withoutSeparators = (number: string) => number.toUpperCase().replace(/[\s-]/g, '')
const withHyphen = (number: string) => `${number.slice(0, 4)}-${number.slice(4)}`

const drawNumber = () =>
  Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
