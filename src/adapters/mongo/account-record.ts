import type {
  Account,
  AccountChange,
  NewAccount,
  SecurityQuestion,
  Unit,
} from '../../people/account.ts'
import { documentOfAccount } from '../../people/account.ts'
import type { Agreement } from '../../people/agreement.ts'
import { maskedAccount } from '../../people/fields/bank-card.ts'
import type { IdDocument } from '../../people/fields/id-document.ts'
import type { Gender } from '../../people/fields/id-number.ts'
import type { CardConsent, ChangedProof, NewCard } from '../../people/identity-proof.ts'
import type { DurableEncryption } from '../crypto/encryption.ts'
import { accountIndexes } from './account-indexes.ts'
import type { AccountRecord, EncryptedFields } from './account-schema.ts'

const dated = <T extends CardConsent | Agreement>({ at, ...rest }: T) => ({
  ...{ ...rest, at: new Date(at) },
})

/** The fields that a counter proof replaces. */
const withoutCard = { 'sealed.bank': '', 'sealed.card': '', 'sealed.cardDigest': '', consent: '' }

/** Converts accounts to records of MongoDB and back. */
export function accountRecords(encryption: DurableEncryption) {
  const context = (record: string, field: string) => ({ collection: 'accounts', record, field })
  const encryptAll = (
    id: string,
    values: Readonly<Record<string, string | undefined>>,
  ): EncryptedFields =>
    Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) =>
        value === undefined ? [] : [[field, encryption.encrypt(value, context(id, field))]],
      ),
    )
  const indexes = accountIndexes(encryption)

  /** The fields that one proof changes, always together: those of the card are absent after a counter proof. */
  const proofFields = ({ name, document, phone, card, counter, consent }: ChangedProof) => ({
    digests: {
      phoneDigest: indexes.phone(phone),
      cardDigest: card ? indexes.card(indexes.cardDigest(card)) : [],
    },
    values: {
      name,
      idType: document?.type,
      idNumber: document?.number,
      idCountry: document?.country,
      phone,
      bank: card?.bank,
      card: card && maskedAccount(card.account),
      cardKind: card?.kind,
      cardDigest: card && indexes.cardDigest(card),
    },
    times: {
      provedAt: new Date(card ? card.provedAt : counter.provedAt),
      ...(counter && { provedBy: 'counter' as const }),
      ...(consent && { consent: dated(consent) }),
    },
  })

  return {
    indexes,

    toRecord(account: NewAccount): AccountRecord {
      const { id, kind, username, passwordHash } = account
      const registeredAt = new Date(account.registeredAt)
      const { digests, values, times } = proofFields(account)
      return {
        _id: id,
        kind,
        usernameDigest: indexes.username(username),
        documentDigest: indexes.document(documentOfAccount(account)),
        ...digests,
        sealed: encryptAll(id, {
          username,
          passwordHash,
          ...values,
          ...(account.kind === 'individual'
            ? { gender: account.gender, birthdate: account.birthdate }
            : { unit: JSON.stringify(account.unit) }),
        }),
        ...times,
        ...(account.agreement && { agreement: dated(account.agreement) }),
        ...(account.kind === 'organisation' &&
          account.confirmedAt && { confirmedAt: new Date(account.confirmedAt) }),
        registeredAt,
        updatedAt: registeredAt,
        version: 1,
        dataKey: encryption.dataKey(),
      }
    },

    toAccount({ _id: id, sealed, ...record }: AccountRecord): Account {
      // A value that decrypts in its context is the one that was encrypted there, so its type is known.
      const decrypted = <T extends string>(field: string) =>
        encryption.decrypt(sealed[field] ?? '', context(id, field)) as T
      const { agreement, changedBy, closingSince, confirmedAt, frozenSince, version } = record
      const common = {
        id,
        username: decrypted('username'),
        passwordHash: decrypted('passwordHash'),
        name: decrypted('name'),
        document: {
          type: decrypted<IdDocument['type']>('idType'),
          number: decrypted('idNumber'),
          ...(sealed['idCountry'] && { country: decrypted('idCountry') }),
        },
        phone: decrypted('phone'),
        ...(agreement && {
          agreement: { ...agreement, at: agreement.at.getTime() },
        }),
        ...(sealed['questions'] && {
          questions: JSON.parse(decrypted('questions')) as readonly SecurityQuestion[],
        }),
        ...(closingSince && { closingSince: closingSince.getTime() }),
        ...(frozenSince && { frozenSince: frozenSince.getTime() }),
        registeredAt: record.registeredAt.getTime(),
        version,
        ...(changedBy && { changedBy }),
      }
      const provedAt = record.provedAt.getTime()
      const proved =
        record.provedBy === 'counter'
          ? { counter: { provedAt } }
          : {
              card: {
                bank: decrypted<NewCard['bank']>('bank'),
                masked: decrypted('card'),
                provedAt,
                ...(sealed['cardKind'] && {
                  kind: decrypted<'debit' | 'social-security'>('cardKind'),
                }),
              },
              consent: consentOf(record),
            }
      return record.kind === 'organisation'
        ? {
            ...{ ...common, ...proved },
            kind: 'organisation',
            unit: JSON.parse(decrypted('unit')) as Unit,
            ...(confirmedAt && { confirmedAt: confirmedAt.getTime() }),
          }
        : {
            ...{ ...common, ...proved },
            kind: 'individual',
            ...(sealed['gender'] && { gender: decrypted<Gender>('gender') }),
            ...(sealed['birthdate'] && { birthdate: decrypted('birthdate') }),
          }
    },

    dated,

    /** Converts a change of an account to an update of its record, without the version. */
    toUpdate(id: string, { proof, ...change }: AccountChange) {
      const { passwordHash, questions, unit, confirmedAt, withCountry } = change
      const { closingSince, frozenSince } = change
      const newProof = proof && proofFields(proof)
      const encrypted = encryptAll(id, {
        passwordHash,
        questions: questions ? JSON.stringify(questions) : undefined,
        unit: unit && JSON.stringify(unit),
        ...newProof?.values,
        ...(withCountry && { idCountry: withCountry.document.country }),
      })
      const set = {
        ...Object.fromEntries(
          Object.entries(encrypted).map(([field, value]) => [`sealed.${field}`, value]),
        ),
        ...newProof?.digests,
        ...(withCountry?.kind === 'individual' && {
          documentDigest: indexes.document(withCountry.document),
        }),
        ...newProof?.times,
        ...(confirmedAt && { confirmedAt: new Date(confirmedAt) }),
        ...(closingSince && { closingSince: new Date(closingSince) }),
        ...(frozenSince && { frozenSince: new Date(frozenSince) }),
      }
      const unset = {
        ...(closingSince === null && { closingSince: '' }),
        ...(frozenSince === null && { frozenSince: '' }),
        ...(questions === null && { 'sealed.questions': '' }),
        // The new handler's document may be one that has no country.
        ...(proof?.document && !proof.document.country && { 'sealed.idCountry': '' }),
        // If the verifier does not tell the kind of the new card, that of the old card is removed.
        ...(proof && !proof.card?.kind && { 'sealed.cardKind': '' }),
        ...(proof?.card && { provedBy: '' }),
        ...(proof?.counter && withoutCard),
      }
      return { set, unset }
    },
  }
}

/** Never taken for a counter proof if it is missing: clients rely on the kind of the proof. */
function consentOf({ consent }: Pick<AccountRecord, 'consent'>): CardConsent {
  if (!consent) throw new Error('an account has no consent to its bank check')
  return { wording: consent.wording, at: consent.at.getTime() }
}
