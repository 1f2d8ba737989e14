import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import type { ClientMetadata } from '../../../config/client-metadata.ts'
import { answerAlgorithms, protocol } from '../../../config/oidc.ts'
import {
  type CertificateHeaders,
  clientAuthMethods,
  mutualTls,
} from '../provider/features/mutual-tls.ts'
import { providerCookies } from '../provider/provider-cookies.ts'
import { clientProblemOf } from './apply-file-clients.ts'
import { extraClientMetadata } from './extra-client-metadata.ts'

const issuer = 'https://issuer.invalid'

/**
 * Returns a function for the problem that oidc-provider finds in a client's metadata, or undefined. It asks a provider that
 * has no store and signs nothing, so that a command needs none of ours.
 */
export function providerProblems(
  certificates: CertificateHeaders | undefined,
): (metadata: ClientMetadata) => Promise<string | undefined> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const provider = new Provider(issuer, {
    ...protocol,
    claims: { ...protocol.claims },
    features: { ...protocol.features, mTLS: mutualTls(certificates) },
    clientAuthMethods: clientAuthMethods(certificates),
    extraClientMetadata: extraClientMetadata(),
    cookies: providerCookies(issuer, ['no cookie is ever set']),
    adapter: () => {
      throw new Error('it has no store')
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  })
  return (metadata) => {
    // Our own rules check the algorithms; this provider has a single key, so each algorithm is replaced by that key's.
    const chosen = metadata.userinfo_signed_response_alg ? ['userinfo_signed_response_alg'] : []
    const answers = Object.fromEntries(
      [...answerAlgorithms, ...chosen].map((name) => [name, 'ES256']),
    )
    return clientProblemOf({ ...metadata, ...answers }, provider)
  }
}
