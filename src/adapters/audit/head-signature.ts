import { createHash } from 'node:crypto'
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose'
import * as z from 'zod'
import type { AuditKeys } from './audit-keys.ts'

/** Signs how far a chain was stored at a time. All heads of all processes are one sequence (decision 0246). */
const head = z.object({
  /** The number in the sequence of all heads, from 1. */
  number: z.int().positive(),
  /** SHA-256 of the head before, base64url; empty for the first one. */
  predecessor: z.string(),
  /** The time of signing, ms since 1970. */
  at: z.number(),
  /** The chain: calendar day in China, and process. */
  day: z.string(),
  process: z.string(),
  /** The number of its events, and the hash of the last one. */
  count: z.int().positive(),
  hash: z.string(),
  /** The end of the retention of this day, ms since 1970. Its events may be missing afterwards. */
  keptUntil: z.number(),
})

export type AuditHead = z.infer<typeof head>

/** The media type of a head, so that no other signature by the same key can stand for one (RFC 7515, 4.1.9). */
const typ = 'audit-head+json'

/** A compact JWS (RFC 7515), EdDSA with Ed25519. */
export const signHead = (
  payload: AuditHead,
  { signing: { kid, privateKey } }: Pick<AuditKeys, 'signing'>,
): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', kid, typ })
    .sign(privateKey)

/** Whether a compact JWS says to be a head, by whatever key. */
export function isHead(jws: string): boolean {
  try {
    return decodeProtectedHeader(jws).typ === typ
  } catch {
    return false
  }
}

/** Undefined if none of our keys signed it. */
export async function readHead(
  jws: string,
  { published }: Pick<AuditKeys, 'published'>,
): Promise<AuditHead | undefined> {
  try {
    const { kid = '', typ: type } = decodeProtectedHeader(jws)
    const key = published.get(kid)
    if (!key || type !== typ) return undefined
    const { payload } = await compactVerify(jws, key, { algorithms: ['EdDSA'] })
    return head.parse(JSON.parse(Buffer.from(payload).toString('utf8')))
  } catch {
    return undefined
  }
}

/** By which a head names its predecessor. */
export const headDigest = (jws: string): string =>
  createHash('sha256').update(jws).digest('base64url')
