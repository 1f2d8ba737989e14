import { shape } from '../../../../config/client-metadata.ts'
import type { Scope } from '../../../../config/oidc.ts'
import { type CheckedMetadata, checkMetadata, checkMoreRules } from './check-metadata.ts'
import {
  includesWord,
  type MetadataProblem,
  type MetadataRule,
  type UncheckedMetadata,
} from './unchecked-metadata.ts'

/** What the operator lets those have who register themselves (RFC 7591). */
export type RegistrationRules = {
  readonly scopes: readonly Scope[]
  /** `nonce`: a confidential client may do without PKCE if it sends a nonce. */
  readonly pkce: 'required' | 'nonce'
}

/**
 * Metadata that a system gives of itself, or everything that is wrong with it. Names that nobody knows here are left
 * out (RFC 7591, 2), and without `scope` it has all that it may have.
 */
export function checkRegistration(
  given: UncheckedMetadata,
  rules: RegistrationRules,
): CheckedMetadata {
  const known = Object.entries(given).filter(([name]) => name in shape.shape)
  const named = {
    ...withoutPkce(given, rules),
    ...Object.fromEntries(known),
    scope: given['scope'] ?? usualScope(given, rules),
  }
  const agreements = [...registrationRules, pkceAgreement(rules), scopeRule(rules)]
  return checkMoreRules(checkMetadata(named), named, agreements)
}

const usualScope = (given: UncheckedMetadata, rules: RegistrationRules) =>
  rules.scopes
    .filter(
      (scope) => scope !== 'offline_access' || includesWord(given['grant_types'], 'refresh_token'),
    )
    .join(' ')

/** What it need not say of itself where the operator asks less of all. */
function withoutPkce(
  { token_endpoint_auth_method: method }: UncheckedMetadata,
  { pkce }: RegistrationRules,
) {
  return pkce === 'nonce' && method !== 'none' ? { require_pkce: false } : {}
}

const scopeRule =
  (rules: RegistrationRules): MetadataRule =>
  ({ scope }) =>
    typeof scope === 'string' &&
    !scope.split(' ').every((word) => rules.scopes.some((allowed) => allowed === word)) && [
      'scope',
      `must be of ${rules.scopes.join(', ')} (who registers itself gets no others)`,
    ]

const pkceAgreement =
  ({ pkce }: RegistrationRules): MetadataRule =>
  (given) =>
    given['require_pkce'] === false && pkce === 'required' && operators('require_pkce')

const operators = (name: string): MetadataProblem => [name, 'is for the operator to say']

/** What nobody may say of himself, and where somebody else could listen. */
const registrationRules: readonly MetadataRule[] = [
  (given) => given['first_party'] !== undefined && operators('first_party'),
  (given) => given['resources'] !== undefined && operators('resources'),
  (given) => given['require_nonce'] === false && operators('require_nonce'),
  ({ grant_types }) =>
    includesWord(grant_types, 'client_credentials') && [
      'grant_types',
      'must not hold client_credentials (who registers itself acts for people alone)',
    ],
  ...['redirect_uris', 'post_logout_redirect_uris', 'backchannel_logout_uri', 'jwks_uri'].map(
    (name): MetadataRule =>
      (given) =>
        [given[name]].flat().some(isOpenToOthers) && [name, 'must be https'],
  ),
]

/** Plain http, except on the person's own machine (RFC 8252, 7.3). */
function isOpenToOthers(address: unknown): boolean {
  const url = typeof address === 'string' ? URL.parse(address) : null
  return url?.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}
