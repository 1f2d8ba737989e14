import { createHmac } from 'node:crypto'
import type { Feature } from './feature.ts'

/**
 * RFC 9449. A nonce is asked for where a script could have made proofs for later, of clients that live in browsers
 * (11.2); others may do with a clock that is right, and get a nonce if theirs is not. All processes know all nonces.
 */
export const dpop = ([key = '']: readonly string[]): Feature<'dPoP'> => ({
  nonceSecret: createHmac('sha256', key).update('DPoP nonces').digest(),
  requireNonce: ({ oidc }) => oidc.client?.clientAuthMethod === 'none',
})
