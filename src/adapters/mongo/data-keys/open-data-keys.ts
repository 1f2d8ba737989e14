import type { Connection } from 'mongoose'
import { type DurableKeys, durableEncryption } from '../../crypto/durable-keys.ts'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import { createKeys, type KeySettings } from './create-keys.ts'
import { encryptedSamples } from './encrypted-samples.ts'
import { recordKeys, refuseOtherKeys } from './key-check-values.ts'
import { type KeyProviders, readKeyRing } from './key-ring.ts'

/** The data keys of MongoDB in the memory of this process. */
export type DataKeys = {
  readonly encryption: DurableEncryption
  /** 32 bytes for a purpose outside of MongoDB. They are the same after each rotation. */
  secretFor(purpose: string): Buffer
  /** The revision of the keys in memory. */
  revision(): number
  /** Reads the keys again. Keys of an earlier revision do not replace those in memory. */
  refresh(): Promise<void>
}

/**
 * Compares the settings with the check values, creates the keys of a new database, and unwraps all keys. Undefined where
 * there are none and `create` is false. Throws `BadEnvironment`. Nothing may be encrypted before `followDataKeys`.
 */
export async function openDataKeys(
  connection: Connection,
  providers: KeyProviders,
  settings: KeySettings,
  create = true,
): Promise<DataKeys | undefined> {
  await (create ? recordKeys : refuseOtherKeys)(connection, settings)
  if (create) {
    // Read before the state: a process of this version stores data only after its state.
    const isEarlier = (await encryptedSamples(connection)).values.length > 0
    await createKeys(connection, providers, settings, isEarlier)
  }
  const unwrappedKeys = new Map<string, Buffer>()
  const [preferred] = settings.DATA_KEYS
  const read = () =>
    readKeyRing(connection, providers, settings.CRYPTO, preferred?.version, unwrappedKeys)
  const opened = await read()
  if (!opened) return undefined
  let ring = opened
  const present = (): DurableKeys => ring.keys
  return {
    encryption: durableEncryption(present),
    secretFor: (purpose) => ring.secretFor(purpose),
    revision: () => ring.revision,
    async refresh() {
      const latest = await read()
      if (latest && latest.revision > ring.revision) ring = latest
    },
  }
}
