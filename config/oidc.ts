import { acr } from './acr.ts'
import { scopeClaims } from './claims/scope-claims.ts'
import { verifiedClaimsMetadata, verifiedScope } from './claims/verified-claims.ts'
import { locales } from './sentences.ts'

/** What a terminal's own access token is for (specification, section 8): never a person's. */
export const terminalScope = 'terminal:phone-change'

export const scopes = [
  'openid',
  'offline_access',
  'profile',
  'phone',
  'identity',
  'organisation',
  verifiedScope,
  terminalScope,
] as const
export type Scope = (typeof scopes)[number]

/** The scopes that a client registered with an initial access token alone may get unless the operator says otherwise. */
export const defaultRegistrableScopes = ['openid', 'offline_access', 'profile'] as const

/** Scopes of clients that register themselves: the bureau itself connects terminals. */
export const registrableScopes = scopes.filter((scope) => scope !== terminalScope)

/** What a person may keep from a system that asks for consent, and use it all the same. */
export const optionalScopes: readonly Scope[] = ['phone', 'offline_access']

/** About the sign-in, in every ID token; and what a `claims` parameter may name beside. */
const authenticationClaims = {
  openid: [...scopeClaims.openid, 'acr', 'amr', 'auth_time'],
  iss: null,
  sid: null,
}

/** Of each algorithm one key signs, the default first (OpenID Connect Core 1.0, 15.1). EdDSA is on Ed25519 (RFC 8037). */
export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/**
 * How the key of a JWE is encrypted (RFC 7518, 4): to a public key only. Of each algorithm the platform publishes a key
 * of its own for request objects.
 */
export const encryptionAlgorithms = [
  'RSA-OAEP-256',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
] as const

/** How the content of a JWE is encrypted (RFC 7518, 5). */
export const contentEncryptions = ['A128GCM', 'A256GCM'] as const

/** The algorithms of the platform's own keys. */
export const keyAlgorithms = [...signingAlgorithms, ...encryptionAlgorithms] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

/** How an authorization request is answered: OAuth 2.0 Form Post, and JARM, 2.3. */
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

/** Where a proxy tells of certificates (RFC 8705, 2). */
export const certificateMethods = ['tls_client_auth', 'self_signed_tls_client_auth'] as const

/** The metadata that names the subject of a client's certificate; one of them at a time (RFC 8705, 2.1.2). */
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

/** The metadata by which a client chooses the algorithm of what it is answered with. */
export const answerAlgorithms = [
  'id_token_signed_response_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
] as const

/** The pairs of metadata by which a client chooses how an answer to it, or a request object of its own, is encrypted. */
export const encryptionMetadata = [
  ['id_token_encrypted_response_alg', 'id_token_encrypted_response_enc'],
  ['userinfo_encrypted_response_alg', 'userinfo_encrypted_response_enc'],
  ['introspection_encrypted_response_alg', 'introspection_encrypted_response_enc'],
  ['authorization_encrypted_response_alg', 'authorization_encrypted_response_enc'],
  ['request_object_encryption_alg', 'request_object_encryption_enc'],
] as const

/** What the FAPI 2.0 Security Profile takes, 5.4.1; a proof of possession may be signed by nothing else either. */
export const strongAlgorithms = ['PS256', 'ES256', 'EdDSA'] as const

/**
 * What others sign with, and we: never with a shared secret, so that no public key can be taken for one (RFC 8725,
 * 3.1), and never `none`.
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

/** The part of oidc-provider's configuration that is protocol and nothing else. */
export const protocol = {
  scopes,
  claims: { ...scopeClaims, ...authenticationClaims },
  acrValues: Object.values(acr),
  responseTypes,
  clientAuthMethods,
  subjectTypes,
  // Core, 5.4: claims of a scope come from userinfo once there is an access token.
  conformIdTokenClaims: true,
  // Core, 3.1.2.1: the authorization endpoint takes GET and POST.
  enableHttpPostMethods: true,
  // OAuth 2.1, 4.1.1 and the letter of Core: a redirect_uri is always sent.
  allowOmittingSingleRegisteredRedirectUri: false,
  enabledJWA,
  // How far the clock of who signed something may differ, in seconds (FAPI 2.0 Security Profile, 5.3.2.1: 10 to 60).
  clockTolerance: 15,
  // A client that names no scope gets none but this.
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
    // RFC 8628, 6.1: 20 letters that are not taken for each other, 35 bits of them.
    deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****' },
    resourceIndicators: { enabled: true },
  },
  discovery: {
    ui_locales_supported: locales,
    claims_locales_supported: undefined,
    // Initiating User Registration via OpenID Connect 1.0, 4.2: what `prompt` may ask for.
    prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
    ...verifiedClaimsMetadata,
  },
} as const
