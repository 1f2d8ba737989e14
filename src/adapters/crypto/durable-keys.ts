import {
  type DurableEncryption,
  encryptionWith,
  type UsableKey,
  type ValueKeys,
} from './encryption.ts'

/** The keys of MongoDB at a time. Version 0 stands for the values and digests of before data keys. */
export type DurableKeys = Omit<ValueKeys, 'keys' | 'encrypts'> & {
  readonly keys: ReadonlyMap<number, UsableKey>
  readonly encrypts: number
  /** The versions whose digests are stored and looked up, the newest first. */
  readonly indexes: readonly number[]
  readonly dataKey: number
}

/** @param present throws `Outage` if the keys may be out of date */
export function durableEncryption(present: () => DurableKeys): DurableEncryption {
  const values = new WeakMap<DurableKeys, ValueKeys>()
  const valueKeys = () => {
    const keys = present()
    const known = values.get(keys) ?? valueKeysOf(keys)
    values.set(keys, known)
    return known
  }
  return {
    ...encryptionWith(valueKeys),
    lookupIndexes(domain, value) {
      const { indexes, keys, blindIndex } = present()
      return indexes.map((version) => {
        if (version === 0) return blindIndex(domain, value)
        const key = keys.get(version)
        if (!key) throw new Error(`no data key of version ${version} for ${domain}`)
        return `i${version}.${key.digest(domain, value)}`
      })
    },
    dataKey: () => present().dataKey,
  }
}

const valueKeysOf = ({ keys, encrypts, ...others }: DurableKeys): ValueKeys => ({
  ...others,
  keys: new Map([...keys].map(([version, key]) => [String(version), key])),
  encrypts: encrypts === 0 ? undefined : String(encrypts),
})
