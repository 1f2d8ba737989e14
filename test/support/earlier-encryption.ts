import { createCipheriv, createHmac, randomBytes } from 'node:crypto'

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
  blindIndex: (domain: string, value: string): string =>
    createHmac('sha256', digestKey).update(`${domain}\0${value}`).digest('base64url'),
})
