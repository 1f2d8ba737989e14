import { type KeyProvider, WrappingKeyMissing } from '../../ports/services/key-provider.ts'
import { type Crypto, derivedKey, valueCipher } from './value-ciphers.ts'

/** A key of the environment with its version: `VERSION:KEY`. */
export type VersionedKey = { readonly version: string; readonly key: Buffer }

/**
 * Wraps data keys with the keys of `DATA_KEYS`, the first of them for new ones. A wrapped key is `aes.<base64url>` or
 * `sm.<base64url>`. The key that wraps is derived, since an earlier version encrypted values with `DATA_KEYS` directly.
 */
export function keyProviderEnv(keys: readonly VersionedKey[], crypto: Crypto): KeyProvider {
  const [newest] = keys
  if (!newest) throw new Error('no data key')
  const cipherOf = (used: Crypto, { key }: VersionedKey) =>
    valueCipher(used, derivedKey(used, key, 'key wrapping').export())
  return {
    name: 'env',
    async wrap(plain, context) {
      const bytes = cipherOf(crypto, newest).encrypt(plain, Buffer.from(context))
      return { keyVersion: newest.version, wrapped: `${crypto}.${bytes.toString('base64url')}` }
    },
    async unwrap({ keyVersion, wrapped }, context) {
      const key = keys.find(({ version }) => version === keyVersion)
      if (!key) throw new WrappingKeyMissing(`DATA_KEYS: version ${keyVersion} is missing`)
      const [used = '', bytes = ''] = wrapped.split('.')
      try {
        if (used !== 'aes' && used !== 'sm') throw new Error(`unknown algorithm ${used}`)
        const encrypted = Buffer.from(bytes, 'base64url')
        return cipherOf(used, key).decrypt(encrypted, Buffer.from(context))
      } catch (cause) {
        const message = `DATA_KEYS: version ${keyVersion} is not the key that wrapped ${context}`
        throw new WrappingKeyMissing(message, { cause })
      }
    },
  }
}
