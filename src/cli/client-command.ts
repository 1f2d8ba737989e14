import type { ClientMetadata } from '../../config/client-metadata.ts'
import { readSettings } from '../../config/environment/read-environment.ts'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { clientsMongo } from '../adapters/mongo/clients-mongo.ts'
import { cachedClients } from '../adapters/redis/cached-clients.ts'
import { redisConnection } from '../adapters/redis/connection/redis-connection.ts'
import {
  type CertificateHeaders,
  certificateHeaders,
  certificateSettings,
} from '../sso/provider/features/mutual-tls.ts'
import { clientUsage, readClientCommand } from './client-arguments.ts'
import { runClientCommand } from './client-operations.ts'
import { connectTo, defineCommand, storeSettings, withStores } from './operator-command.ts'

/** The settings that it needs: the stores, their keys, and the settings of client certificates. */
const needed = [
  ...storeSettings,
  ...(['REDIS_URL', 'REDIS_PREFIX'] as const),
  ...certificateSettings,
] as const

/** `npm run client`: lets an operator manage the clients that no file owns. */
export const clientCommand = defineCommand(clientUsage, async (caller) => {
  const command = readClientCommand(caller.typed)
  const env = readSettings(caller.env, needed)
  await withStores(env, caller, async ({ inMongo, log, report }) => {
    const { clock } = inMongo
    const { redis, close } = await connectTo('REDIS_URL', env, (url) => redisConnection(url, log))
    try {
      const inRedis = { redis, keyPrefix: env.REDIS_PREFIX, clock }
      const clients = cachedClients(clientsMongo(inMongo), inRedis)
      const providerProblem = providerProblemWith(certificateHeaders(env))
      const context = { clients, clock, ...policyOf().clients, providerProblem }
      const { lines, event } = await runClientCommand(command, context)
      // The lines come before the audit event: a new secret cannot be shown a second time.
      await report(lines, event)
    } finally {
      await close()
    }
  })
})

/** Loads oidc-provider only for commands that need it, because loading takes long. */
function providerProblemWith(certificates: CertificateHeaders | undefined) {
  return async (metadata: ClientMetadata) => {
    const check = await import('../sso/clients/client-problem.ts')
    return check.providerProblems(certificates)(metadata)
  }
}
