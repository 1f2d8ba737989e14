import * as z from 'zod'
import { acr } from './acr.ts'
import { verifiedClaimNames } from './claims/verified-claims.ts'
import {
  addressWithoutFragment,
  httpsAddress,
  keySet,
  listOf,
  oneOf,
  scopeList,
  shortText,
  trueOrFalse,
  visibleAscii,
  webAddress,
} from './client-metadata-fields.ts'
import {
  certificateMethods,
  certificateSubjects,
  clientAuthMethods,
  contentEncryptions,
  encryptionAlgorithms,
  grantTypes,
  responseModes,
  responseTypes,
  signingAlgorithms,
  subjectTypes,
} from './oidc.ts'

/** Registered names that are allowed and have no effect. */
const unread = Object.fromEntries(
  ['software_id', 'software_version'].map((name) => [name, z.unknown().optional()]),
)

const subjectShape = Object.fromEntries(
  certificateSubjects.map((name) => [name, shortText.optional()]),
)

/** All names that a client's metadata may have: those of RFC 7591 and OpenID Connect Registration, and our own. */
export const clientMetadataSchema = z.strictObject({
  ...unread,
  client_id: visibleAscii.max(100, 'metadata.tooLong'),
  client_secret: visibleAscii.optional(),
  client_name: shortText.optional(),
  client_uri: webAddress.optional(),
  logo_uri: webAddress.optional(),
  policy_uri: webAddress.optional(),
  tos_uri: webAddress.optional(),
  initiate_login_uri: httpsAddress.optional(),
  contacts: listOf(z.email('metadata.email')).optional(),
  application_type: oneOf(['web', 'native']).optional(),
  redirect_uris: listOf(addressWithoutFragment).optional(),
  /** The address that receives logout tokens (Back-Channel Logout 1.0, 2.2). */
  backchannel_logout_uri: webAddress.optional(),
  /** Logout tokens need a `sid`; without it, a token ends all sessions of the person. */
  backchannel_logout_session_required: trueOrFalse.optional(),
  post_logout_redirect_uris: listOf(addressWithoutFragment).optional(),
  response_types: listOf(oneOf(responseTypes)).optional(),
  /** The response modes that the client may use; default: all. */
  response_modes: listOf(oneOf(responseModes)).min(1, 'metadata.someMode').optional(),
  grant_types: listOf(oneOf(grantTypes)).min(1, 'metadata.someGrant').optional(),
  scope: scopeList.optional(),
  token_endpoint_auth_method: oneOf([...clientAuthMethods, ...certificateMethods]).default(
    'client_secret_basic',
  ),
  token_endpoint_auth_signing_alg: oneOf(signingAlgorithms).optional(),
  id_token_signed_response_alg: oneOf(signingAlgorithms).optional(),
  /** The algorithms of signed authorization responses (JARM, 3) and introspection responses (RFC 9701, 6). */
  authorization_signed_response_alg: oneOf(signingAlgorithms).optional(),
  introspection_signed_response_alg: oneOf(signingAlgorithms).optional(),
  userinfo_signed_response_alg: oneOf(signingAlgorithms).optional(),
  /** Answers are signed, then encrypted to a key of the client (OpenID Connect Registration 1.0, 2; RFC 9701, 6). */
  id_token_encrypted_response_alg: oneOf(encryptionAlgorithms).optional(),
  id_token_encrypted_response_enc: oneOf(contentEncryptions).optional(),
  userinfo_encrypted_response_alg: oneOf(encryptionAlgorithms).optional(),
  userinfo_encrypted_response_enc: oneOf(contentEncryptions).optional(),
  introspection_encrypted_response_alg: oneOf(encryptionAlgorithms).optional(),
  introspection_encrypted_response_enc: oneOf(contentEncryptions).optional(),
  authorization_encrypted_response_alg: oneOf(encryptionAlgorithms).optional(),
  authorization_encrypted_response_enc: oneOf(contentEncryptions).optional(),
  /** The client may encrypt its request objects to a key of the platform. */
  request_object_encryption_alg: oneOf(encryptionAlgorithms).optional(),
  request_object_encryption_enc: oneOf(contentEncryptions).optional(),
  jwks: keySet.optional(),
  jwks_uri: webAddress.optional(),
  /** The subject of the certificate for `tls_client_auth`; `self_signed_tls_client_auth` uses the client's keys. */
  ...subjectShape,
  tls_client_certificate_bound_access_tokens: trueOrFalse.optional(),
  use_mtls_endpoint_aliases: trueOrFalse.optional(),
  /** `pairwise`: each sector gets another `sub` for the same person. */
  subject_type: oneOf(subjectTypes).optional(),
  sector_identifier_uri: httpsAddress.optional(),
  default_max_age: z.int('metadata.seconds').min(0, 'metadata.seconds').optional(),
  default_acr_values: listOf(oneOf(Object.values(acr))).optional(),
  require_auth_time: trueOrFalse.optional(),
  require_pushed_authorization_requests: trueOrFalse.optional(),
  /** Authorization requests must be signed (RFC 9101, 10.5). */
  require_signed_request_object: trueOrFalse.optional(),
  request_object_signing_alg: oneOf(signingAlgorithms).optional(),
  dpop_bound_access_tokens: trueOrFalse.optional(),
  /** A client of the bureau itself, which needs no consent. */
  first_party: trueOrFalse.optional(),
  /** False: a request needs no PKCE if it has a nonce. */
  require_pkce: trueOrFalse.optional(),
  /** The verified claims that the client may get; default: those of its scopes. */
  verified_claims: listOf(oneOf(verifiedClaimNames)).optional(),
  /** False: a request needs neither PKCE nor nonce. Only conformance tests should use it. */
  require_nonce: trueOrFalse.optional(),
  /** The resource servers for which the client may request tokens (RFC 8707, 2). */
  resources: listOf(addressWithoutFragment).optional(),
  /** The client follows the complete FAPI 2.0 Security Profile. */
  profile: oneOf(['fapi2']).optional(),
})

/** A client's metadata: the names of RFC 7591 and OpenID Connect Registration, and our own. */
export type ClientMetadata = z.infer<typeof clientMetadataSchema>
