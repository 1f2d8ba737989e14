import { type BaseLogger, pino } from 'pino'
import { BadEnvironment, type Environment } from '../../config/env.ts'
import { policy as policyOf } from '../../config/policy.ts'
import { fieldEncryption } from '../adapters/crypto/encryption.ts'
import { auditMongo } from '../adapters/mongo/audit-mongo.ts'
import { refuseOtherKeys } from '../adapters/mongo/key-check-values.ts'
import { mongoConnection } from '../adapters/mongo/mongo-connection.ts'
import { signingKeysMongo } from '../adapters/mongo/signing-keys-mongo.ts'
import { operator } from '../compose/operator-name.ts'
import type { AuditEvent } from '../ports/audit.ts'
import type { SigningKeys } from '../ports/sso/signing-keys.ts'

/** What the commands of an operator share: how they begin, what they may not do, and how they end. */

/** EX_USAGE, EX_DATAERR, EX_UNAVAILABLE and EX_CONFIG of sysexits.h. */
const status = { usage: 64, refused: 65, unavailable: 69, environment: 78 } as const

/** What was typed is no command: a line for each problem. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage'
}

/** It can't be done so: a line for each reason. Nothing was changed. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

class StoreAway extends Error {
  override readonly name = 'StoreAway'
}

/** Who calls a command: what was typed, the settings there, and where lines go. */
export type Caller = {
  readonly typed: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: (line: string) => void
  readonly errors: (line: string) => void
}

/** Resolves to the exit status. */
export type OperatorCommand = (caller: Caller) => Promise<number>

/** Runs `main` on what was typed; what it throws becomes lines and an exit status. */
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
      if (error instanceof BadUsage) return end(status.usage, error.message, '', usage)
      if (error instanceof Refused) return end(status.refused, error.message)
      if (error instanceof StoreAway) return end(status.unavailable, error.message)
      if (error instanceof BadEnvironment) return end(status.environment, ...error.problems)
      throw error
    }
  }
}

/** Of this process: it ends with the command's status. */
export async function fromShell(command: OperatorCommand): Promise<void> {
  process.exitCode = await command({
    typed: process.argv.slice(2),
    env: process.env,
    out: (line) => console.log(line),
    errors: (line) => console.error(line),
  })
}

/** What lies in MongoDB, and what a command says and records about it. */
export type Stored = {
  readonly inMongo: Omit<Parameters<typeof signingKeysMongo>[0], 'newKey'>
  readonly signingKeys: SigningKeys
  readonly log: BaseLogger
  /** Prints lines, then keeps for the record what was done, and by whom. */
  readonly report: (
    lines: readonly string[],
    event?: Pick<AuditEvent, 'what' | 'clientId'>,
  ) => Promise<void>
}

type Settings = Pick<Environment, 'MONGODB_URI' | 'DATA_KEYS' | 'DIGEST_KEY'>

/** Opens the platform's MongoDB for `work`. */
export async function withStored(
  env: Settings,
  { out, errors }: Pick<Caller, 'out' | 'errors'>,
  work: (stored: Stored) => Promise<void>,
): Promise<void> {
  const log = pino({ level: 'warn' }, { write: (line) => errors(line.trimEnd()) })
  const mongo = await reached('MONGODB_URI', env, (uri) => mongoConnection(uri, log))
  try {
    // With other keys than the platform's, what a command stores could not be read there.
    await refuseOtherKeys(mongo.connection, env)
    const encryption = fieldEncryption(env.DATA_KEYS, env.DIGEST_KEY)
    const inMongo = { connection: mongo.connection, encryption, clock: Date.now }
    const signingKeys = signingKeysMongo(inMongo)
    const audit = await auditMongo({ ...inMongo, policy: policyOf().audit })
    await work({
      ...{ inMongo, signingKeys, log },
      async report(lines, event) {
        for (const line of lines) out(line)
        if (event) await audit.record({ ...event, address: operator(), detail: 'command' })
      },
    })
  } finally {
    await mongo.close()
  }
}

/** The store at the address of a setting; without an answer the person learns which address that was. */
export async function reached<Name extends 'MONGODB_URI' | 'REDIS_URL', T>(
  name: Name,
  env: Readonly<Record<Name, string>>,
  connect: (address: string) => Promise<T>,
): Promise<T> {
  try {
    return await connect(env[name])
  } catch (error) {
    // Never the whole address, in which a password may stand.
    const where = /^[\w+-]+:\/\/(?:[^@/]*@)?([^/?]*)/.exec(env[name])?.[1]
    throw new StoreAway(
      `${(error as Error).message} (${where}). Does the platform run? ` +
        `If it was started with a ${name} of its own, give this command the same ${name}.`,
    )
  }
}
