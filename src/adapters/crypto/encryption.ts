import { keyedDigests } from './keyed-digests.ts'
import { type Crypto, digestOf, type ValueCipher, valueCipher } from './value-ciphers.ts'

/**
 * Where an encrypted value is stored: additional data that is authenticated. A value that was moved to another record or
 * field does not decrypt, so nobody who writes into a store can swap the phones of two people.
 */
export type EncryptionContext = {
  readonly collection: string
  readonly record: string
  readonly field: string
}

export type Encryption = {
  /** Returns `aes.<key>.<base64url>` or `sm.<key>.<base64url>`: the algorithm, the key's version, the encrypted bytes. */
  encrypt(value: string, context: EncryptionContext): string
  /** Throws when the value was not encrypted in this context, or its key is missing. */
  decrypt(encrypted: string, context: EncryptionContext): string
  /**
   * A keyed digest that never changes, for values that nobody can guess: random ids, tokens, subjects. Equal values of
   * two `domain`s have different digests.
   */
  blindIndex(domain: string, value: string): string
}

/** The encryption of MongoDB, whose data keys can be replaced (decisions 0235 and 0236). */
export type DurableEncryption = Encryption & {
  /**
   * The keyed digests by which a value that somebody could guess is looked up: one for each version in use, the newest
   * first. During a rotation these are two. Store all of them in an array and look up with `$in`; a unique index on the array,
   * or a reservation of each entry, then rejects a second record, whichever version it was written with.
   */
  lookupIndexes(domain: string, value: string): readonly string[]
  /** Stored with each new record as `dataKey`: the oldest data key that the record may need. */
  dataKey(): number
}

/** A data key with what is derived from it. */
export type UsableKey = {
  readonly ciphers: Readonly<Record<Crypto, ValueCipher>>
  readonly digest: (domain: string, value: string) => string
}

/** @param crypto the algorithm of its digests; its values can be encrypted with either one */
export const usableKey = (root: Buffer, crypto: Crypto): UsableKey => ({
  ciphers: { aes: valueCipher('aes', root), sm: valueCipher('sm', root) },
  digest: keyedDigests(digestOf[crypto], root),
})

/** The keys of a store at a time. */
export type ValueKeys = {
  readonly crypto: Crypto
  /** By version. */
  readonly keys: ReadonlyMap<string, UsableKey>
  /** The version that encrypts; absent: the first of `earlier` does. */
  readonly encrypts?: string | undefined
  /** `DATA_KEYS` by version, which encrypted the values of earlier versions directly. */
  readonly earlier: ReadonlyMap<string, ValueCipher>
  readonly blindIndex: (domain: string, value: string) => string
}

/** Encrypts with the keys that `present` returns at each call. */
export function encryptionWith(present: () => ValueKeys): Encryption {
  return {
    encrypt(value, context) {
      const { crypto, keys, encrypts, earlier } = present()
      const [plain, aad] = [Buffer.from(value), contextBytes(context)]
      if (encrypts === undefined) {
        const [[version, cipher] = []] = earlier
        if (!cipher) throw new Error('no data key')
        return `${version}.${cipher.encrypt(plain, aad).toString('base64url')}`
      }
      const cipher = cipherOf(keys.get(encrypts)?.ciphers[crypto], encrypts, context)
      return `${crypto}.${encrypts}.${cipher.encrypt(plain, aad).toString('base64url')}`
    },
    decrypt(encrypted, context) {
      const parts = encrypted.split('.')
      const [body = '', version = '', crypto] = parts.reverse()
      const { keys, earlier } = present()
      const found = isCrypto(crypto) ? keys.get(version)?.ciphers[crypto] : earlier.get(version)
      const cipher = cipherOf(
        crypto === undefined || isCrypto(crypto) ? found : undefined,
        version,
        context,
      )
      return cipher.decrypt(Buffer.from(body, 'base64url'), contextBytes(context)).toString()
    },
    blindIndex: (domain, value) => present().blindIndex(domain, value),
  }
}

const isCrypto = (name: string | undefined): name is Crypto => name === 'aes' || name === 'sm'

function cipherOf(
  found: ValueCipher | undefined,
  version: string,
  { collection }: EncryptionContext,
) {
  if (!found) throw new Error(`no data key of version ${version} for ${collection}`)
  return found
}

const contextBytes = ({ collection, record, field }: EncryptionContext) =>
  Buffer.from(JSON.stringify([collection, record, field]))
