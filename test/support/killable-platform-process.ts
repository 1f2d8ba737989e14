import { pino } from 'pino'
import { readEnvironment } from '../../config/environment/read-environment.ts'
import { type Policy, policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { redisConnection } from '../../src/adapters/redis/connection/redis-connection.ts'
import { platform } from '../../src/app.ts'
import { httpServer } from '../../src/web/http/http-server.ts'

/**
 * The platform as a process that killable-platform.ts starts and kills. Leases and retry pauses are short, so that the tests do
 * not wait long for what a killed process has locked.
 */
const env = readEnvironment(process.env)
const log = pino({ level: env.LOG_LEVEL }, pino.destination(2))
const usual = policyOf(env.LIMITS_SCALE)
const withShortPauses = {
  ...usual,
  argon2: { ...usual.argon2, memoryCost: 64, timeCost: 1 },
  flow: { ...usual.flow, lease: 1 },
  // Notices that fail while the gateway is down would open its breaker, so the code for the next person would not be sent.
  externalServices: { ...usual.externalServices, breakerFailures: Number.POSITIVE_INFINITY },
  terminals: { ...usual.terminals, lease: 1 },
  tasks: {
    ...{ ...usual.tasks, lease: 1, poll: 0.2 },
    sms: { ...usual.tasks.sms, retries: [0.2] },
    logout: { ...usual.tasks.logout, retries: [0.2], rest: 0.2 },
  },
} as unknown as Policy
const mongo = await mongoConnection(env.MONGODB_URI, log)
const redis = await redisConnection(env.REDIS_URL, log)
const { app, admin } = await platform({
  ...{ env, log, policy: withShortPauses },
  ...{ mongodb: mongo.connection, redis: redis.redis },
})
httpServer(admin.callback()).listen(env.ADMIN_PORT, env.ADMIN_HOST, () =>
  httpServer(app.callback()).listen(env.PORT, env.HOST, () => console.log('listening')),
)
