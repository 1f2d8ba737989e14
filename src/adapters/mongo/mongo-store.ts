import type { Connection } from 'mongoose'
import type { Clock } from '../../ports/clock.ts'
import type { DurableEncryption } from '../crypto/encryption.ts'

/** The parameters of every MongoDB adapter. */
export type MongoStore = {
  readonly connection: Connection
  readonly encryption: DurableEncryption
  readonly clock: Clock
}
