import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import type { Crypto } from '../../crypto/value-ciphers.ts'
import { releaseOtherIndexes } from '../reservations/release-other-indexes.ts'
import { encryptedCollections } from './encrypted-collections.ts'
import { everyProcess, refuseOtherPepper, refuseOtherPeppersInUse } from './every-process.ts'
import { retireDigestKey, retireOtherPeppers } from './key-check-values.ts'
import { type KeyState, keyRecordsIn, keyStatesIn, wrappingContext } from './key-records.ts'
import { type KeyProviders, unwrapped } from './key-ring.ts'
import type { DataKeys } from './open-data-keys.ts'
import { RotationOvertaken, renewAll, stopIfChanged } from './renew-all.ts'
import { removeOtherIndexes } from './renew-records.ts'

/** `print` shows the progress of a rotation. */
export type RotationInput = {
  readonly connection: Connection
  readonly dataKeys: DataKeys
  readonly providers: KeyProviders
  readonly crypto: Crypto
  /** The version that `dataKeys.encryption` gives to password hashes. */
  readonly pepper: string
  readonly print: (line: string) => void
  /** In ms; 15 s unless a test gives it. */
  readonly longestWrite?: number
}

/** A write that a process began before it knew a phase, or before it was told to stop, has ended after so many ms. */
const usualLongestWrite = 15_000

/**
 * Replaces the data key: adds one, or goes on with a rotation that was interrupted, and encrypts and indexes every record
 * anew while the platform runs. All steps can be repeated, and commands that run at once do one rotation together. Throws
 * `RotationStopped`.
 */
export async function rotateDataKeys(input: RotationInput): Promise<KeyState> {
  const { connection, dataKeys, pepper } = input
  await refuseOtherPeppersInUse(connection, pepper)
  let wanted: number | undefined
  for (;;) {
    await dataKeys.refresh()
    const state = await keyStatesIn(connection).findOne({ _id: 'state' })
    if (!state) throw new Error('no data key')
    wanted ??= state.next ?? state.current + 1
    if (state.current >= wanted) return state
    // Another command has gone on since the keys were read: with them, records would get the keys of an earlier phase.
    if (state.revision !== dataKeys.revision()) continue
    refuseOtherPepper(state, pepper)
    try {
      await nextPhase(input, state)
    } catch (error) {
      if (!(error instanceof RotationOvertaken)) throw error
    }
  }
}

/** Does the work of a phase and begins the next one, unless another command has begun it. */
async function nextPhase(input: RotationInput, state: KeyState): Promise<void> {
  const { connection, pepper, print, longestWrite = usualLongestWrite } = input
  const { current, next = current, phase } = state
  switch (phase) {
    case undefined:
      return announce(input, state)
    case 'announced':
      print(`data key ${next}: waits until every process has it`)
      await everyProcess(connection, state, pepper)
      await rewrapAll(input)
      return advance(connection, state, { phase: 'joining' })
    case 'joining':
      await everyProcess(connection, state, pepper)
      await sleep(longestWrite)
      return advance(connection, state, { phase: 'renewing' })
    case 'renewing':
      print(`data key ${next}: replaces ${current ? `data key ${current}` : 'the keys of before'}`)
      await renewAll(input, state)
      await everyProcess(connection, state, pepper)
      await renewAll(input, state)
      return advance(connection, state, { phase: 'cleaning' })
    case 'cleaning':
      print(`data key ${next}: removes the indexes of the key before`)
      await everyProcess(connection, state, pepper)
      await sleep(longestWrite)
      await renewAll(input, state)
      for (const collection of encryptedCollections)
        await removeOtherIndexes(connection, collection, next, () =>
          stopIfChanged(connection, state),
        )
      await releaseOtherIndexes(connection, next, () => stopIfChanged(connection, state))
      // A process that came back with an older pepper meanwhile has stored hashes under it.
      await everyProcess(connection, state, pepper)
      await retireDigestKey(connection)
      await retireOtherPeppers(connection, pepper)
      return advance(connection, state, { current: next })
  }
}

/** Stores the next data key and lets every process read it. */
async function announce(input: RotationInput, state: KeyState) {
  const { connection, providers, crypto, pepper, print } = input
  const records = keyRecordsIn(connection)
  const next = state.current + 1
  const _id = `data.${next}`
  const { current } = providers
  const { keyVersion, wrapped } = await current.wrap(randomBytes(32), wrappingContext(_id))
  const stored = { provider: current.name, keyVersion, wrapped, crypto, madeAt: new Date() }
  // An interrupted or a concurrent rotation may have stored the key, and a process may have read it: it stays.
  await records.updateOne({ _id }, { $setOnInsert: stored }, { upsert: true })
  print(`data key ${next}: added, ${crypto}, wrapped by ${current.name} ${keyVersion}`)
  await advance(connection, state, { next, phase: 'announced', pepper })
}

/** Wraps every key with the newest key-encryption key. */
async function rewrapAll({ connection, providers }: RotationInput): Promise<void> {
  const records = keyRecordsIn(connection)
  for (const record of await records.find().toArray()) {
    const key = await unwrapped(providers, record)
    const { keyVersion, wrapped } = await providers.current.wrap(key, wrappingContext(record._id))
    const rewrapped = { provider: providers.current.name, keyVersion, wrapped }
    await records.updateOne({ _id: record._id, wrapped: record.wrapped }, { $set: rewrapped })
  }
}

/** Changes nothing if another command has advanced it. */
async function advance(
  connection: Connection,
  { revision, current, next, pepper }: KeyState,
  change: Partial<Omit<KeyState, '_id' | 'revision'>>,
): Promise<void> {
  const goesOn = change.current === undefined
  const replacement = {
    ...{ current, revision: revision + 1 },
    ...(goesOn && next !== undefined && { next }),
    ...(goesOn && pepper !== undefined && { pepper }),
    ...change,
  }
  await keyStatesIn(connection).replaceOne({ _id: 'state', revision }, replacement)
}
