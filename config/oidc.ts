import { locales } from './messages.ts'

/**
 * The claims that each scope gives (specification, section 6; OpenID Connect Core 1.0, 5.4). They come from userinfo,
 * and in the ID token when the `claims` parameter asks.
 */
export const scopeClaims = {
  openid: ['sub'],
  profile: ['preferred_username', 'name', 'gender', 'birthdate', 'user_type'],
  phone: ['phone_number', 'phone_number_verified'],
  identity: ['id_type', 'id_number', 'name'],
  organisation: ['org_name', 'org_id_type', 'org_id_number', 'org_confirmed'],
} as const

export type ClaimName = (typeof scopeClaims)[keyof typeof scopeClaims][number]

/** What a terminal's own access token is for (specification, section 8): never a person's. */
export const terminalScope = 'terminal:phone-change'

export const scopes = [
  'openid',
  'offline_access',
  'profile',
  'phone',
  'identity',
  'organisation',
  terminalScope,
] as const
export type Scope = (typeof scopes)[number]

/** About the sign-in, whatever the scopes. */
const authenticationClaims = { acr: null, amr: null, auth_time: null, iss: null, sid: null }

/** How the person proved who they are. */
export const acr = { password: 'urn:uup:acr:password' } as const

/** Of each algorithm one key signs, the default first (OpenID Connect Core 1.0, 15.1). EdDSA is on Ed25519 (RFC 8037). */
export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

export const clientAuthMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const

/** Client metadata of our own (specification, section 6). */
export const ownClientMetadata = ['first_party', 'require_pkce'] as const

/** The part of oidc-provider's configuration that is protocol and nothing else. */
export const protocol = {
  scopes,
  claims: { ...scopeClaims, ...authenticationClaims },
  acrValues: Object.values(acr),
  responseTypes: ['code'],
  clientAuthMethods,
  // Core, 5.4: claims of a scope come from userinfo once there is an access token.
  conformIdTokenClaims: true,
  // Core, 3.1.2.1: the authorization endpoint takes GET and POST.
  enableHttpPostMethods: true,
  // OAuth 2.1, 4.1.1 and the letter of Core: a redirect_uri is always sent.
  allowOmittingSingleRegisteredRedirectUri: false,
  // RFC 9700, 2.2.2: every use gives a new refresh token, and using an old one ends them all.
  rotateRefreshToken: true,
  extraClientMetadata: { properties: ownClientMetadata },
  // A client that names no scope gets none but this.
  clientDefaults: { scope: 'openid' },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
    revocation: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: { enabled: false },
  },
  discovery: {
    ui_locales_supported: locales,
    claims_locales_supported: undefined,
    request_parameter_supported: false,
  },
} as const
