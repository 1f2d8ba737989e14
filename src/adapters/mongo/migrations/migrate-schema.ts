import type { Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import { BadEnvironment } from '../../../../config/environment/bad-environment.ts'
import { majority } from '../write-concern.ts'
import { allMigrations } from './all-migrations.ts'
import type { Migration } from './migration.ts'
import { withSchemaLock } from './schema-lock.ts'

type Applied = { readonly _id: string; readonly at: Date }

const appliedIn = (connection: Connection) =>
  connection.collection<Applied>('schema_migrations', {
    writeConcern: majority,
    readConcern: { level: 'majority' },
  })

/**
 * Returns whether every migration has run. Throws `BadEnvironment` if a newer version of the platform has migrated the
 * database: this version does not know its documents.
 */
export async function isSchemaCurrent(
  connection: Connection,
  migrations: readonly Migration[] = allMigrations,
): Promise<boolean> {
  const applied = (await appliedIn(connection).find().sort({ _id: 1 }).toArray()).map(
    ({ _id }) => _id,
  )
  const known = migrations.map(({ name }) => name)
  const newest = applied.filter((name) => !known.includes(name)).at(-1)
  if (newest)
    throw new BadEnvironment([
      `MONGODB_URI: this database has the schema ${newest} of a newer version, and this version knows up to ${known.at(-1) ?? 'none'}: start the newer version, or restore a backup from before it`,
    ])
  return known.every((name) => applied.includes(name))
}

/**
 * Brings the documents to the present schema, before anything else reads them. Of processes that start at the same time
 * one migrates and the others wait. Throws `BadEnvironment` for a newer schema (decision 0260).
 */
export async function migrateSchema(
  connection: Connection,
  log: Pick<BaseLogger, 'info'>,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  const isDone = () => isSchemaCurrent(connection, migrations)
  if (await isDone()) return
  await withSchemaLock(connection, isDone, async () => {
    // Loaded only where something has to be migrated: it takes a third of a second.
    const { Umzug } = await import('umzug')
    const applied = appliedIn(connection)
    const umzug = new Umzug({
      migrations: migrations.map(({ name, up }) => ({ name, up: () => up(connection) })),
      storage: {
        logMigration: async ({ name }) =>
          void (await applied.updateOne(
            { _id: name },
            { $setOnInsert: { at: new Date() } },
            { upsert: true },
          )),
        unlogMigration: async ({ name }) => void (await applied.deleteOne({ _id: name })),
        executed: async () => (await applied.find().toArray()).map(({ _id }) => _id),
      },
      logger: undefined,
    })
    umzug.on('migrated', ({ name }) => log.info({ migration: name }, 'schema migrated'))
    await umzug.up()
  })
}
