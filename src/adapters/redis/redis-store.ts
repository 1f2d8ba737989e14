import type { Clock } from '../../ports/clock.ts'
import type { Encryption } from '../crypto/encryption.ts'
import type { RedisClient } from './connection/redis-client.ts'

/** The parameters of every Redis adapter. Each key begins with `keyPrefix`, which the adapter adds: it is no option of `redis`. */
export type RedisStore = {
  readonly redis: RedisClient
  readonly keyPrefix: string
  readonly encryption: Encryption
  readonly clock: Clock
}
