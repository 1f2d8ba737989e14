import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/**
 * Where an encrypted value is stored: the additional authenticated data of AES-GCM. A value that was moved to another
 * record or field does not decrypt, so nobody who writes into a store can swap the phones of two people.
 */
export type EncryptionContext = {
  readonly collection: string
  readonly record: string
  readonly field: string
}

export type Encryption = {
  /** Returns `1.<base64url>`: key version, then nonce, ciphertext and tag of AES-256-GCM (NIST SP 800-38D). */
  encrypt(value: string, context: EncryptionContext): string
  /** Throws when the value was not encrypted in this context, or its key is missing. */
  decrypt(encrypted: string, context: EncryptionContext): string
  /**
   * Returns what a value is looked up by without being stored in clear: HMAC-SHA-256 under a key of its own. Equal
   * values of two `domain`s have different indexes.
   */
  blindIndex(domain: string, value: string): string
}

export type DataKey = { readonly version: string; readonly key: Buffer }

const nonceBytes = 12
const tagBytes = 16

/** The first key encrypts; every key decrypts the values of its version. */
export function fieldEncryption(keys: readonly DataKey[], digestKey: Buffer): Encryption {
  const [encryptionKey] = keys
  if (!encryptionKey) throw new Error('no data key')
  const byVersion = new Map(keys.map(({ version, key }) => [version, key]))
  return {
    encrypt(value, context) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', encryptionKey.key, nonce)
      cipher.setAAD(contextBytes(context))
      const parts = [nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return `${encryptionKey.version}.${Buffer.concat(parts).toString('base64url')}`
    },
    decrypt(encrypted, context) {
      const [version = '', body = ''] = encrypted.split('.')
      const key = byVersion.get(version)
      if (!key) throw new Error(`no data key of version ${version} for ${context.collection}`)
      const bytes = Buffer.from(body, 'base64url')
      const tag = bytes.subarray(-tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(contextBytes(context))
      decipher.setAuthTag(tag)
      return (
        decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') +
        decipher.final('utf8')
      )
    },
    blindIndex: (domain, value) =>
      createHmac('sha256', digestKey).update(`${domain}\0${value}`).digest('base64url'),
  }
}

const contextBytes = ({ collection, record, field }: EncryptionContext) =>
  Buffer.from(JSON.stringify([collection, record, field]))
