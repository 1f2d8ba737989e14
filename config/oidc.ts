import { acr } from './acr.ts'
import { adminScopes, ownScopes, streamScopes, terminalScope } from './claims/own-scopes.ts'
import { scopeClaims } from './claims/scope-claims.ts'
import { verifiedClaimsMetadata, verifiedScope } from './claims/verified-claims.ts'
import { locales } from './sentences.ts'

export const scopes = [
  'openid',
  'offline_access',
  'profile',
  'phone',
  'identity',
  'organisation',
  verifiedScope,
  terminalScope,
  streamScopes.manage,
  streamScopes.read,
  ...adminScopes,
] as const
export type Scope = (typeof scopes)[number]

/** The scopes of clients that register themselves, unless REGISTRATION_SCOPES names others. */
export const defaultRegistrableScopes = ['openid', 'offline_access', 'profile'] as const

/** The scopes that REGISTRATION_SCOPES may name. Terminals and receivers of events are connected by the bureau itself. */
export const registrableScopes = scopes.filter((scope) => !ownScopes.includes(scope))

/** The scopes that a person may refuse without refusing the whole consent. */
export const optionalScopes: readonly Scope[] = ['phone', 'offline_access']

/** The claims about the sign-in in every ID token, and further claims that a `claims` parameter may name. */
const authenticationClaims = {
  openid: [...scopeClaims.openid, 'acr', 'amr', 'auth_time'],
  iss: null,
  sid: null,
}

/** The signing algorithms, the default first (OpenID Connect Core 1.0, 15.1). EdDSA uses Ed25519 (RFC 8037). */
export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/**
 * The algorithms that encrypt the key of a JWE (RFC 7518, 4), with public keys only. The platform publishes a key for
 * each of them, for request objects.
 */
export const encryptionAlgorithms = [
  'RSA-OAEP-256',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
] as const

/** The algorithms that encrypt the content of a JWE (RFC 7518, 5). */
export const contentEncryptions = ['A128GCM', 'A256GCM'] as const

/** The algorithms of the platform's own keys. */
export const keyAlgorithms = [...signingAlgorithms, ...encryptionAlgorithms] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

/** The response modes of OAuth 2.0, of OAuth 2.0 Form Post, and of JARM, 2.3. */
export const responseModes = [
  'query',
  'fragment',
  'form_post',
  'jwt',
  'query.jwt',
  'fragment.jwt',
  'form_post.jwt',
] as const

export const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const

export const responseTypes = ['code'] as const

export const clientAuthMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const

/** The authentication methods that need a proxy which passes client certificates (RFC 8705, 2). */
export const certificateMethods = ['tls_client_auth', 'self_signed_tls_client_auth'] as const

/** The metadata for the subject of a client's certificate. A client has exactly one of them (RFC 8705, 2.1.2). */
export const certificateSubjects = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

export const subjectTypes = ['public', 'pairwise'] as const

/** Client metadata of our own (specification, section 6). */
export const ownClientMetadata = [
  'first_party',
  'require_pkce',
  'require_nonce',
  'verified_claims',
  'resources',
  'profile',
] as const

/** The metadata by which a client selects the signing algorithm of responses. */
export const answerAlgorithms = [
  'id_token_signed_response_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
] as const

/** The pairs of metadata by which a client selects the encryption of responses and of its request objects. */
export const encryptionMetadata = [
  ['id_token_encrypted_response_alg', 'id_token_encrypted_response_enc'],
  ['userinfo_encrypted_response_alg', 'userinfo_encrypted_response_enc'],
  ['introspection_encrypted_response_alg', 'introspection_encrypted_response_enc'],
  ['authorization_encrypted_response_alg', 'authorization_encrypted_response_enc'],
  ['request_object_encryption_alg', 'request_object_encryption_enc'],
] as const

/** The algorithms that the FAPI 2.0 Security Profile (5.4.1) allows; DPoP proofs may use no others either. */
export const strongAlgorithms = ['PS256', 'ES256', 'EdDSA'] as const

/**
 * All algorithms are asymmetric, so that no public key can be used as a shared secret (RFC 8725, 3.1), and none is
 * `none`.
 */
const enabledJWA = {
  idTokenSigningAlgValues: signingAlgorithms,
  authorizationSigningAlgValues: signingAlgorithms,
  introspectionSigningAlgValues: signingAlgorithms,
  userinfoSigningAlgValues: signingAlgorithms,
  requestObjectSigningAlgValues: signingAlgorithms,
  clientAuthSigningAlgValues: signingAlgorithms,
  dPoPSigningAlgValues: strongAlgorithms,
  idTokenEncryptionAlgValues: encryptionAlgorithms,
  idTokenEncryptionEncValues: contentEncryptions,
  userinfoEncryptionAlgValues: encryptionAlgorithms,
  userinfoEncryptionEncValues: contentEncryptions,
  introspectionEncryptionAlgValues: encryptionAlgorithms,
  introspectionEncryptionEncValues: contentEncryptions,
  authorizationEncryptionAlgValues: encryptionAlgorithms,
  authorizationEncryptionEncValues: contentEncryptions,
  requestObjectEncryptionAlgValues: encryptionAlgorithms,
  requestObjectEncryptionEncValues: contentEncryptions,
} as const

/** The part of oidc-provider's configuration that describes the protocol. */
export const protocol = {
  scopes,
  claims: { ...scopeClaims, ...authenticationClaims },
  acrValues: Object.values(acr),
  responseTypes,
  clientAuthMethods,
  subjectTypes,
  // If there is an access token, the claims of a scope come from userinfo (Core, 5.4).
  conformIdTokenClaims: true,
  // The authorization endpoint accepts GET and POST (Core, 3.1.2.1).
  enableHttpPostMethods: true,
  // Every authorization request needs a redirect_uri (Core, 3.1.2.1).
  allowOmittingSingleRegisteredRedirectUri: false,
  enabledJWA,
  // The accepted clock skew of signers in seconds (FAPI 2.0 Security Profile, 5.3.2.1: 10 to 60).
  clockTolerance: 15,
  // The scope of a client whose metadata names none.
  clientDefaults: { scope: 'openid' },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
    jwtIntrospection: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    encryption: { enabled: true },
    jwtResponseModes: { enabled: true },
    dPoP: { enabled: true },
    jwtUserinfo: { enabled: true },
    clientCredentials: { enabled: true },
    // User codes of 20 letters that are hardly mistaken for each other, with 35 bits (RFC 8628, 6.1).
    deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' },
    resourceIndicators: { enabled: true },
  },
  discovery: {
    ui_locales_supported: locales,
    claims_locales_supported: undefined,
    // The values of `prompt` (Initiating User Registration via OpenID Connect 1.0, 4.2).
    prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
    ...verifiedClaimsMetadata,
  },
} as const
