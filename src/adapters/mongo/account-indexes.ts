import { countryCodes } from '../../../config/country-codes.ts'
import type { Account } from '../../people/account.ts'
import {
  documentCounterKey,
  documentKey,
  type IdDocument,
  type UnitDocument,
} from '../../people/fields/id-document.ts'
import { usernameKey } from '../../people/fields/username.ts'
import type { NewCard } from '../../people/identity-proof.ts'
import type { DurableEncryption } from '../crypto/encryption.ts'

const passportsOf = (number: string): readonly IdDocument[] =>
  [...countryCodes.keys()].map((country) => ({ type: 'passport', number, country }))

/** The lookup indexes of accounts. */
export function accountIndexes(encryption: DurableEncryption) {
  const documentIndexes = (key: string) => encryption.lookupIndexes('accounts.document', key)
  return {
    username: (username: Account['username']) =>
      encryption.lookupIndexes('accounts.username', usernameKey(username)),
    document: (document: IdDocument | UnitDocument) => documentIndexes(documentKey(document)),
    /** The indexes of a document's key, and of the key that it had before its country was asked for. */
    documents: (document: IdDocument | UnitDocument) =>
      [...new Set([documentKey(document), documentCounterKey(document)])].flatMap(documentIndexes),
    /** A 护照 is indexed with the country that issued it. */
    documentsOfAnyCountry: (type: IdDocument['type'], number: string) =>
      [{ type, number }, ...(type === 'passport' ? passportsOf(number) : [])].flatMap((document) =>
        documentIndexes(documentKey(document)),
      ),
    phone: (phone: Account['phone']) => encryption.lookupIndexes('accounts.phone', phone),
    /** The number of a card is not stored: its digest is, encrypted, so that a rotation can compute the index again. */
    cardDigest: ({ account }: NewCard) => encryption.blindIndex('accounts.card', account),
    card: (cardDigest: string) => encryption.lookupIndexes('accounts.card', cardDigest),
  }
}
