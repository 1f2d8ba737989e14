import type { JWK } from 'oidc-provider'

/**
 * The provider's private keys. Promises:
 * - made at the first call, kept, and the same ones for every process, also when several start for the first time at once;
 * - sealed at rest; `alg` and `use` are set, the first one of an algorithm signs.
 */
export interface SigningKeys {
  load(): Promise<readonly JWK[]>
}
