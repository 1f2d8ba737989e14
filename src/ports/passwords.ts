/**
 * Hashing of passwords and security answers: argon2id, off the main thread.
 * A full queue rejects with `Overloaded`, which is answered 503.
 */
export interface Passwords {
  hash(secret: string): Promise<string>
  /** Without a hash (nobody of that name) it takes as long and is false. */
  matches(secret: string, hash: string | undefined): Promise<boolean>
}

export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}
