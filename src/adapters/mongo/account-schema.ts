import { Schema } from 'mongoose'
import type { Account } from '../../people/account.ts'

/**
 * The encrypted fields. `gender` and `birthdate` belong to individuals, `unit` to organisations, `bank` and those of the card
 * to people whom a bank has proved.
 */
const always = ['username', 'passwordHash', 'name', 'idType', 'idNumber', 'phone']
const sometimes = [
  'bank',
  'card',
  'idCountry',
  'gender',
  'birthdate',
  'cardKind',
  'cardDigest',
  'unit',
  'questions',
]
/** Personal data, each field encrypted separately (decision 0060). */
export type EncryptedFields = Readonly<Record<string, string>>

export type AccountRecord = {
  readonly _id: string
  /** Absent in records from before organisations could register; those are individuals. */
  readonly kind?: Account['kind']
  /** The lookup indexes: an array, or one string in records of an earlier version. */
  readonly usernameDigest: readonly string[] | string
  readonly documentDigest: readonly string[] | string
  readonly phoneDigest: readonly string[] | string
  /** Empty after a counter proof. */
  readonly cardDigest: readonly string[] | string
  readonly sealed: EncryptedFields
  /** When a bank or a counter last confirmed the person. */
  readonly provedAt: Date
  /** Absent: a bank. */
  readonly provedBy?: 'counter'
  /** Absent after a counter proof. */
  readonly consent?: { readonly wording: string; readonly at: Date }
  /** Absent in records from before there was a user agreement. */
  readonly agreement?: { readonly terms: string; readonly privacy: string; readonly at: Date }
  /** When the legal representative was verified. */
  readonly confirmedAt?: Date
  readonly closingSince?: Date
  readonly frozenSince?: Date
  readonly registeredAt: Date
  readonly updatedAt: Date
  /** Names the request that changed the account last, so that its repetition changes nothing. */
  readonly changedBy?: string
  readonly version: number
  readonly dataKey: number
}

const text = { type: String, required: true } as const
const indexes = { type: [String], required: true } as const
const time = { type: Date, required: true } as const
const allOf = (fields: readonly string[], type: object) =>
  Object.fromEntries(fields.map((field) => [field, type]))

export const accountSchema = new Schema<AccountRecord>(
  {
    _id: text,
    kind: String,
    usernameDigest: indexes,
    documentDigest: indexes,
    phoneDigest: { ...indexes, index: true },
    cardDigest: indexes,
    sealed: { ...allOf(always, text), ...allOf(sometimes, { type: String }) },
    provedAt: time,
    provedBy: String,
    consent: { type: { wording: text, at: time, _id: false }, required: false },
    agreement: { type: { terms: text, privacy: text, at: time, _id: false }, required: false },
    confirmedAt: Date,
    closingSince: Date,
    frozenSince: Date,
    registeredAt: time,
    updatedAt: time,
    changedBy: String,
    version: { type: Number, required: true },
    dataKey: { type: Number, required: true },
  },
  { collection: 'accounts', versionKey: false, strict: 'throw' },
)

// Reservations keep them unique (decision 0257). The names differ from those of the unique indexes of an earlier version.
accountSchema.index({ usernameDigest: 1 }, { name: 'username' })
accountSchema.index({ documentDigest: 1 }, { name: 'document' })
