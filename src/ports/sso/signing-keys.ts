import type { JWK } from 'oidc-provider'
import type { KeyAlgorithm } from '../../../config/oidc.ts'

export type SigningKey = {
  readonly alg: KeyAlgorithm
  /** The sequence number among the keys of its algorithm, from 1. */
  readonly number: number
  /** ms since 1970. */
  readonly signsFrom: number
  /** The private key, with `alg`, `use` and `kid` (its thumbprint, RFC 7638). */
  readonly jwk: JWK & { readonly kid: string }
}

/**
 * The keys that sign tokens and decrypt request objects, the same for every process. Their times decide which key
 * signs, and which one clients encrypt to (`src/sso/keys/key-rotation.ts`). Promises:
 * - they are encrypted at rest;
 * - of concurrent `add` with one algorithm and number one succeeds.
 */
export interface SigningKeys {
  /** The keys of the algorithms in use, by number. */
  all(): Promise<readonly SigningKey[]>
  /** Creates a key; false if there is one of that number. */
  add(alg: KeyAlgorithm, number: number, signsFrom: number): Promise<boolean>
  /** Makes a key sign earlier; false if it would not be earlier, or the key is gone. */
  bringForward(key: SigningKey, signsFrom: number): Promise<boolean>
  /** Removes keys. */
  remove(keys: readonly SigningKey[]): Promise<void>
}
