import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import type { Client } from '../../config/client-metadata/judge.ts'
import { ownClientMetadata, protocol } from '../../config/oidc.ts'
import { problemOf } from './clients.ts'
import { cookies } from './cookies.ts'

const issuer = 'https://issuer.invalid'

/** What oidc-provider has against a client's metadata, asked of one that stands on no store and signs for nobody. */
export function providerProblem(metadata: Client): Promise<string | undefined> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const judge = new Provider(issuer, {
    ...protocol,
    claims: { ...protocol.claims },
    extraClientMetadata: { properties: [...ownClientMetadata] },
    cookies: cookies(issuer, ['no cookie is ever set']),
    adapter: () => {
      throw new Error('it has no store')
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  })
  // Which algorithms we sign with is config/client-metadata/judge.ts's to say; this one has a single key.
  return problemOf({ ...metadata, id_token_signed_response_alg: 'ES256' }, judge)
}
