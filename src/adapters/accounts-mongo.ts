import mongoose, { type Connection, Schema } from 'mongoose'
import type { Individual, NewIndividual } from '../people/account.ts'
import { maskedAccount } from '../people/bank-card.ts'
import { documentKey, type IdDocument } from '../people/id-document.ts'
import { usernameKey } from '../people/username.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Sealing } from './sealing.ts'

/**
 * Makes its indexes first. Every word about a person is sealed on its own, the password's hash too: whoever writes
 * into the database can't give an account another password. Digests find a record, and make it unique.
 */
export async function accountsMongo(connection: Connection, sealing: Sealing): Promise<Accounts> {
  const records = connection.model('Account', schema)
  await records.createIndexes()

  const digest = {
    username: (username: string) => sealing.digest('accounts.username', usernameKey(username)),
    document: (document: IdDocument) => sealing.digest('accounts.document', documentKey(document)),
  }
  const place = (record: string, field: string) => ({ collection: 'accounts', record, field })

  const toRecord = (account: NewIndividual): AccountRecord => {
    const { id, card } = account
    const seal = (field: SealedField, value: string) => sealing.seal(value, place(id, field))
    return {
      _id: id,
      usernameDigest: digest.username(account.username),
      documentDigest: digest.document(account.document),
      phoneDigest: sealing.digest('accounts.phone', account.phone),
      cardDigest: sealing.digest('accounts.card', card.account),
      sealed: {
        username: seal('username', account.username),
        passwordHash: seal('passwordHash', account.passwordHash),
        name: seal('name', account.name),
        idType: seal('idType', account.document.type),
        idNumber: seal('idNumber', account.document.number),
        gender: seal('gender', account.gender),
        birthdate: seal('birthdate', account.birthdate),
        phone: seal('phone', account.phone),
        bank: seal('bank', card.bank),
        card: seal('card', maskedAccount(card.account)),
        ...(card.kind && { cardKind: seal('cardKind', card.kind) }),
      },
      provedAt: new Date(card.provedAt),
      consent: { wording: account.consent.wording, at: new Date(account.consent.at) },
      registeredAt: new Date(account.registeredAt),
      updatedAt: new Date(account.registeredAt),
      version: 1,
    }
  }

  const toAccount = ({ _id: id, sealed, ...record }: AccountRecord): Individual => {
    // What opens at its place is what was sealed there: its type is the one it had.
    const open = <T extends string>(field: SealedField) =>
      sealing.open(sealed[field] ?? '', place(id, field)) as T
    return {
      id,
      username: open('username'),
      passwordHash: open('passwordHash'),
      name: open('name'),
      document: { type: open('idType'), number: open('idNumber') },
      gender: open('gender'),
      birthdate: open('birthdate'),
      phone: open('phone'),
      card: {
        bank: open('bank'),
        masked: open('card'),
        provedAt: record.provedAt.getTime(),
        ...(sealed.cardKind && { kind: open('cardKind') }),
      },
      registeredAt: record.registeredAt.getTime(),
    }
  }

  const find = async (by: { _id: string } | { usernameDigest: string }) => {
    const record = await records.findOne(by).lean<AccountRecord>()
    return record ? toAccount(record) : undefined
  }
  const exists = async (by: Partial<AccountRecord>) => (await records.exists(by)) !== null

  return {
    usernameTaken: (username) => exists({ usernameDigest: digest.username(username) }),
    documentTaken: (document) => exists({ documentDigest: digest.document(document) }),
    async create(account) {
      try {
        await records.create(toRecord(account))
        return 'created'
      } catch (error) {
        if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== 11000) throw error
        if (await exists({ _id: account.id })) return 'created'
        return 'usernameDigest' in error['keyPattern'] ? 'username_taken' : 'document_taken'
      }
    },
    findById: (id) => find({ _id: id }),
    findByUsername: (username) => find({ usernameDigest: digest.username(username) }),
  }
}

const sealedFields = [
  'username',
  'passwordHash',
  'name',
  'idType',
  'idNumber',
  'gender',
  'birthdate',
  'phone',
  'bank',
  'card',
] as const
type SealedField = (typeof sealedFields)[number] | 'cardKind'

/** `version` grows with each change, so that a later one can be refused when it knew an older state. */
type AccountRecord = {
  readonly _id: string
  readonly usernameDigest: string
  readonly documentDigest: string
  readonly phoneDigest: string
  readonly cardDigest: string
  readonly sealed: Readonly<Record<(typeof sealedFields)[number], string>> & {
    readonly cardKind?: string
  }
  /** When a bank confirmed the person last. */
  readonly provedAt: Date
  readonly consent: { readonly wording: string; readonly at: Date }
  readonly registeredAt: Date
  readonly updatedAt: Date
  readonly version: number
}

const text = { type: String, required: true } as const
const time = { type: Date, required: true } as const
const schema = new Schema<AccountRecord>(
  {
    _id: text,
    usernameDigest: { ...text, unique: true },
    documentDigest: { ...text, unique: true },
    phoneDigest: text,
    cardDigest: text,
    sealed: { ...Object.fromEntries(sealedFields.map((field) => [field, text])), cardKind: String },
    provedAt: time,
    consent: { wording: text, at: time },
    registeredAt: time,
    updatedAt: time,
    version: { type: Number, required: true },
  },
  { collection: 'accounts', versionKey: false, strict: 'throw' },
)
