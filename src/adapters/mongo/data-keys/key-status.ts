import type { Connection } from 'mongoose'
import type { Crypto } from '../../crypto/value-ciphers.ts'
import { encryptedCollections } from './encrypted-collections.ts'
import { type KeyState, keyRecordsIn, keyStatesIn, usesAt } from './key-records.ts'

export type DataKeyStatus = {
  /** 0 stands for the keys of before data keys. */
  readonly version: number
  /** `next` while a rotation is under way. */
  readonly state: 'current' | 'next' | 'previous'
  readonly crypto: Crypto
  /** The provider that wraps it, and the version of its key. */
  readonly wrappedBy: string
  readonly madeAt?: Date
  /** How many records need it, by collection; only collections that have some. */
  readonly records: Readonly<Record<string, number>>
}

export type KeyStatus = {
  readonly keys: readonly DataKeyStatus[]
  /** How far a rotation is that has begun and not ended. */
  readonly phase?: KeyState['phase']
  /** The versions of `DATA_KEYS` that wrap a key. All others may be removed. */
  readonly wrapping: readonly string[]
}

/** The data keys, the newest first, and how many records each encrypts. Undefined before there are any. */
export async function keyStatus(connection: Connection): Promise<KeyStatus | undefined> {
  const state = await keyStatesIn(connection).findOne({ _id: 'state' })
  if (!state) return undefined
  const stored = await keyRecordsIn(connection).find().sort({ madeAt: -1 }).toArray()
  const counts = await recordCounts(connection)
  const versions = stored.flatMap(({ _id, crypto = 'aes', provider, keyVersion, madeAt }) => {
    const [kind, version] = _id.split('.')
    const wrappedBy = `${provider} ${keyVersion}`
    return kind === 'data' ? [{ version: Number(version), crypto, wrappedBy, madeAt }] : []
  })
  const earlier = stored.find(({ _id }) => _id.startsWith('earlier.'))
  const before = { version: 0, crypto: 'aes', wrappedBy: 'nothing' } as const
  return {
    keys: [...versions.toSorted(byVersion), ...(earlier ? [before] : [])].map((key) => ({
      ...key,
      state: stateOf(key.version, state),
      records: counts.get(key.version) ?? {},
    })),
    ...(state.phase && { phase: state.phase }),
    wrapping: [
      ...new Set(
        stored.filter(({ provider }) => provider === 'env').map(({ keyVersion }) => keyVersion),
      ),
    ],
  }
}

const byVersion = (one: { readonly version: number }, other: { readonly version: number }) =>
  other.version - one.version

function stateOf(version: number, state: KeyState): DataKeyStatus['state'] {
  if (version === state.next && usesAt(state).dataKey !== version) return 'next'
  return version === usesAt(state).encrypts ? 'current' : 'previous'
}

/** By version, then by collection. */
async function recordCounts(connection: Connection) {
  const counts = new Map<number, Record<string, number>>()
  for (const { name } of encryptedCollections) {
    const groups = await connection
      .collection(name)
      .aggregate<{ _id: number | null; records: number }>([
        { $group: { _id: '$dataKey', records: { $sum: 1 } } },
      ])
      .toArray()
    for (const { _id: dataKey, records } of groups) {
      const version = dataKey ?? 0
      const ofVersion = counts.get(version) ?? {}
      counts.set(version, { ...ofVersion, [name]: (ofVersion[name] ?? 0) + records })
    }
  }
  return counts
}
