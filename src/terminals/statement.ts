import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { MessageCode } from '../../config/messages.ts'
import type { Caller } from '../ports/sso/callers.ts'

/** The claims of a terminal's statement: it has read the card, and the holder entered the PIN for this request. */
const statementClaims = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  jti: z.string().min(1).max(255),
  /** NumericDate (RFC 7519, 2). */
  iat: z.number(),
  pin: z.unknown(),
  /** In hex or base64url. */
  sha256: z.string(),
})

export type CheckedStatement =
  /** `fresh`: issued recently enough to be accepted for the first time. */
  { readonly jti: string; readonly fresh: boolean } | { readonly refused: MessageCode }

/**
 * Checks everything but the reuse of the `jti` (specification, section 8).
 * @param content the canonical JSON of the request that the statement has to be about
 * @param now ms since 1970
 */
export async function checkStatement(
  jws: string,
  content: string,
  caller: Caller,
  issuer: string,
  now: number,
  { age, ahead }: Policy['terminals']['statement'],
): Promise<CheckedStatement> {
  const payload = await caller.verifiedPayload(jws)
  if (payload === undefined) return { refused: 'terminal.statement.signature' }
  const read = statementClaims.safeParse(payload)
  if (!read.success) return { refused: 'terminal.statement.shape' }
  const { iss, aud, jti, iat, pin, sha256 } = read.data
  if (iss !== caller.clientId || [aud].flat().join('\n') !== issuer)
    return { refused: 'terminal.statement.parties' }
  if (pin !== true) return { refused: 'terminal.statement.pin' }
  if (!isSha256Of(content, sha256)) return { refused: 'terminal.statement.digest' }
  const seconds = now / 1000 - iat
  return { jti, fresh: seconds <= age && seconds >= -ahead }
}

function isSha256Of(content: string, claimed: string): boolean {
  const digest = createHash('sha256').update(content).digest()
  return (
    claimed.toLowerCase() === digest.toString('hex') || claimed === digest.toString('base64url')
  )
}
