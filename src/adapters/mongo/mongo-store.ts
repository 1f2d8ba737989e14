import type { Connection } from 'mongoose'
import type { Clock } from '../../ports/clock.ts'
import type { Encryption } from '../crypto/encryption.ts'

/** What every MongoDB adapter needs. */
export type MongoStore = {
  readonly connection: Connection
  readonly encryption: Encryption
  readonly clock: Clock
}
