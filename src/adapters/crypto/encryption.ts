import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** Where a sealed value stands. It is authenticated with the value, so that nobody can swap two people's phones. */
export type Place = {
  readonly collection: string
  readonly record: string
  readonly field: string
}

export type Sealing = {
  /** `1.<base64url>`: key version, then nonce, ciphertext and tag of AES-256-GCM (NIST SP 800-38D). */
  seal(value: string, place: Place): string
  /** Throws when the value was not sealed at this place, or its key is gone. */
  open(sealed: string, place: Place): string
  /** Looks a value up without knowing it: HMAC-SHA-256 under a key of its own, apart for each `domain`. */
  digest(domain: string, value: string): string
}

export type DataKey = { readonly version: string; readonly key: Buffer }

const nonceBytes = 12
const tagBytes = 16

/** The first key seals; every key opens what it sealed. */
export function sealing(keys: readonly DataKey[], digestKey: Buffer): Sealing {
  const [sealingKey] = keys
  if (!sealingKey) throw new Error('no data key')
  const byVersion = new Map(keys.map(({ version, key }) => [version, key]))
  return {
    seal(value, place) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealingKey.key, nonce)
      cipher.setAAD(placeBytes(place))
      const parts = [nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return `${sealingKey.version}.${Buffer.concat(parts).toString('base64url')}`
    },
    open(sealed, place) {
      const [version = '', body = ''] = sealed.split('.')
      const key = byVersion.get(version)
      if (!key) throw new Error(`no data key of version ${version} for ${place.collection}`)
      const bytes = Buffer.from(body, 'base64url')
      const tag = bytes.subarray(-tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(placeBytes(place))
      decipher.setAuthTag(tag)
      return (
        decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') +
        decipher.final('utf8')
      )
    },
    digest: (domain, value) =>
      createHmac('sha256', digestKey).update(`${domain}\0${value}`).digest('base64url'),
  }
}

const placeBytes = ({ collection, record, field }: Place) =>
  Buffer.from(JSON.stringify([collection, record, field]))
