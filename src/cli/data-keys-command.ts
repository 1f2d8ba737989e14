import type { Connection } from 'mongoose'
import { readSettings } from '../../config/environment/read-environment.ts'
import type { Environment } from '../../config/environment/settings.ts'
import { pepperOf, pepperVersion } from '../adapters/crypto/peppered-passwords.ts'
import { retiredPeppers } from '../adapters/mongo/data-keys/key-check-values.ts'
import { peppersInUse } from '../adapters/mongo/data-keys/key-readers.ts'
import {
  type DataKeyStatus,
  type KeyStatus,
  keyStatus,
} from '../adapters/mongo/data-keys/key-status.ts'
import { RotationStopped } from '../adapters/mongo/data-keys/renew-all.ts'
import { withRenewedPepper } from '../adapters/mongo/data-keys/renewed-pepper.ts'
import { rotateDataKeys } from '../adapters/mongo/data-keys/rotation.ts'
import { keyProviders } from '../compose/key-providers.ts'
import { missingArgument, noMoreArguments, readArguments } from './arguments.ts'
import {
  BadUsage,
  defineCommand,
  Refused,
  storeSettings,
  withAudit,
  withDataKeys,
} from './operator-command.ts'

const usage = `npm run data-keys -- COMMAND     (in the production image: node dist/src/cli/data-keys.js COMMAND)

  status    the data keys of MongoDB, what wraps each, how many records each encrypts, and with
            which version of PEPPER_KEYS processes encrypt new password hashes
  rotate    a new data key: every record is encrypted and indexed anew while the platform runs. An
            interrupted rotation goes on where it was when the command is repeated. At its end the
            command says which old keys may be removed from the settings`

/** `npm run data-keys`: lets an operator replace the keys that encrypt what is in MongoDB. */
export const dataKeysCommand = defineCommand(usage, async (caller) => {
  const name = readName(caller.typed)
  const env = readSettings(caller.env, storeSettings)
  await withDataKeys(env, caller, async (connection, dataKeys, log) => {
    if (name === 'rotate') {
      const providers = keyProviders(env, log)
      const pepper = pepperOf(env.PEPPER_KEYS, dataKeys.secretFor('pepper'), env.CRYPTO)
      const encryption = withRenewedPepper(dataKeys.encryption, pepper)
      await rotateDataKeys({
        ...{ connection, dataKeys: { ...dataKeys, encryption }, providers },
        ...{ crypto: env.CRYPTO, pepper: pepperVersion(env), print: caller.out },
      }).catch((error: unknown) => {
        throw error instanceof RotationStopped ? new Refused(error.message) : error
      })
    }
    const lines = await statusLines(connection, env)
    const inMongo = { connection, encryption: dataKeys.encryption, clock: Date.now }
    if (name === 'status') for (const line of lines) caller.out(line)
    else
      await withAudit(env, caller, inMongo, log, (_, report) =>
        report(lines, { what: 'data-key-rotated' }),
      )
  })
})

/** Throws `BadUsage`. */
function readName(typed: readonly string[]): 'status' | 'rotate' {
  const { positionals } = readArguments(typed, {})
  const [name = missingArgument('COMMAND'), ...rest] = positionals
  noMoreArguments(rest)
  if (name !== 'status' && name !== 'rotate') throw new BadUsage(`${name}: no such command`)
  return name
}

type GivenKeys = Pick<Environment, 'DATA_KEYS' | 'PEPPER_KEYS' | 'DIGEST_KEY'>

async function statusLines(connection: Connection, given: GivenKeys): Promise<readonly string[]> {
  const status = await keyStatus(connection)
  if (!status) return []
  const peppers = await peppersInUse(connection)
  return [
    ...status.keys.map(keyLine),
    ...[...peppers].map(pepperLine),
    ...nextSteps(status, given),
    ...(await retiredPeppers(connection))
      .filter((version) => !peppers.has(version))
      .filter((version) => given.PEPPER_KEYS?.some((key) => key.version === version))
      .map((version) => `PEPPER_KEYS: version ${version} may be removed, no hash depends on it`),
  ]
}

/** For example `pepper 2  new hashes of 4 processes`. */
const pepperLine = ([version, processes]: readonly [string, number]): string =>
  `pepper ${version}  new hashes of ${processes} processes`

/** For example `data key 2  current   aes  env 2  104 records: accounts 100, clients 4`. */
function keyLine({ version, state, crypto, wrappedBy, records }: DataKeyStatus): string {
  const name = version === 0 ? 'before data keys' : `data key ${version}`
  const counts = Object.entries(records)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const each = counts.map(([collection, count]) => `${collection} ${count}`).join(', ')
  const what = total ? `${total} records: ${each}` : 'no records'
  return `${name}  ${state}  ${crypto}  ${wrappedBy}  ${what}`
}

function nextSteps(
  { keys, phase, wrapping }: KeyStatus,
  { DATA_KEYS, DIGEST_KEY }: GivenKeys,
): readonly string[] {
  if (phase) return [`a rotation is under way (${phase}): data-keys rotate goes on with it`]
  const inUse = keys.find(({ state }) => state === 'current')
  if (inUse?.version === 0)
    return ['the keys of the settings encrypt directly: data-keys rotate replaces them']
  return [
    ...DATA_KEYS.filter(({ version }) => !wrapping.includes(version)).map(
      ({ version }) => `DATA_KEYS: version ${version} may be removed, nothing depends on it`,
    ),
    ...(DIGEST_KEY ? ['DIGEST_KEY: may be removed, nothing depends on it'] : []),
  ]
}
