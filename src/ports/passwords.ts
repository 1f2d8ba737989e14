/**
 * Hashes passwords and security answers by argon2id, off the main thread. Secrets are normalised to NFC, so that two
 * encodings of one character are equal. A hash that was made at another cost still matches, and so does an imported one
 * of another kind. If the queue is full, calls reject with `Overloaded`, which becomes a 503.
 */
export interface Passwords {
  hash(secret: string): Promise<string>
  /** Whether a hash is no argon2id, or was made at a lower cost than the present one. */
  isOutdated(hash: string): boolean
  /**
   * Without a hash (unknown username) the call returns false, and its time discloses nothing: it takes as long as with a
   * hash of the present cost, and with `evenly` as long as with any hash that the store has, whatever its kind.
   * @param evenly whether that holds for a right secret too, or only for a wrong one, which the person sees at once
   */
  matches(
    secret: string,
    hash: string | undefined,
    evenly?: 'when wrong' | 'always',
  ): Promise<boolean>
}

/** The time that comparing with a hash takes. Hashes of one class differ in their `work` only. */
export type HashCost = {
  /** A hash of this class that nobody has. */
  readonly class: string
  /** Rounds, or another number that is proportional to the time. */
  readonly work: number
}

/** The highest cost of each class among the imported hashes. */
export interface HashCosts {
  current(): readonly HashCost[]
}

export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}
