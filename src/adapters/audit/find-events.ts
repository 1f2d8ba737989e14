import type { Connection } from 'mongoose'
import * as z from 'zod'
import { namedNetwork } from '../../people/network.ts'
import { type Audit, type AuditFilter, BadCursor, type RecordedEvent } from '../../ports/audit.ts'
import { auditRecords } from './audit-collection.ts'
import { type AuditEncryption, recordedEvent } from './audit-record.ts'

/** The most events of a page. */
const mostOnPage = 1000

export function findEvents(
  connection: Connection,
  encryption: AuditEncryption,
): Pick<Audit, 'count' | 'find' | 'latest'> {
  const records = auditRecords(connection)
  return {
    async latest(accountId, limit, except = []) {
      const found = records
        .find({ accountId, what: { $nin: [...except] } })
        .sort({ at: -1, _id: -1 })
        .limit(limit)
      return (await found.toArray()).map((record) => recordedEvent(record, encryption))
    },
    count: (filter, most) => records.countDocuments(filterOf(filter, encryption), { limit: most }),
    async find({ cursor, limit, first = 'newest', ...filter }) {
      const direction = first === 'newest' ? -1 : 1
      const size = Math.min(limit, mostOnPage)
      const found = await records
        .find({
          $and: [filterOf(filter, encryption), ...(cursor ? [after(cursor, direction)] : [])],
        })
        .sort({ at: direction, _id: direction })
        .limit(size + 1)
        .toArray()
      const events = found.slice(0, size).map((record) => recordedEvent(record, encryption))
      const last = found.length > size ? events.at(-1) : undefined
      return { events, ...(last && { next: cursorAt(last) }) }
    },
  }
}

/** Undefined members are left out by the driver's `ignoreUndefined` only at the top level, so here by hand. */
function filterOf(
  { from, to, account, client, operator, what, flow, address }: AuditFilter,
  { lookupIndexes }: AuditEncryption,
) {
  const network = address && namedNetwork(address)
  return {
    at: {
      ...(from !== undefined && { $gte: new Date(from) }),
      $lt: new Date(to ?? endOfTime),
    },
    ...(account && { accountId: account }),
    ...(client && { clientId: client }),
    ...(operator && { operator }),
    ...(what && { what }),
    ...(flow && { flow }),
    ...(address && {
      addressIndexes: { $in: [...lookupIndexes('audit.address', network ?? address)] },
    }),
  }
}

/** The last Date of ECMAScript. */
const endOfTime = 8.64e15

/** The events behind the cursor in the order of the page. The first condition is a range of the index. */
function after(cursor: string, direction: 1 | -1) {
  const { at, id } = readCursor(cursor)
  const [beyond, reached] =
    direction === 1 ? (['$gt', '$gte'] as const) : (['$lt', '$lte'] as const)
  return { at: { [reached]: at }, $or: [{ at: { [beyond]: at } }, { _id: { [beyond]: id } }] }
}

const cursorAt = ({ at, id }: Pick<RecordedEvent, 'at' | 'id'>): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url')

const cursorContent = z.tuple([z.int().min(0).max(endOfTime), z.string().max(100)])

function readCursor(cursor: string): { readonly at: Date; readonly id: string } {
  try {
    const [at, id] = cursorContent.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { at: new Date(at), id }
  } catch (error) {
    throw new BadCursor('the cursor is not one of a page', { cause: error })
  }
}
