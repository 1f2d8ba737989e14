import { randomBytes } from 'node:crypto'
import type { ClientMetadata } from '../../../../config/client-metadata.ts'
import type { ClientProblem, GivenMetadata } from '../../../ports/operators/managed-clients.ts'
import { checkMetadata, checkMoreRules } from '../metadata/check-metadata.ts'
import { strongSecret } from '../metadata/secret-rule.ts'

/** The problem that oidc-provider finds in metadata, as its sentence; it reports one at a time. */
export type ProviderProblem = (metadata: ClientMetadata) => Promise<string | undefined>

export type PreparedMetadata =
  | { readonly metadata: ClientMetadata; readonly secret: string | undefined }
  | { readonly problems: readonly ClientProblem[] }

/**
 * The checked metadata, with a generated secret where the authentication method needs one and none is given (`secret`), and
 * without a secret where it needs none. Null removes a name. Or all problems.
 */
export async function prepareMetadata(
  given: GivenMetadata,
  providerProblem: ProviderProblem,
): Promise<PreparedMetadata> {
  const kept = Object.entries(given).filter(([, value]) => value !== null)
  const { client_secret: had, ...others } = Object.fromEntries(kept)
  const method = others['token_endpoint_auth_method'] ?? 'client_secret_basic'
  const needed = String(method).startsWith('client_secret')
  const secret = needed && had === undefined ? newSecret() : undefined
  const whole = { ...others, ...(needed && { client_secret: had ?? secret }) }
  const candidate = checkMoreRules(checkMetadata(whole), whole, [strongSecret])
  if ('problems' in candidate) return candidate
  const problem = await providerProblem(candidate.metadata)
  return problem
    ? { problems: [fromProvider(problem, candidate.metadata)] }
    : { metadata: candidate.metadata, secret }
}

/**
 * The metadata that a new client gets unless it names others. ES256 signs faster than RS256, which stays the algorithm of
 * the clients that name none (OpenID Connect Dynamic Client Registration 1.0, 2).
 */
export const newClientDefaults = { id_token_signed_response_alg: 'ES256' } as const

export const newSecret = (): string => randomBytes(32).toString('base64url')
export const newClientId = (): string => randomBytes(16).toString('base64url')

/** oidc-provider begins a sentence with the name of the metadata where it can. */
function fromProvider(text: string, metadata: ClientMetadata): ClientProblem {
  const [name = ''] = /^\w+/.exec(text) ?? []
  return { field: name in metadata ? name : 'form', code: 'metadata.provider', params: { text } }
}
