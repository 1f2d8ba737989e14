import type { AccessToken, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type OidcContext = KoaContextWithOIDC['oidc']

/**
 * Patches: `params.claims` of a request and `extra` of an access token, each while oidc-provider asks a documented hook.
 * Why: oidc-provider ignores `verified_claims` that are an array, so that the parameter is rewritten before it is read
 * (OpenID Connect for Identity Assurance 1.0, 5); and it has no hook for the claims of one introspection answer (5.1).
 * Shown by: test/sso/verified-claims.test.ts, test/sso/introspection.test.ts.
 * On an upgrade: look at lib/actions/authorization/claims.js and lib/actions/introspection.js.
 */
export function assertIdentityAssurance({ AccessToken: tokens, OIDCContext }: Provider): void {
  const context = new OIDCContext({} as ConstructorParameters<typeof OIDCContext>[0])
  Object.assign(context, { params: {} })
  replaceClaims(context, { userinfo: { sub: null } })
  const isRead = context.requestParamClaims?.has('sub') === true
  assertSeam(isRead, 'identity-assurance', 'OIDCContext reads the claims parameter from its params')
  const { IN_PAYLOAD: fields } = tokens as unknown as { readonly IN_PAYLOAD?: readonly string[] }
  const hasExtra = fields?.includes('extra')
  assertSeam(
    hasExtra,
    'identity-assurance',
    'an access token keeps the claims of its answers in extra',
  )
}

/** Replaces the `claims` parameter of a request. */
export function replaceClaims({ params }: OidcContext, claims: object): void {
  if (params) params['claims'] = JSON.stringify(claims)
}

/** Adds claims to the introspection answer about this token. */
export function addToIntrospection(token: AccessToken, claims: object): void {
  token.extra = { ...token.extra, ...claims }
}
