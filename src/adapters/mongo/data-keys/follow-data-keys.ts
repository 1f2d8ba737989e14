import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, mongo } from 'mongoose'
import type { BaseLogger } from 'pino'
import { Outage } from '../../../ports/outage.ts'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import { buildIndexes } from '../build-indexes.ts'
import { schemaVersion } from '../migrations/all-migrations.ts'
import { readersIn } from './key-readers.ts'
import { keyStatesIn } from './key-records.ts'
import type { DataKeys } from './open-data-keys.ts'

/** How often a process looks for a change, in ms. */
const interval = 3000

/** How long a look waits for new keys, in ms. */
const patience = 2000

/** A process that could not look for so many ms encrypts nothing and looks up nothing: a rotation may have gone on. */
const outdatedAfter = 60_000

export const dataKeyReaderIndexes: mongo.IndexDescription[] = [
  { key: { at: 1 }, expireAfterSeconds: 3600 },
]

/**
 * Lets this process take part in rotations, before it encrypts anything: it reports the revision of its keys, and reads
 * them again after each change.
 * @param pepper the version with which this process encrypts password hashes, if it does
 */
export async function followDataKeys(
  connection: Connection,
  dataKeys: DataKeys,
  log: Pick<BaseLogger, 'error'>,
  pepper?: string,
): Promise<{ readonly encryption: DurableEncryption; readonly stop: () => Promise<void> }> {
  const readers = readersIn(connection)
  await buildIndexes(readers, dataKeyReaderIndexes)
  const _id = randomUUID()
  let lookedAt = performance.now()

  async function report() {
    const present = {
      ...{ revision: dataKeys.revision(), schema: schemaVersion, at: '$$NOW' },
      ...(pepper && { pepper }),
    }
    await readers.updateOne({ _id }, [{ $set: present }], { upsert: true })
  }

  let refreshing: Promise<void> | undefined
  async function look() {
    const began = performance.now()
    const state = await keyStatesIn(connection).findOne({ _id: 'state' })
    await report()
    // A primary that the others have replaced still answers reads. Only the true one confirms a write.
    lookedAt = began
    if (state?.revision === dataKeys.revision()) return
    // While a KMS does not answer, this process goes on with the keys that it has: a rotation waits for its report.
    refreshing ??= dataKeys.refresh().finally(() => {
      refreshing = undefined
    })
    await Promise.race([refreshing, sleep(patience, undefined, { ref: false })])
    await report()
  }

  // From the first report on a rotation waits for this process, which may have read the keys before its last step.
  await report()
  await look()
  let looking: Promise<void> | undefined
  let failed = false
  const timer = setInterval(() => {
    looking ??= look()
      .then(
        () => {
          failed = false
        },
        (error: unknown) => {
          if (!failed) log.error({ err: error }, 'data keys can not be read')
          failed = true
        },
      )
      .finally(() => {
        looking = undefined
      })
  }, interval)
  timer.unref()

  const { encryption } = dataKeys
  function refuseOutdated() {
    if (performance.now() - lookedAt > outdatedAfter)
      throw new Outage(new Error('the data keys may be out of date'))
  }
  return {
    encryption: {
      ...encryption,
      encrypt(value, context) {
        refuseOutdated()
        return encryption.encrypt(value, context)
      },
      lookupIndexes(domain, value) {
        refuseOutdated()
        return encryption.lookupIndexes(domain, value)
      },
    },
    async stop() {
      clearInterval(timer)
      await looking
      await readers.deleteOne({ _id }).catch(() => {})
    },
  }
}
