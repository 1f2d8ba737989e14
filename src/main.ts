import { once } from 'node:events'
import { pino } from 'pino'
import { BadEnvironment, type Environment } from '../config/env.ts'
import { readAllSettings } from '../config/settings.ts'
import { mongoConnection } from './adapters/mongo-connection.ts'
import { redisConnection } from './adapters/redis-connection.ts'
import { platform } from './app.ts'

/** How long requests may still be answered after SIGTERM, in ms: longer than the slowest outside service. */
const drain = 12_000

/** EX_CONFIG of sysexits.h. */
const badConfiguration = 78

try {
  await serve(readAllSettings(process.env))
} catch (error) {
  if (!(error instanceof BadEnvironment)) throw error
  for (const problem of error.problems) console.error(problem)
  process.exit(badConfiguration)
}

/** Connects, listens, and lets everything under way finish when it is told to stop. */
async function serve(env: Environment): Promise<void> {
  const log = pino({ level: env.LOG_LEVEL })
  const mongo = await mongoConnection(env.MONGODB_URI, log)
  const redis = await redisConnection(env.REDIS_URL, log)
  const { app, close, settled } = await platform({
    ...{ env, log },
    ...{ mongodb: mongo.connection, redis: redis.redis },
  })
  const server = app.listen(env.PORT, env.HOST)
  await once(server, 'listening')
  log.info({ host: env.HOST, port: env.PORT, issuer: env.ISSUER }, 'listening')

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  function stop() {
    log.info('draining')
    setTimeout(() => server.closeAllConnections(), drain).unref()
    server.closeIdleConnections()
    const closed = close()
    server.close(async () => {
      await closed
      await settled()
      await Promise.all([mongo.close(), redis.close()])
      log.info('stopped')
    })
  }
}
