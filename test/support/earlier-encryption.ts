import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

type Context = { readonly collection: string; readonly record: string; readonly field: string }

/**
 * The encryption of the version before data keys, written once more: `DATA_KEYS` encrypted directly (AES-256-GCM), and
 * `DIGEST_KEY` computed one digest for everything that was looked up.
 */
export const earlierEncryption = (
  { version, key }: { readonly version: string; readonly key: Buffer },
  digestKey: Buffer,
) => ({
  encrypt(value: string, { collection, record, field }: Context): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(Buffer.from(JSON.stringify([collection, record, field])))
    const parts = [nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]
    return `${version}.${Buffer.concat(parts).toString('base64url')}`
  },
  decrypt(encrypted: string, { collection, record, field }: Context): string {
    const bytes = Buffer.from(encrypted.split('.')[1] ?? '', 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    decipher.setAAD(Buffer.from(JSON.stringify([collection, record, field])))
    decipher.setAuthTag(bytes.subarray(-16))
    return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
  },
  blindIndex: (domain: string, value: string): string =>
    createHmac('sha256', digestKey).update(`${domain}\0${value}`).digest('base64url'),
})
