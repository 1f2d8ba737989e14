import type { Redis } from 'ioredis'
import type { Clock } from '../../ports/clock.ts'
import type { Encryption } from '../crypto/encryption.ts'

/** The parameters of every Redis adapter. Each key begins with `keyPrefix`, which the adapter adds: it is no option of `redis`. */
export type RedisStore = {
  readonly redis: Redis
  readonly keyPrefix: string
  readonly encryption: Encryption
  readonly clock: Clock
}
