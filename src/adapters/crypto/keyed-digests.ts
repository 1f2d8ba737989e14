import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** HMAC-SHA-256 or HMAC-SM3 of a value, under a key of its own for each domain that HKDF (RFC 5869) derives. */
export function keyedDigests(hash: 'sha256' | 'sm3', root: Buffer) {
  const keys = new Map<string, KeyObject>()
  const keyOf = (domain: string) => {
    const key =
      keys.get(domain) ??
      createSecretKey(Buffer.from(hkdfSync(hash, root, '', `digests ${domain}`, 32)))
    keys.set(domain, key)
    return key
  }
  return (domain: string, value: string): string =>
    createHmac(hash, keyOf(domain)).update(value).digest('base64url')
}

/** The digests of before data keys: HMAC-SHA-256 under one key, with the domain in the message. */
export function digestsOfOneKey(key: Buffer) {
  const secret = createSecretKey(key)
  return (domain: string, value: string): string =>
    createHmac('sha256', secret).update(`${domain}\0${value}`).digest('base64url')
}
