import type { Environment } from '../../config/environment/settings.ts'
import { keyProviderEnv } from '../adapters/crypto/key-provider-env.ts'
import type { KeyProviders } from '../adapters/mongo/data-keys/key-ring.ts'

/** The settings on which the data keys in MongoDB depend, for a command that needs no others. */
export const keySettings = ['CRYPTO', 'KEY_PROVIDER', 'DATA_KEYS', 'DIGEST_KEY'] as const

/** The providers of key-encryption keys that the settings name. */
export function keyProviders({
  CRYPTO,
  DATA_KEYS,
}: Pick<Environment, (typeof keySettings)[number]>): KeyProviders {
  const env = keyProviderEnv(DATA_KEYS, CRYPTO)
  return { current: env, all: [env] }
}
