import { Schema } from 'mongoose'
import type {
  Account,
  AccountChange,
  ChangedProof,
  Consent,
  NewAccount,
  NewCard,
  SecurityQuestion,
  Unit,
} from '../../people/account.ts'
import { documentOfAccount } from '../../people/account.ts'
import type { Agreement } from '../../people/agreement.ts'
import { maskedAccount } from '../../people/fields/bank-card.ts'
import { documentKey, type IdDocument, type UnitDocument } from '../../people/fields/id-document.ts'
import { usernameKey } from '../../people/fields/username.ts'
import type { Encryption } from '../crypto/encryption.ts'

/** Every word about a person is sealed on its own; `gender` and `birthdate` only of an individual. */
const always = ['username', 'passwordHash', 'name', 'idType', 'idNumber', 'phone', 'bank', 'card']
const sometimes = ['gender', 'birthdate', 'cardKind', 'unit', 'questions']
type Sealed = Readonly<Record<string, string>>

export type AccountRecord = {
  readonly _id: string
  /** Absent in records from before organisations could register: an individual. */
  readonly kind?: Account['kind']
  readonly usernameDigest: string
  readonly documentDigest: string
  readonly phoneDigest: string
  readonly cardDigest: string
  readonly sealed: Sealed
  /** When a bank confirmed the person last. */
  readonly provedAt: Date
  readonly consent: { readonly wording: string; readonly at: Date }
  /** Absent in records from before there was a user agreement. */
  readonly agreement?: { readonly terms: string; readonly privacy: string; readonly at: Date }
  /** When the legal representative proved themself. */
  readonly confirmedAt?: Date
  readonly closingSince?: Date
  readonly registeredAt: Date
  readonly updatedAt: Date
  /** The act that changed it last. */
  readonly changedBy?: string
  readonly version: number
}

const text = { type: String, required: true } as const
const time = { type: Date, required: true } as const
const allOf = (fields: readonly string[], type: object) =>
  Object.fromEntries(fields.map((field) => [field, type]))

export const accountSchema = new Schema<AccountRecord>(
  {
    _id: text,
    kind: String,
    usernameDigest: { ...text, unique: true },
    documentDigest: { ...text, unique: true },
    phoneDigest: text,
    cardDigest: text,
    sealed: { ...allOf(always, text), ...allOf(sometimes, { type: String }) },
    provedAt: time,
    consent: { wording: text, at: time },
    agreement: { type: { terms: text, privacy: text, at: time, _id: false }, required: false },
    confirmedAt: Date,
    closingSince: Date,
    registeredAt: time,
    updatedAt: time,
    changedBy: String,
    version: { type: Number, required: true },
  },
  { collection: 'accounts', versionKey: false, strict: 'throw' },
)

const dated = <T extends Consent | Agreement>({ at, ...rest }: T) => ({ ...rest, at: new Date(at) })

/** An account as it stands in the database, and back. */
export function accountRecords(encryption: Encryption) {
  const context = (record: string, field: string) => ({ collection: 'accounts', record, field })
  const sealAll = (id: string, values: Readonly<Record<string, string | undefined>>): Sealed =>
    Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) =>
        value === undefined ? [] : [[field, encryption.encrypt(value, context(id, field))]],
      ),
    )
  const digest = {
    username: (username: string) =>
      encryption.blindIndex('accounts.username', usernameKey(username)),
    document: (document: IdDocument | UnitDocument) =>
      encryption.blindIndex('accounts.document', documentKey(document)),
    phone: (phone: string) => encryption.blindIndex('accounts.phone', phone),
    card: ({ account }: NewCard) => encryption.blindIndex('accounts.card', account),
  }

  /** What one proof by bank card puts into the record, always together. */
  const proved = ({ name, document, phone, card, consent }: ChangedProof) => ({
    digests: { phoneDigest: digest.phone(phone), cardDigest: digest.card(card) },
    values: {
      name,
      idType: document?.type,
      idNumber: document?.number,
      phone,
      bank: card.bank,
      card: maskedAccount(card.account),
      cardKind: card.kind,
    },
    times: {
      provedAt: new Date(card.provedAt),
      ...(consent && { consent: dated(consent) }),
    },
  })

  return {
    digest,

    toRecord(account: NewAccount): AccountRecord {
      const { id, kind, username, passwordHash } = account
      const registeredAt = new Date(account.registeredAt)
      const { digests, values, times } = proved(account)
      return {
        _id: id,
        kind,
        usernameDigest: digest.username(username),
        documentDigest: digest.document(documentOfAccount(account)),
        ...digests,
        sealed: sealAll(id, {
          username,
          passwordHash,
          ...values,
          ...(account.kind === 'individual'
            ? { gender: account.gender, birthdate: account.birthdate }
            : { unit: JSON.stringify(account.unit) }),
        }),
        ...times,
        consent: dated(account.consent),
        ...(account.agreement && { agreement: dated(account.agreement) }),
        ...(account.kind === 'organisation' &&
          account.confirmedAt && { confirmedAt: new Date(account.confirmedAt) }),
        registeredAt,
        updatedAt: registeredAt,
        version: 1,
      }
    },

    toAccount({ _id: id, sealed, ...record }: AccountRecord): Account {
      // What opens at its place is what was sealed there: its type is the one it had.
      const open = <T extends string>(field: string) =>
        encryption.decrypt(sealed[field] ?? '', context(id, field)) as T
      const { agreement, changedBy, closingSince, confirmedAt, version } = record
      const common = {
        id,
        username: open('username'),
        passwordHash: open('passwordHash'),
        name: open('name'),
        document: { type: open<IdDocument['type']>('idType'), number: open('idNumber') },
        phone: open('phone'),
        card: {
          bank: open<NewCard['bank']>('bank'),
          masked: open('card'),
          provedAt: record.provedAt.getTime(),
          ...(sealed['cardKind'] && { kind: open<'debit' | 'social-security'>('cardKind') }),
        },
        consent: { wording: record.consent.wording, at: record.consent.at.getTime() },
        ...(agreement && {
          agreement: { ...agreement, at: agreement.at.getTime() },
        }),
        ...(sealed['questions'] && {
          questions: JSON.parse(open('questions')) as readonly SecurityQuestion[],
        }),
        ...(closingSince && { closingSince: closingSince.getTime() }),
        registeredAt: record.registeredAt.getTime(),
        version,
        ...(changedBy && { changedBy }),
      }
      return record.kind === 'organisation'
        ? {
            ...common,
            kind: 'organisation',
            unit: JSON.parse(open('unit')) as Unit,
            ...(confirmedAt && { confirmedAt: confirmedAt.getTime() }),
          }
        : { ...common, kind: 'individual', gender: open('gender'), birthdate: open('birthdate') }
    },

    dated,

    /** The update that a change is, beside its version. */
    toUpdate(id: string, { proof, ...change }: AccountChange) {
      const { passwordHash, questions, unit, confirmedAt, closingSince } = change
      const fresh = proof && proved(proof)
      const sealed = sealAll(id, {
        passwordHash,
        questions: questions ? JSON.stringify(questions) : undefined,
        unit: unit && JSON.stringify(unit),
        ...fresh?.values,
      })
      const set = {
        ...Object.fromEntries(
          Object.entries(sealed).map(([field, value]) => [`sealed.${field}`, value]),
        ),
        ...fresh?.digests,
        ...fresh?.times,
        ...(confirmedAt && { confirmedAt: new Date(confirmedAt) }),
        ...(closingSince && { closingSince: new Date(closingSince) }),
      }
      const unset = {
        ...(closingSince === null && { closingSince: '' }),
        ...(questions === null && { 'sealed.questions': '' }),
        // Another verifier may not tell the kind of the new card: the old one's is not it.
        ...(proof && !proof.card.kind && { 'sealed.cardKind': '' }),
      }
      return { set, unset }
    },
  }
}
