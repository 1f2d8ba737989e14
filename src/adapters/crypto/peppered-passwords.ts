import type { Passwords } from '../../ports/passwords.ts'
import type { VersionedKey } from './key-provider-env.ts'
import { type Crypto, valueCipher } from './value-ciphers.ts'

/**
 * The pepper: encrypts hashes under keys that only the platform has, so that nobody can try passwords on hashes alone. It
 * is removed and added without the password, so a leaked key can be replaced for everybody (decision 0240).
 */
export type Pepper = {
  /** Returns `aes.VERSION.<base64url>` or `sm.VERSION.<base64url>`. */
  add(hash: string): string
  /** A hash from before there was a pepper, e.g. `$argon2id$…`, is returned as it is. Throws when its key is missing. */
  remove(stored: string): string
  /** Whether the first key encrypted the hash, with the present algorithm. */
  isCurrent(stored: string): boolean
}

/** The version with which hashes are encrypted. */
export const pepperVersion = ({
  PEPPER_KEYS,
}: {
  readonly PEPPER_KEYS?: readonly VersionedKey[] | undefined
}): string => PEPPER_KEYS?.[0]?.version ?? derivedVersion

const derivedVersion = 'derived'

const context = Buffer.from('password hash')
const form = /^(aes|sm)\.([\w-]+)\.([\w-]+)$/

/**
 * @param given `PEPPER_KEYS`; the first one encrypts
 * @param derived encrypts where none is given, and still decrypts where one is
 */
export function pepperOf(
  given: readonly VersionedKey[] | undefined,
  derived: Buffer,
  crypto: Crypto,
): Pepper {
  const all = [...(given ?? []), { version: derivedVersion, key: derived }]
  const ciphers = new Map(
    all.flatMap(({ version, key }) =>
      (['aes', 'sm'] as const).map((name) => [`${name}.${version}`, valueCipher(name, key)]),
    ),
  )
  const present = `${crypto}.${all[0]?.version}`
  const cipherOf = (name: string) => {
    const cipher = ciphers.get(name)
    if (!cipher) throw new Error(`no pepper key for ${name}`)
    return cipher
  }
  return {
    add: (hash) =>
      `${present}.${cipherOf(present).encrypt(Buffer.from(hash), context).toString('base64url')}`,
    remove(stored) {
      const [, name, version, body] = form.exec(stored) ?? []
      if (body === undefined) return stored
      const bytes = Buffer.from(body, 'base64url')
      return cipherOf(`${name}.${version}`).decrypt(bytes, context).toString()
    },
    isCurrent: (stored) => stored.startsWith(`${present}.`),
  }
}

/** Passwords whose hashes have a pepper. A hash without it, or with an older one, still matches, and is outdated. */
export function pepperedPasswords(passwords: Passwords, pepper: Pepper): Passwords {
  const decoy = pepper.add('$argon2id$')
  return {
    hash: async (secret, by) => pepper.add(await passwords.hash(secret, by)),
    expectedWait: passwords.expectedWait,
    isOutdated: (stored) =>
      !pepper.isCurrent(stored) || passwords.isOutdated(pepper.remove(stored)),
    async matches(secret, stored, by, evenly) {
      // Without a hash there is as much work.
      const hash = pepper.remove(stored ?? decoy)
      return passwords.matches(secret, stored === undefined ? undefined : hash, by, evenly)
    },
  }
}
