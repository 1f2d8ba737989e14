import { clientMetadataSchema } from '../../../../config/client-metadata.ts'
import type { Scope } from '../../../../config/oidc.ts'
import { type CheckedMetadata, checkMetadata, checkMoreRules } from './check-metadata.ts'
import { hasHiddenCharacters } from './resembling-names.ts'
import {
  includesWord,
  type MetadataProblem,
  type MetadataRule,
  type UncheckedMetadata,
} from './unchecked-metadata.ts'

/** The limits that the operator sets for clients that register themselves (RFC 7591). */
export type RegistrationRules = {
  readonly scopes: readonly Scope[]
  /** `nonce`: a confidential client may do without PKCE if it sends a nonce. */
  readonly pkce: 'required' | 'nonce'
}

/**
 * Returns the metadata of a client that registers itself, or all its problems. Unknown names are ignored (RFC 7591, 2);
 * a client that sends no `scope` gets every scope that it may have.
 */
export function checkRegistration(
  given: UncheckedMetadata,
  rules: RegistrationRules,
): CheckedMetadata {
  const known = Object.entries(given).filter(([name]) => name in clientMetadataSchema.shape)
  const named = {
    ...pkceDefaults(given, rules),
    ...Object.fromEntries(known),
    scope: given['scope'] ?? defaultScope(given, rules),
  }
  const agreements = [...registrationRules, pkceRule(rules), scopeRule(rules)]
  return checkMoreRules(checkMetadata(named), named, agreements)
}

const defaultScope = (given: UncheckedMetadata, rules: RegistrationRules) =>
  rules.scopes
    .filter(
      (scope) => scope !== 'offline_access' || includesWord(given['grant_types'], 'refresh_token'),
    )
    .join(' ')

/** The metadata that a client need not send when the operator requires no PKCE. */
function pkceDefaults(
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
      'metadata.registeredScopes',
      { values: rules.scopes.join(', ') },
    ]

const pkceRule =
  ({ pkce }: RegistrationRules): MetadataRule =>
  (given) =>
    given['require_pkce'] === false && pkce === 'required' && onlyForOperators('require_pkce')

const onlyForOperators = (name: string): MetadataProblem => [name, 'metadata.operatorOnly']

/** The metadata that a client may not decide about itself, and addresses that others could listen to. */
const registrationRules: readonly MetadataRule[] = [
  ({ client_name: name }) =>
    typeof name === 'string' &&
    hasHiddenCharacters(name) && ['client_name', 'metadata.hiddenCharacters'],
  (given) => given['first_party'] !== undefined && onlyForOperators('first_party'),
  (given) => given['resources'] !== undefined && onlyForOperators('resources'),
  (given) => given['require_nonce'] === false && onlyForOperators('require_nonce'),
  ({ grant_types }) =>
    includesWord(grant_types, 'client_credentials') && ['grant_types', 'metadata.registeredGrant'],
  ...['redirect_uris', 'post_logout_redirect_uris', 'backchannel_logout_uri', 'jwks_uri'].map(
    (name): MetadataRule =>
      (given) =>
        [given[name]].flat().some(isInsecure) && [name, 'metadata.https'],
  ),
]

/** Whether the address uses http on another machine than the person's own (RFC 8252, 7.3). */
function isInsecure(address: unknown): boolean {
  const url = typeof address === 'string' ? URL.parse(address) : null
  return url?.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}
