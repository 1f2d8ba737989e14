import type { MetadataRule } from './unchecked-metadata.ts'

/** A secret that somebody chose: of those that are made here each has 43 characters drawn by chance. */
const least = { length: 32, different: 10 }
/** Of the README, so anybody's. */
const known = 'at-least-32-random-characters-please'

/** RFC 6749, 10.10: nobody may guess it; so long that it could be a key of HS256 (OpenID Connect Core 1.0, 10.1). */
export const strongSecret: MetadataRule = ({ client_secret: secret }) =>
  typeof secret === 'string' &&
  (secret.length < least.length || new Set(secret).size < least.different || secret === known) && [
    'client_secret',
    `must be ${least.length} characters or more, drawn by chance (openssl rand -base64 32)`,
  ]
