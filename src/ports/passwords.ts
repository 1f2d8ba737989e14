/**
 * Hashing of passwords and security answers: argon2id, off the main thread. Two encodings of one character are one:
 * both ways bring the secret into NFC. A hash that was made at another cost still matches.
 * A full queue rejects with `Overloaded`, which is answered 503.
 */
export interface Passwords {
  hash(secret: string): Promise<string>
  /** Whether a hash was made at a lower cost than hashes are made at now. */
  isOutdated(hash: string): boolean
  /** Without a hash (nobody of that name) it takes as long and is false. */
  matches(secret: string, hash: string | undefined): Promise<boolean>
}

export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}
