import { pino } from 'pino'
import { readEnvironment } from '../../config/env.ts'
import { type Policy, policy as policyOf } from '../../config/policy.ts'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { redisConnection } from '../../src/adapters/redis/redis-connection.ts'
import { platform } from '../../src/app.ts'
import { httpServer } from '../../src/web/http/server.ts'

/**
 * The platform as a process of its own, for killable.ts, which kills it: what others wait for when one is dead, or
 * a service was down, they wait for a second only.
 */
const env = readEnvironment(process.env)
const log = pino({ level: env.LOG_LEVEL }, pino.destination(2))
const usual = policyOf(env.LIMITS_SCALE)
const hasty = {
  ...usual,
  argon2: { ...usual.argon2, memoryCost: 64, timeCost: 1 },
  flow: { ...usual.flow, lease: 1 },
  // Notices that nobody takes while the gateway is down open its breaker, also for the code that comes after.
  outside: { ...usual.outside, breakerRest: 0.2 },
  terminals: { ...usual.terminals, lease: 1 },
  tasks: {
    ...{ ...usual.tasks, lease: 1, poll: 0.2 },
    sms: { ...usual.tasks.sms, retries: [0.2] },
    logout: { ...usual.tasks.logout, retries: [0.2], rest: 0.2 },
  },
} as unknown as Policy
const mongo = await mongoConnection(env.MONGODB_URI, log)
const redis = await redisConnection(env.REDIS_URL, log)
const { app } = await platform({
  ...{ env, log, policy: hasty },
  ...{ mongodb: mongo.connection, redis: redis.redis },
})
httpServer(app.callback()).listen(env.PORT, env.HOST, () => console.log('listening'))
