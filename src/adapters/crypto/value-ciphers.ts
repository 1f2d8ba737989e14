import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** `aes`: AES-256-GCM and HMAC-SHA-256. `sm`: SM4-CTR and HMAC-SM3 (GB/T 32907, GB/T 32905). */
export type Crypto = 'aes' | 'sm'

/** Encrypts bytes with `aad`, additional data that is authenticated and not stored. `decrypt` throws for other bytes. */
export type ValueCipher = {
  encrypt(plain: Buffer, aad: Buffer): Buffer
  decrypt(encrypted: Buffer, aad: Buffer): Buffer
}

export const digestOf: Readonly<Record<Crypto, 'sha256' | 'sm3'>> = { aes: 'sha256', sm: 'sm3' }

/** A key for one purpose: HKDF (RFC 5869) with the purpose as `info`, so that one key tells nothing about another. */
export const derivedKey = (crypto: Crypto, root: Buffer, purpose: string, bytes = 32): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync(digestOf[crypto], root, '', purpose, bytes)))

export const valueCipher = (crypto: Crypto, root: Buffer): ValueCipher =>
  crypto === 'aes'
    ? aesGcm(derivedKey('aes', root, 'values aes-256-gcm'))
    : sm4WithHmac(
        derivedKey('sm', root, 'values sm4-ctr', 16),
        derivedKey('sm', root, 'values hmac-sm3'),
      )

const gcm = { nonce: 12, tag: 16 }

/** AES-256-GCM with a random nonce (NIST SP 800-38D): nonce, ciphertext, tag. */
export function aesGcm(key: KeyObject): ValueCipher {
  const options = { authTagLength: gcm.tag }
  return {
    encrypt(plain, aad) {
      const nonce = randomBytes(gcm.nonce)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, options).setAAD(aad)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    decrypt(encrypted, aad) {
      const nonce = encrypted.subarray(0, gcm.nonce)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, options)
        .setAAD(aad)
        .setAuthTag(encrypted.subarray(-gcm.tag))
      const ciphertext = encrypted.subarray(gcm.nonce, -gcm.tag)
      return Buffer.concat([decipher.update(ciphertext), decipher.final()])
    },
  }
}

const sm4 = { counter: 16, tag: 32 }

/**
 * SM4-CTR, then HMAC-SM3 over the additional data with its length, the counter and the ciphertext: OpenSSL 3.0 of Node 20
 * has no SM4-GCM. The bytes are counter, ciphertext, tag. The tag is compared before anything is decrypted.
 */
function sm4WithHmac(key: KeyObject, macKey: KeyObject): ValueCipher {
  const tagOf = (aad: Buffer, body: Buffer) => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(aad.length))
    return createHmac('sm3', macKey).update(length).update(aad).update(body).digest()
  }
  return {
    encrypt(plain, aad) {
      const counter = randomBytes(sm4.counter)
      const cipher = createCipheriv('sm4-ctr', key, counter)
      const body = Buffer.concat([counter, cipher.update(plain), cipher.final()])
      return Buffer.concat([body, tagOf(aad, body)])
    },
    decrypt(encrypted, aad) {
      const [body, tag] = [encrypted.subarray(0, -sm4.tag), encrypted.subarray(-sm4.tag)]
      const isWhole = body.length >= sm4.counter && timingSafeEqual(tag, tagOf(aad, body))
      if (!isWhole) throw new Error('the value is not authentic')
      const decipher = createDecipheriv('sm4-ctr', key, body.subarray(0, sm4.counter))
      return Buffer.concat([decipher.update(body.subarray(sm4.counter)), decipher.final()])
    },
  }
}
