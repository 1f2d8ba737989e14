import type { Redis } from 'ioredis'
import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import type { Environment } from '../../config/environment/settings.ts'
import type { Policy } from '../../config/policy.ts'
import type { NewKey } from '../adapters/mongo/signing-keys-mongo.ts'
import type { Clock } from '../ports/clock.ts'

/** What a platform is composed on: its settings and connected stores. */
export type Surroundings = {
  readonly env: Environment
  readonly mongodb: Connection
  readonly redis: Redis
  readonly log: Logger
  readonly clock: Clock
  readonly policy: Policy
  /** Makes signing keys; tests pass prepared ones, since generating takes long. */
  readonly newKey?: NewKey | undefined
}
