import type { ClientAuthMethod, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Environment } from '../../../../config/env.ts'
import { protocol } from '../../../../config/oidc.ts'
import { certificateIn, isSubject, type SubjectName } from '../../clients/client-certificate.ts'

/** Headers by which the proxy in front, which speaks TLS, tells of a client's certificate. */
export type CertificateHeaders = {
  /** Which holds the certificate. */
  readonly certificate: string
  /** Which holds `SUCCESS` where an authority that the proxy trusts has issued it; without it none is trusted. */
  readonly verified: string | undefined
  /** How many proxies there are; a request that came by fewer is nobody's. */
  readonly proxies: number
  /** Where the proxy asks for certificates, if that is not the issuer: an origin (RFC 8705, 5). */
  readonly origin: string | undefined
}

export const certificateSettings = [
  'CLIENT_CERTIFICATE_HEADER',
  'CLIENT_CERTIFICATE_VERIFIED_HEADER',
  'CLIENT_CERTIFICATE_ORIGIN',
  'TRUST_PROXY',
] as const

export const certificateHeaders = (
  env: Pick<Environment, (typeof certificateSettings)[number]>,
): CertificateHeaders | undefined =>
  env.CLIENT_CERTIFICATE_HEADER === undefined
    ? undefined
    : {
        certificate: env.CLIENT_CERTIFICATE_HEADER,
        verified: env.CLIENT_CERTIFICATE_VERIFIED_HEADER,
        proxies: env.TRUST_PROXY,
        origin: env.CLIENT_CERTIFICATE_ORIGIN,
      }

type MutualTls = NonNullable<NonNullable<Configuration['features']>['mTLS']>

/** RFC 8705. Without the headers' names there is no such thing, and whatever header comes is not looked at. */
export function mutualTls(headers: CertificateHeaders | undefined): MutualTls {
  if (!headers) return { enabled: false }
  const given = (ctx: KoaContextWithOIDC, name: string) =>
    ctx.ips.length === headers.proxies ? ctx.get(name) : ''
  const getCertificate = (ctx: KoaContextWithOIDC) => certificateIn(given(ctx, headers.certificate))
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: headers.verified !== undefined,
    getCertificate,
    certificateAuthorized: (ctx) =>
      headers.verified !== undefined && given(ctx, headers.verified) === 'SUCCESS',
    certificateSubjectMatches(ctx, name, expected) {
      const certificate = getCertificate(ctx)
      return certificate !== undefined && isSubject(certificate, name as SubjectName, expected)
    },
  }
}

/** Those of `config/oidc.ts`, and those that certificates make possible. */
export const clientAuthMethods = (headers: CertificateHeaders | undefined): ClientAuthMethod[] => [
  ...protocol.clientAuthMethods,
  ...(headers ? (['self_signed_tls_client_auth'] as const) : []),
  ...(headers?.verified ? (['tls_client_auth'] as const) : []),
]

/** RFC 8414, 2: what is left out there would say `client_secret_basic` alone. */
export function authenticationMetadata(headers: CertificateHeaders | undefined) {
  const methods = clientAuthMethods(headers)
  const algorithms = protocol.enabledJWA.clientAuthSigningAlgValues
  return {
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
  }
}

/** RFC 8705, 5: where to turn to with a certificate, if elsewhere than without one. */
export const endpointAliases = (headers: CertificateHeaders | undefined) =>
  headers?.origin && {
    mtls_endpoint_aliases: Object.fromEntries(
      authenticatedAt
        .filter(({ feature }) => !feature || feature in protocol.features)
        .map(({ endpoint, path }) => [endpoint, `${headers.origin}${path}`]),
    ),
  }

type Authenticated = { readonly endpoint: string; readonly path: string; readonly feature?: string }

/** oidc-provider's own paths of all that a client turns to itself. */
const authenticatedAt: readonly Authenticated[] = [
  { endpoint: 'token_endpoint', path: '/token' },
  { endpoint: 'userinfo_endpoint', path: '/me' },
  { endpoint: 'revocation_endpoint', path: '/token/revocation' },
  { endpoint: 'introspection_endpoint', path: '/token/introspection' },
  { endpoint: 'pushed_authorization_request_endpoint', path: '/request' },
  {
    endpoint: 'device_authorization_endpoint',
    path: '/device/auth',
    feature: 'deviceFlow',
  },
]
