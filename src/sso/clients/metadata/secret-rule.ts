import type { MetadataRule } from './unchecked-metadata.ts'

/** The minimum for a secret that an operator chose; generated ones have 43 random characters. */
const minimum = { length: 32, different: 10 }
/** The example in the README is public. */
const publicExample = 'at-least-32-random-characters-please'

/**
 * A secret must be impossible to guess (RFC 6749, 10.10), and long enough for a key of HS256 (OpenID Connect Core 1.0,
 * 10.1).
 */
export const strongSecret: MetadataRule = ({ client_secret: secret }) =>
  typeof secret === 'string' &&
  (secret.length < minimum.length ||
    new Set(secret).size < minimum.different ||
    secret === publicExample) && [
    'client_secret',
    'metadata.secretWeak',
    { length: minimum.length },
  ]
