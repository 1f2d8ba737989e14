import { pbkdf2, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { importedHashBounds as most } from '../../../config/limits/imported-hash-bounds.ts'
import { powersOfTwo } from './powers-of-two.ts'
import type { StoredHash } from './stored-hash.ts'

const derive = promisify(pbkdf2)
const deriveByScrypt = (secret: string, salt: Buffer, bytes: number, options: ScryptOptions) =>
  new Promise<Buffer>((resolve, reject) =>
    scrypt(secret, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key))),
  )

/** Passlib's base64 has `.` for `+`, and no padding. */
const bytesOf = (text = '') => Buffer.from(text.replaceAll('.', '+'), 'base64')

const pbkdf2Form = /^\$pbkdf2-sha256\$(\d{1,10})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]{43})$/

/** `$pbkdf2-sha256$rounds$salt$hash` of passlib: PBKDF2 (RFC 8018) with HMAC-SHA-256. */
export function pbkdf2Hash(text: string): StoredHash | undefined {
  const [, digits, salt, key] = pbkdf2Form.exec(text) ?? []
  const rounds = Number(digits)
  if (!(rounds >= 1)) return undefined
  const stored = bytesOf(key)
  const keyAfter = (secret: string, times: number) =>
    derive(secret, bytesOf(salt), times, stored.length, 'sha256')
  return {
    cost: { class: `$pbkdf2-sha256$1$AAAA$${'A'.repeat(43)}`, work: rounds },
    isTooCostly: rounds > most.pbkdf2.rounds,
    matches: async (secret) => timingSafeEqual(await keyAfter(secret, rounds), stored),
    async spend(work) {
      await keyAfter('', work)
    },
  }
}

const scryptForm =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]{43})$/

/** `$scrypt$ln=,r=,p=$salt$hash` of passlib (RFC 7914). One more of `ln` is twice the work. */
export function scryptHash(text: string): StoredHash | undefined {
  const [, ...fields] = scryptForm.exec(text) ?? []
  const [ln = 0, r = 0, p = 0] = fields.slice(0, 3).map(Number)
  const [, , , salt, key] = fields
  if (ln < 1 || ln > 30 || r < 1 || p < 1) return undefined
  const stored = bytesOf(key)
  const keyOf = (secret: string, exponent: number) =>
    deriveByScrypt(secret, bytesOf(salt), stored.length, {
      ...{ N: 2 ** exponent, r, p },
      maxmem: 128 * r * (2 ** exponent + p + 2),
    })
  return {
    cost: { class: `$scrypt$ln=1,r=${r},p=${p}$AAAA$${'A'.repeat(43)}`, work: 2 ** ln },
    isTooCostly: ln > most.scrypt.ln || r * p > most.scrypt.blocksTimesLanes,
    matches: async (secret) => timingSafeEqual(await keyOf(secret, ln), stored),
    async spend(work) {
      for (const exponent of powersOfTwo(work)) await keyOf('', exponent)
    },
  }
}
