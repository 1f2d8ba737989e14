import { type Encryption, encryptionWith, usableKey } from './encryption.ts'
import type { VersionedKey } from './key-provider-env.ts'
import type { Crypto } from './value-ciphers.ts'

/**
 * The encryption of Redis, with keys that open nothing else. The first key of `REDIS_KEYS` encrypts. The last one computes
 * the digests by which records are found, so a new key in first place ends no session; removing the last one ends all.
 * `derived` is used where `REDIS_KEYS` is not given, and still decrypts where it is.
 */
export function redisEncryption(
  given: readonly VersionedKey[] | undefined,
  derived: Buffer,
  crypto: Crypto,
): Encryption {
  const all = [...(given ?? []), { version: 'derived', key: derived }]
  const keys = new Map(all.map(({ version, key }) => [version, usableKey(key, crypto)]))
  const finding = given?.at(-1)?.version ?? 'derived'
  const [first] = all
  const present = {
    ...{ crypto, keys, encrypts: first?.version, earlier: new Map() },
    blindIndex: (domain: string, value: string) => keys.get(finding)?.digest(domain, value) ?? '',
  }
  return encryptionWith(() => present)
}
