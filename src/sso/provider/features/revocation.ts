import type { Feature } from './feature-types.ts'

/** A client revokes its own tokens only (RFC 7009, 2.1). */
export const revocation: Feature<'revocation'> = {
  allowedPolicy: (_ctx, { clientId }, token) => token.clientId === clientId,
}
