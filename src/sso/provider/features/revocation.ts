import type { Feature } from './feature-types.ts'

/** RFC 7009, 2.1: a client revokes its own tokens. */
export const revocation: Feature<'revocation'> = {
  allowedPolicy: (_ctx, { clientId }, token) => token.clientId === clientId,
}
