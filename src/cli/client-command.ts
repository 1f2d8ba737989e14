import type { ClientMetadata } from '../../config/client-metadata.ts'
import { readSettings } from '../../config/env.ts'
import { policy as policyOf } from '../../config/policy.ts'
import { clientsMongo } from '../adapters/mongo/clients-mongo.ts'
import { cachedClients } from '../adapters/redis/cached-clients.ts'
import { redisConnection } from '../adapters/redis/redis-connection.ts'
import {
  type CertificateHeaders,
  certificateHeaders,
  certificateSettings,
} from '../sso/provider/features/mutual-tls.ts'
import { readCommand, usage } from './client-arguments.ts'
import { run } from './client-operations.ts'
import { defineCommand, reached, withStored } from './operator-command.ts'

/** All of the platform's settings that it needs: the stores, their keys, and by what a client may be recognised. */
const needed = [
  ...(['MONGODB_URI', 'REDIS_URL', 'REDIS_PREFIX', 'DATA_KEYS', 'DIGEST_KEY'] as const),
  ...certificateSettings,
] as const

/** What an operator does with business systems that no file owns. */
export const clientCommand = defineCommand(usage, async (caller) => {
  const command = readCommand(caller.typed)
  const env = readSettings(caller.env, needed)
  await withStored(env, caller, async ({ inMongo, log, report }) => {
    const { clock } = inMongo
    const { redis, close } = await reached('REDIS_URL', env, (url) => redisConnection(url, log))
    try {
      const inRedis = { redis, keyPrefix: env.REDIS_PREFIX, clock }
      const clients = cachedClients(clientsMongo(inMongo), inRedis)
      const providerProblem = providerProblemWith(certificateHeaders(env))
      const around = { clients, clock, ...policyOf().clients, providerProblem }
      const { lines, event } = await run(command, around)
      // First of all the secret, which can't be had again.
      await report(lines, event)
    } finally {
      await close()
    }
  })
})

/** Loads the library for those commands only that ask it. */
function providerProblemWith(certificates: CertificateHeaders | undefined) {
  return async (metadata: ClientMetadata) => {
    const judge = await import('../sso/clients/client-problem.ts')
    return judge.providerProblem(metadata, certificates)
  }
}
