/**
 * Hashes passwords and security answers by argon2id, off the main thread. Secrets are normalised to NFC, so that two
 * encodings of one character are equal. A hash that was made at another cost still matches. If the queue is full, calls
 * reject with `Overloaded`, which becomes a 503.
 */
export interface Passwords {
  hash(secret: string): Promise<string>
  /** Whether a hash was made at a lower cost than the present one. */
  isOutdated(hash: string): boolean
  /** Without a hash (unknown username) the call takes as long and returns false, so that its time discloses nothing. */
  matches(secret: string, hash: string | undefined): Promise<boolean>
}

export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}
