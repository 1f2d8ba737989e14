import { createHash, type Hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { importedHashBounds as most } from '../../../config/limits/imported-hash-bounds.ts'
import { bcryptHash } from './bcrypt-hash.ts'
import { pbkdf2Hash, scryptHash } from './derived-key-hashes.ts'
import type { StoredHash } from './stored-hash.ts'

const spendNothing = async () => {}

/** Reads a hash by its form. Undefined: it is of no known kind, or damaged. */
export const readHash = (text: string): StoredHash | undefined =>
  argon2Hash(text) ?? bcryptHash(text) ?? pbkdf2Hash(text) ?? scryptHash(text) ?? plainDigest(text)

const algorithms = { d: 0, i: 1, id: 2 } as const
const argon2Form =
  /^\$argon2(id|i|d)\$v=(16|19)\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

/** PHC string of RFC 9106's argon2id, argon2i or argon2d. Hashes of other parameters are another class. */
function argon2Hash(text: string): StoredHash | undefined {
  const [, variant, version, m, t, p, ...encoded] = argon2Form.exec(text) ?? []
  // No base64 has one character more than whole groups of four.
  if (!variant || encoded.some((each) => each.length % 4 === 1)) return undefined
  const [memoryCost, timeCost, parallelism] = [Number(m), Number(t), Number(p)]
  if (memoryCost < 8 * parallelism || timeCost < 1 || parallelism < 1) return undefined
  const { kibibytes, passes, lanes } = most.argon2
  const options = {
    ...{ memoryCost, timeCost, parallelism },
    algorithm: algorithms[variant as keyof typeof algorithms],
    version: version === '16' ? 0 : 1,
  }
  return {
    cost: { class: `${text.split('$', 4).join('$')}$${'A'.repeat(22)}$${'A'.repeat(43)}`, work: 1 },
    isTooCostly: memoryCost > kibibytes || timeCost > passes || parallelism > lanes,
    matches: (secret) => verify(text, secret),
    async spend() {
      await hash(randomBytes(16), options)
    },
  }
}

const sha256Length = 32
const digests = {
  SSHA256: () => createHash('sha256'),
  SM3: () => createHash('sm3'),
} as const satisfies Readonly<Record<string, () => Hash>>

/** `{SSHA256}` and `{SM3}`: base64 of hash(password‖salt)‖salt. Both hashes have 32 bytes. */
function plainDigest(text: string): StoredHash | undefined {
  const [, name, body = ''] = /^\{(SSHA256|SM3)\}([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  const bytes = Buffer.from(body, 'base64')
  if (!name || bytes.length < sha256Length) return undefined
  const [digest, salt] = [bytes.subarray(0, sha256Length), bytes.subarray(sha256Length)]
  return {
    isTooCostly: false,
    matches: async (secret) =>
      timingSafeEqual(
        digests[name as keyof typeof digests]().update(secret).update(salt).digest(),
        digest,
      ),
    spend: spendNothing,
  }
}
