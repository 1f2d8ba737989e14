import type { Redis } from 'ioredis'
import type { Clock } from '../../ports/clock.ts'
import type { Encryption } from '../crypto/encryption.ts'

/** What an adapter on Redis works with. `keyPrefix` begins each of its keys; it isn't set on `redis`. */
export type RedisStore = {
  readonly redis: Redis
  readonly keyPrefix: string
  readonly encryption: Encryption
  readonly clock: Clock
}
