import type { Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import { pino } from 'pino'
import type { Environment } from '../../../config/environment/settings.ts'
import { policy as policyOf } from '../../../config/limits-and-lifetimes.ts'
import { removeStreamIn } from '../../adapters/events/remove-stream.ts'
import { clientsMongo } from '../../adapters/mongo/clients-mongo.ts'
import { missingDataKeys } from '../../adapters/mongo/data-keys/check-records.ts'
import { type DataKeys, openDataKeys } from '../../adapters/mongo/data-keys/open-data-keys.ts'
import { signingKeysMongo } from '../../adapters/mongo/signing-keys-mongo.ts'
import { keyProviders } from '../../compose/key-providers.ts'
import { keysAt } from '../../sso/keys/key-rotation.ts'
import { certificateHeaders } from '../../sso/provider/features/mutual-tls.ts'
import { type Check, check } from './check.ts'

/** A rotation of signing keys that is so many ms late does not take place. */
const late = 3 * 24 * 3600 * 1000

/** The checks that need the data keys. Without them, the first line says why. */
export async function recordChecks(
  connection: Connection,
  env: Environment,
): Promise<readonly Check[]> {
  const log = pino({ level: 'silent' })
  let dataKeys: DataKeys | undefined
  const keys = await check('data keys', async () => {
    dataKeys = await opened(connection, env, log)
    return dataKeys ? missingDataKeys(connection) : ['there are none yet: start the platform']
  })
  if (!dataKeys) return [keys]
  const { encryption } = dataKeys
  return [
    keys,
    await check('signing keys', () => signingKeyProblems({ connection, encryption })),
    await check('clients', () => clientProblems({ connection, encryption }, env)),
  ]
}

const opened = (connection: Connection, env: Environment, log: BaseLogger) =>
  openDataKeys(connection, keyProviders(env, log), env, false)

type Records = { readonly connection: Connection; readonly encryption: DataKeys['encryption'] }

async function signingKeyProblems(records: Records): Promise<readonly string[]> {
  const { keys: policy } = policyOf()
  const now = Date.now()
  const store = signingKeysMongo({ ...records, clock: () => now })
  const stored = keysAt(await store.all(), now, policy)
  const current = stored.filter(({ state }) => state === 'current')
  if (current.length === 0) return ['none signs: start the platform, which creates them']
  const due = policy.rotateEvery * 1000 + late
  return current
    .filter(({ key }) => now - key.signsFrom > due)
    .map(
      ({ key }) =>
        `${key.alg} signs since ${new Date(key.signsFrom).toISOString().slice(0, 10)}: npm run keys -- rotate ${key.alg}, and look why the platform did not`,
    )
}

/** Clients that oidc-provider refuses, e.g. since an update. Those of files are checked with the settings. */
async function clientProblems(records: Records, env: Environment): Promise<readonly string[]> {
  // It loads oidc-provider, which takes long.
  const { providerProblems } = await import('../../sso/clients/client-problem.ts')
  const problemOf = providerProblems(certificateHeaders(env))
  const found = []
  const clients = clientsMongo({ ...records, removeStream: removeStreamIn(records.connection) })
  for (const { metadata, disabled } of await clients.list()) {
    const problem = disabled ? undefined : await problemOf(metadata)
    if (problem) found.push(`client ${metadata.client_id}: ${problem}`)
  }
  return found
}
