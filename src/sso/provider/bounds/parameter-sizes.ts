import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Policy } from '../../../../config/limits-and-lifetimes.ts'

/** The parameters that are stored with a request and that a client may choose freely. */
const bounded = new Set(['state', 'nonce', 'claims', 'request'])

/** Rejects a request with parameters that are too large, each or all together, with `invalid_request`. */
export function refuseLargeParameters(
  { oidc, query }: KoaContextWithOIDC,
  { each, all }: Policy['requestParameters'],
): void {
  const sizes = Object.entries({ ...query, ...oidc.body, ...oidc.params }).map(
    ([name, value]) => [name, typeof value === 'string' ? Buffer.byteLength(value) : 0] as const,
  )
  const large = sizes.find(([name, size]) => bounded.has(name) && size > each)
  if (large) throw new errors.InvalidRequest(`${large[0]} must not be longer than ${each} bytes`)
  if (sizes.reduce((sum, [, size]) => sum + size, 0) > all)
    throw new errors.InvalidRequest(`all parameters together must not be longer than ${all} bytes`)
}
