import type { Connection } from 'mongoose'
import type { WrappedKey } from '../../../ports/services/key-provider.ts'
import type { Crypto } from '../../crypto/value-ciphers.ts'
import { majority } from '../write-concern.ts'

/**
 * A key in MongoDB, wrapped by a `KeyProvider` in the context `data_keys/ID`. The ids are
 * - `data.N`: the data key of version N, which encrypts values and computes lookup indexes;
 * - `earlier.V`: version V of `DATA_KEYS`, which encrypted values directly before there were data keys;
 * - `digests`: the key of the digests that never change;
 * - `root`: the secret from which keys outside of MongoDB are derived.
 */
export type KeyRecord = WrappedKey & {
  readonly _id: string
  readonly provider: string
  /** The algorithm of its digests; absent: the key is one of before data keys. */
  readonly crypto?: Crypto
  readonly madeAt: Date
}

/**
 * How far a rotation is. Each phase begins when every process knows the one before:
 * - `announced`: processes can decrypt with the next key;
 * - `joining`: they encrypt with it, and store and look up indexes of both;
 * - `renewing`: the same, and all stored records are renewed;
 * - `cleaning`: they look up by the next key alone, and the indexes of the current key are removed.
 */
export type RotationPhase = 'announced' | 'joining' | 'renewing' | 'cleaning'

export type KeyState = {
  readonly _id: 'state'
  /** Grows with each change. */
  readonly revision: number
  /** The version in use; 0: the keys of before data keys. */
  readonly current: number
  readonly next?: number
  readonly phase?: RotationPhase
  /** The version that the rotation gives to password hashes. Whoever goes on with it gives the same one. */
  readonly pepper?: string
}

/** Another member of the replica set may be behind, whatever the connection string prefers. */
export const atPrimary = { writeConcern: majority, readPreference: 'primary' } as const

export const keyRecordsIn = (connection: Connection) =>
  connection.collection<KeyRecord>('data_keys', atPrimary)

export const keyStatesIn = (connection: Connection) =>
  connection.collection<KeyState>('data_key_state', {
    ...atPrimary,
    readConcern: { level: 'majority' },
  })

export const wrappingContext = (_id: string): string => `data_keys/${_id}`

/** The keys that processes use in a phase, in the terms of `DurableKeys`. */
export function usesAt({ current, next = current, phase }: Omit<KeyState, '_id' | 'revision'>) {
  if (!phase || phase === 'announced')
    return { encrypts: current, indexes: [current], dataKey: current }
  return {
    encrypts: next,
    indexes: phase === 'cleaning' ? [next] : [next, current],
    dataKey: phase === 'joining' ? current : next,
  }
}
