import type { Connection } from 'mongoose'
import { type BaseLogger, pino } from 'pino'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import type { Environment } from '../../config/environment/settings.ts'
import { type AuditTrail, auditMongo } from '../adapters/audit/audit-mongo.ts'
import { followDataKeys } from '../adapters/mongo/data-keys/follow-data-keys.ts'
import { type DataKeys, openDataKeys } from '../adapters/mongo/data-keys/open-data-keys.ts'
import { isSchemaCurrent } from '../adapters/mongo/migrations/migrate-schema.ts'
import { mongoConnection } from '../adapters/mongo/mongo-connection.ts'
import { signingKeysMongo } from '../adapters/mongo/signing-keys-mongo.ts'
import { syslogOutlets } from '../compose/audit-outlets.ts'
import { keyProviders, keySettings } from '../compose/key-providers.ts'
import { operatorName } from '../compose/operator-name.ts'
import type { AuditEvent } from '../ports/audit.ts'
import { ServiceUnreachable } from '../ports/outage.ts'
import type { SigningKeys } from '../ports/sso/signing-keys.ts'

/** A check failed; then EX_USAGE, EX_DATAERR, EX_UNAVAILABLE and EX_CONFIG of sysexits.h. */
const exitStatus = { failed: 1, usage: 64, refused: 65, unavailable: 69, environment: 78 } as const

/** The command line is not valid. The message has one line for each problem. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage'
}

/** The command, or a part of its input, was refused and changed nothing. The message has one line for each reason. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** The command found something wrong, which it printed. */
export class ChecksFailed extends Error {
  override readonly name = 'ChecksFailed'
}

class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable'
}

/** The caller of a command: the typed words, the environment, and where lines are written. */
export type Caller = {
  readonly typed: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (line: string) => void
  readonly errors: (line: string) => void
}

/** Resolves to the exit status. */
export type OperatorCommand = (caller: Caller) => Promise<number>

/** Runs `main` for a caller; errors that it throws become lines and an exit status. */
export function defineCommand(
  usage: string,
  main: (caller: Caller) => Promise<void>,
): OperatorCommand {
  return async (caller) => {
    function end(exitCode: number, ...lines: readonly string[]): number {
      for (const line of lines) caller.errors(line)
      return exitCode
    }
    try {
      if (caller.typed.includes('--help')) caller.out(usage)
      else await main(caller)
      return 0
    } catch (error) {
      if (error instanceof ChecksFailed) return end(exitStatus.failed, error.message)
      if (error instanceof BadUsage) return end(exitStatus.usage, error.message, '', usage)
      if (error instanceof Refused) return end(exitStatus.refused, error.message)
      if (error instanceof StoreUnreachable) return end(exitStatus.unavailable, error.message)
      if (error instanceof ServiceUnreachable) return end(exitStatus.unavailable, error.reason)
      if (error instanceof BadEnvironment) return end(exitStatus.environment, ...error.problems)
      throw error
    }
  }
}

/** Runs a command for this process, which ends with the command's exit status. */
export async function fromShell(command: OperatorCommand): Promise<void> {
  process.exitCode = await command({
    typed: process.argv.slice(2),
    env: process.env,
    out: (line) => console.log(line),
    errors: (line) => console.error(line),
  })
}

/** The stores in MongoDB that a command may use, and its report. */
export type CommandStores = {
  readonly inMongo: Omit<Parameters<typeof signingKeysMongo>[0], 'newKey'>
  readonly signingKeys: SigningKeys
  readonly audit: AuditTrail
  readonly log: BaseLogger
  readonly out: Caller['out']
  /** Prints lines, then records the event with the operator's name; `detail` is `command` if the event has none. */
  readonly report: (lines: readonly string[], event?: Omit<AuditEvent, 'address'>) => Promise<void>
}

/** The settings that `withStores` needs. */
export const storeSettings = [
  'MONGODB_URI',
  'AUDIT_KEEP_DAYS',
  'AUDIT_SYSLOG',
  ...keySettings,
] as const
type StoreSettings = Pick<Environment, (typeof storeSettings)[number]>

/** To count or read millions of records may take so many ms. The driver notices a lost server earlier, by its heartbeat. */
const longestCommand = 3_600_000

/** Connects to the platform's MongoDB for the time of `work`, and reads its keys. */
export async function withDataKeys(
  env: StoreSettings,
  { errors }: Pick<Caller, 'errors'>,
  work: (connection: Connection, dataKeys: DataKeys, log: BaseLogger) => Promise<void>,
): Promise<void> {
  const log = pino({ level: 'warn' }, { write: (line) => errors(line.trimEnd()) })
  const mongo = await connectTo('MONGODB_URI', env, (uri) =>
    mongoConnection(uri, log, longestCommand),
  )
  try {
    // A command of an older version would not know the documents.
    await isSchemaCurrent(mongo.connection)
    // With other keys than the platform's, the platform could not read the records that the command stores.
    const dataKeys = await openDataKeys(mongo.connection, keyProviders(env, log), env, false)
    if (!dataKeys) throw new Refused('MongoDB has no data keys yet: start the platform first')
    await work(mongo.connection, dataKeys, log)
  } finally {
    await mongo.close()
  }
}

/** The same, for commands that use the stores: a rotation waits for them as for every process. */
export const withStores = (
  env: StoreSettings,
  caller: Pick<Caller, 'out' | 'errors'>,
  work: (stores: CommandStores) => Promise<void>,
): Promise<void> =>
  withDataKeys(env, caller, async (connection, dataKeys, log) => {
    const { encryption, stop } = await followDataKeys(connection, dataKeys, log)
    try {
      const inMongo = { connection, encryption, clock: Date.now }
      await withAudit(env, caller, inMongo, log, (audit, report) =>
        work({
          ...{ inMongo, audit, log, report, out: caller.out },
          signingKeys: signingKeysMongo(inMongo),
        }),
      )
    } finally {
      await stop()
    }
  })

/** Opens the audit for the time of `work`, and signs its head at the end. */
export async function withAudit(
  env: Pick<StoreSettings, 'AUDIT_KEEP_DAYS' | 'AUDIT_SYSLOG'>,
  { out }: Pick<Caller, 'out'>,
  inMongo: CommandStores['inMongo'],
  log: BaseLogger,
  work: (audit: AuditTrail, report: CommandStores['report']) => Promise<void>,
): Promise<void> {
  const audit = await auditMongo({
    ...{ ...inMongo, log },
    keepDays: env.AUDIT_KEEP_DAYS,
    outlets: syslogOutlets(env, log),
  })
  try {
    await work(audit, async (lines, event) => {
      for (const line of lines) out(line)
      if (event) await audit.record({ detail: 'command', ...event, address: operatorName() })
    })
  } finally {
    await audit.close()
  }
}

/** Connects to the store that a setting names. Throws `StoreUnreachable`, which names the host. */
export async function connectTo<Name extends 'MONGODB_URI' | 'REDIS_URL', T>(
  name: Name,
  env: Readonly<Record<Name, string>>,
  connect: (address: string) => Promise<T>,
): Promise<T> {
  try {
    return await connect(env[name])
  } catch (error) {
    // The message omits the rest of the address, which may contain a password.
    const where = /^[\w+-]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(env[name])?.[1]
    throw new StoreUnreachable(
      `${(error as Error).message} (${where}). Does the platform run? ` +
        `If it was started with a ${name} of its own, give this command the same ${name}.`,
    )
  }
}
