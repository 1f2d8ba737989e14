import type { Connection } from 'mongoose'
import type { Logger } from 'pino'
import type { Environment } from '../../config/environment/settings.ts'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { ProcessMetrics } from '../adapters/metrics/process-metrics.ts'
import type { GatherMetrics } from '../adapters/metrics/scrape.ts'
import type { NewKey } from '../adapters/mongo/signing-keys-mongo.ts'
import type { RedisClient } from '../adapters/redis/connection/redis-client.ts'
import type { Clock } from '../ports/clock.ts'
import type { Instrumentation } from '../ports/observability/instrumentation.ts'

/** The input of the composition: settings, connected stores, log and clock. */
export type PlatformInput = {
  readonly env: Environment
  readonly mongodb: Connection
  readonly redis: RedisClient
  readonly log: Logger
  readonly clock: Clock
  readonly policy: Policy
  /** Generates signing keys. Tests pass prepared keys, because generating takes long. */
  readonly newKey?: NewKey | undefined
  readonly metrics: ProcessMetrics
  readonly instrumentation: Instrumentation
  /** Given where several processes share the ports. */
  readonly gatherMetrics?: GatherMetrics | undefined
}
