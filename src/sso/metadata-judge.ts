import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import type { Client } from '../../config/client-metadata/judge.ts'
import { answerAlgorithms, protocol } from '../../config/oidc.ts'
import { extraClientMetadata } from './client-metadata.ts'
import { problemOf } from './clients.ts'
import { cookies } from './cookies.ts'
import { type CertificateHeaders, clientAuthMethods, mutualTls } from './features/mutual-tls.ts'

const issuer = 'https://issuer.invalid'

/** What oidc-provider has against a client's metadata, asked of one that stands on no store and signs for nobody. */
export function providerProblem(
  metadata: Client,
  certificates: CertificateHeaders | undefined,
): Promise<string | undefined> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const judge = new Provider(issuer, {
    ...protocol,
    claims: { ...protocol.claims },
    features: { ...protocol.features, mTLS: mutualTls(certificates) },
    clientAuthMethods: clientAuthMethods(certificates),
    extraClientMetadata: extraClientMetadata(),
    cookies: cookies(issuer, ['no cookie is ever set']),
    adapter: () => {
      throw new Error('it has no store')
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  })
  // Which algorithms we sign with is config/client-metadata/'s to say; this one has a single key.
  const chosen = metadata.userinfo_signed_response_alg ? ['userinfo_signed_response_alg'] : []
  const answers = Object.fromEntries(
    [...answerAlgorithms, ...chosen].map((name) => [name, 'ES256']),
  )
  return problemOf({ ...metadata, ...answers }, judge)
}
