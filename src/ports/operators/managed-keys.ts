import type { KeyAlgorithm } from '../../../config/oidc.ts'

/** `next`: published before it signs; `current`: signs; `previous`: published for what it signed. */
export type ManagedKey = {
  readonly alg: KeyAlgorithm
  readonly kid: string
  /** Keys for decryption decrypt request objects of clients. */
  readonly use: 'signing' | 'decryption'
  readonly state: 'next' | 'current' | 'previous' | 'gone'
  /** ms since 1970. */
  readonly signsFrom: number
  /** The time at which the state changes; absent if only a rotation changes it. */
  readonly until?: number
}

/** A key that encrypts records in MongoDB. */
export type ManagedDataKey = {
  /** 0 stands for the keys of before data keys. */
  readonly version: number
  readonly state: 'current' | 'next' | 'previous'
  readonly madeAt?: number
  readonly records: number
}

/** `at`: the time of the count, ms since 1970. */
export type CountedDataKeys = { readonly at: number; readonly keys: readonly ManagedDataKey[] }

/** The keys as operators see them; no key material is part of it. */
export interface ManagedKeys {
  /** The key in use comes first among those of an algorithm. */
  list(): Promise<readonly ManagedKey[]>
  /** A new key of the algorithm is in use at once; false if somebody else rotated it at the same time. */
  rotate(alg: KeyAlgorithm): Promise<boolean>
  /** Ends a key before its time: what it signed is refused. `in-use`: another key has to be in use first. */
  withdraw(kid: string): Promise<'withdrawn' | 'in-use' | 'unknown'>
  /**
   * Counts the records of each data key, the newest first. It reads whole collections: a count that takes longer than a few
   * seconds goes on, and the last one is returned, or undefined.
   */
  countDataKeys(): Promise<CountedDataKeys | undefined>
}
