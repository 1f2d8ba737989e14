import type { DurableEncryption, Encryption } from '../adapters/crypto/encryption.ts'
import { type Pepper, pepperOf, pepperVersion } from '../adapters/crypto/peppered-passwords.ts'
import { redisEncryption } from '../adapters/crypto/redis-encryption.ts'
import { followDataKeys } from '../adapters/mongo/data-keys/follow-data-keys.ts'
import { openDataKeys } from '../adapters/mongo/data-keys/open-data-keys.ts'
import { keyProviders } from './key-providers.ts'
import type { PlatformInput } from './platform-input.ts'

export type PlatformKeys = {
  readonly inMongo: DurableEncryption
  readonly inRedis: Encryption
  readonly pepper: Pepper
  /** Leaves the rotations of data keys. */
  stop(): Promise<void>
}

/** The encryption of both stores. Throws `BadEnvironment` for keys that are not those of the database. */
export async function platformKeys({
  env,
  mongodb,
  log,
  instrumentation,
}: Pick<PlatformInput, 'env' | 'mongodb' | 'log' | 'instrumentation'>): Promise<PlatformKeys> {
  const dataKeys = await openDataKeys(mongodb, keyProviders(env, log, instrumentation), env)
  if (!dataKeys) throw new Error('no data key')
  const { encryption, stop } = await followDataKeys(mongodb, dataKeys, log, pepperVersion(env))
  const inRedis = redisEncryption(env.REDIS_KEYS, dataKeys.secretFor('redis'), env.CRYPTO)
  const pepper = pepperOf(env.PEPPER_KEYS, dataKeys.secretFor('pepper'), env.CRYPTO)
  return { inMongo: encryption, inRedis, pepper, stop }
}
