import { randomBytes } from 'node:crypto'
import type { Connection } from 'mongoose'
import type { Environment } from '../../config/environment/settings.ts'
import { durableEncryption } from '../../src/adapters/crypto/durable-keys.ts'
import { type DurableEncryption, usableKey } from '../../src/adapters/crypto/encryption.ts'
import { pepperOf } from '../../src/adapters/crypto/peppered-passwords.ts'
import { redisEncryption } from '../../src/adapters/crypto/redis-encryption.ts'
import type { Crypto } from '../../src/adapters/crypto/value-ciphers.ts'
import { openDataKeys } from '../../src/adapters/mongo/data-keys/open-data-keys.ts'
import { keyProviders } from '../../src/compose/key-providers.ts'

/** `CRYPTO=sm npx jest …` runs all tests with the other algorithms. */
export const testCrypto: Crypto = process.env['CRYPTO'] === 'sm' ? 'sm' : 'aes'

/** Field-level encryption with one data key: random, unless a process of the test has to have the same. */
export function testEncryption(root = randomBytes(32), crypto = testCrypto): DurableEncryption {
  const key = usableKey(root, crypto)
  const present = {
    ...{ crypto, keys: new Map([[1, key]]), earlier: new Map(), blindIndex: key.digest },
    ...{ encrypts: 1, indexes: [1], dataKey: 1 },
  }
  return durableEncryption(() => present)
}

/** The encryption and the pepper of a platform that has started with these settings. */
export async function encryptionOf(connection: Connection, env: Environment) {
  const dataKeys = await openDataKeys(connection, keyProviders(env), env, false)
  if (!dataKeys) throw new Error('the platform has not started')
  return {
    inMongo: dataKeys.encryption,
    inRedis: redisEncryption(env.REDIS_KEYS, dataKeys.secretFor('redis'), env.CRYPTO),
    pepper: pepperOf(env.PEPPER_KEYS, dataKeys.secretFor('pepper'), env.CRYPTO),
  }
}
