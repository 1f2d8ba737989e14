import type { ClientMetadata } from '../../config/client-metadata.ts'
import { readSettings } from '../../config/environment/read-environment.ts'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { eventQueueMongo } from '../adapters/events/event-queue-mongo.ts'
import { eventStreamsMongo } from '../adapters/events/event-streams-mongo.ts'
import { removeStreamIn } from '../adapters/events/remove-stream.ts'
import { clientsMongo } from '../adapters/mongo/clients-mongo.ts'
import type { MongoStore } from '../adapters/mongo/mongo-store.ts'
import { cachedClients } from '../adapters/redis/cached-clients.ts'
import { redisConnection } from '../adapters/redis/connection/redis-connection.ts'
import {
  type CertificateHeaders,
  certificateHeaders,
  certificateSettings,
} from '../sso/provider/features/mutual-tls.ts'
import {
  clientUsage,
  isStreamCommand,
  readClientCommand,
  type StreamCommand,
} from './client-arguments.ts'
import { runClientCommand } from './client-operations.ts'
import { runStreamCommand } from './client-streams.ts'
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
      const removeStream = removeStreamIn(inMongo.connection)
      const clients = cachedClients(clientsMongo({ ...inMongo, removeStream }), inRedis)
      const providerProblem = providerProblemWith(certificateHeaders(env))
      const policy = policyOf()
      const context = { clients, clock, ...policy.clients, providerProblem }
      const { lines, event } = isStreamCommand(command)
        ? await changeStream(command, inMongo)
        : await runClientCommand(command, context)
      // The lines come before the audit event: a new secret cannot be shown a second time.
      await report(lines, event)
    } finally {
      await close()
    }
  })
})

async function changeStream(command: StreamCommand, inMongo: MongoStore) {
  const { events } = policyOf()
  const queue = { ...inMongo, policy: events, clientsOf: async () => [] }
  return runStreamCommand(command, await eventStreamsMongo(inMongo), await eventQueueMongo(queue))
}

/** Loads oidc-provider only for commands that need it, because loading takes long. */
function providerProblemWith(certificates: CertificateHeaders | undefined) {
  return async (metadata: ClientMetadata) => {
    const check = await import('../sso/clients/client-problem.ts')
    return check.providerProblems(certificates)(metadata)
  }
}
