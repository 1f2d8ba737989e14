import type { Visitor } from '../people/visitor.ts'

/**
 * Hashes passwords and security answers by argon2id, off the main thread. Secrets are normalised to NFC, so that two
 * encodings of one character are equal. A hash that was made at another cost still matches, and so does an imported one
 * of another kind. Names and networks take turns, so that a flood on one of them does not delay others. If the queue is
 * full, the call whose turn would come last rejects with `Overloaded`, which becomes a 503.
 */
export interface Passwords {
  hash(secret: string, by?: HashRequester): Promise<string>
  /** Whether a hash is no argon2id, or was made at a lower cost than the present one. */
  isOutdated(hash: string): boolean
  /**
   * Without a hash (unknown username) the call returns false, and its time discloses nothing: it takes as long as with a
   * hash of the present cost, and with `evenly` as long as with any hash that the store has, whatever its kind.
   * @param by the platform itself if absent
   * @param evenly whether that holds for a right secret too, or only for a wrong one, which the person sees at once
   */
  matches(
    secret: string,
    hash: string | undefined,
    by?: HashRequester,
    evenly?: 'when wrong' | 'always',
  ): Promise<boolean>
  /** The ms until everything that waits in this process has begun. */
  expectedWait(): number
}

/** The browser for which a secret is hashed, unless tries at this secret are counted by something else. */
export const requesterOf = ({ address, browser }: Visitor, name = browser): HashRequester => ({
  ...{ name, address },
})

/** The person for whom a secret is hashed. */
export type HashRequester = {
  /** The browser, or the subject by which the tries at this secret are counted. */
  readonly name: string
  /** The network address; for IPv6 the /64 prefix. */
  readonly address: string
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
