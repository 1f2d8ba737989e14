import type { JWK } from 'oidc-provider'
import type { SigningAlgorithm } from '../../../config/oidc.ts'

export type SigningKey = {
  readonly alg: SigningAlgorithm
  /** Of its algorithm, from 1: the later one follows the earlier. */
  readonly number: number
  /** ms since 1970. */
  readonly signsFrom: number
  /** The private key, with `alg`, `use` and `kid` (its thumbprint, RFC 7638). */
  readonly jwk: JWK & { readonly kid: string }
}

/**
 * The keys that tokens are signed with, the same ones for every process. What a key is for at a moment follows from
 * its time alone (`sso/key-rotation.ts`). Promises:
 * - sealed at rest;
 * - of several who add a key of one algorithm and number at once, one does.
 */
export interface SigningKeys {
  /** Of algorithms in use; in order of number. */
  all(): Promise<readonly SigningKey[]>
  /** Makes a new key. False: there is one of that number. */
  add(alg: SigningAlgorithm, number: number, signsFrom: number): Promise<boolean>
  /** Lets a key sign from that moment, if that is earlier than it would have; false: it is not, or the key is gone. */
  bringForward(key: SigningKey, signsFrom: number): Promise<boolean>
  /** Ends keys for good. */
  remove(keys: readonly SigningKey[]): Promise<void>
}
