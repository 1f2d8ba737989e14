import type { Connection } from 'mongoose'
import { buildIndexes } from '../build-indexes.ts'
import { DuplicateAccounts } from '../reservations/reserve-existing.ts'
import { type EncryptedCollection, encryptedCollections } from './encrypted-collections.ts'
import { type KeyState, keyStatesIn } from './key-records.ts'
import type { DataKeys } from './open-data-keys.ts'
import { dataKeyIndex, renewRecords } from './renew-records.ts'

/** The rotation stopped and can be continued. The message says why, in one line for each reason. */
export class RotationStopped extends Error {
  override readonly name = 'RotationStopped'
}

/** Another command has gone on with the rotation, so the keys in memory may be those of an earlier phase. */
export class RotationOvertaken extends Error {
  override readonly name = 'RotationOvertaken'
}

type RenewalInput = {
  readonly connection: Connection
  readonly dataKeys: Pick<DataKeys, 'encryption'>
  readonly print: (line: string) => void
}

/**
 * Renews all records of all collections. Throws `RotationStopped`, after all others, if some can not be decrypted, and
 * `RotationOvertaken`.
 */
export async function renewAll(input: RenewalInput, state: KeyState): Promise<void> {
  const unreadable: string[] = []
  for (const collection of encryptedCollections) {
    await buildIndexes(input.connection.collection(collection.name), [{ key: dataKeyIndex }])
    const ids = await renewCollection(input, state, collection)
    unreadable.push(...ids.map((id) => `${collection.name}: no key decrypts the record ${id}`))
  }
  if (unreadable.length) throw new RotationStopped(unreadable.join('\n'))
}

/** Renews until a pass finds nothing more. Returns the ids of the records that can not be decrypted. */
async function renewCollection(
  { connection, dataKeys: { encryption }, print }: RenewalInput,
  state: KeyState,
  collection: EncryptedCollection,
): Promise<readonly string[]> {
  const stale = [null, ...Array.from({ length: state.next ?? 0 }, (_, version) => version)]
  const onBatch = async (renewed: number) => {
    if (renewed) print(`${collection.name}: ${renewed} records renewed`)
    await stopIfChanged(connection, state)
  }
  for (;;) {
    const pass = await renewRecords(connection, collection, encryption, stale, onBatch).catch(
      (error: unknown) => {
        throw error instanceof DuplicateAccounts ? new RotationStopped(error.message) : error
      },
    )
    if (pass.renewed + pass.missed === 0) return pass.unreadable
  }
}

/** Throws `RotationOvertaken`. */
export async function stopIfChanged(connection: Connection, { revision }: KeyState): Promise<void> {
  const state = await keyStatesIn(connection).findOne({ _id: 'state' })
  if (state?.revision !== revision)
    throw new RotationOvertaken('another data-keys rotate has gone on')
}
