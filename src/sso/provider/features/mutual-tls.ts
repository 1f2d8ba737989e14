import type { X509Certificate } from 'node:crypto'
import type { ClientAuthMethod, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Environment } from '../../../../config/environment/settings.ts'
import { protocol } from '../../../../config/oidc.ts'
import type { TokenRequest } from '../../../ports/sso/callers.ts'
import {
  hasSubject,
  parseCertificateHeader,
  type SubjectName,
} from '../../clients/client-certificate.ts'

/** The headers in which the TLS proxy passes a client's certificate. */
export type CertificateHeaders = {
  /** The name of the header with the certificate. */
  readonly certificate: string
  /**
   * The name of the header that is `SUCCESS` if an authority that the proxy trusts issued the certificate; without it
   * no certificate is trusted.
   */
  readonly verified: string | undefined
  /** The number of proxies; certificates of requests that passed fewer are ignored. */
  readonly proxies: number
  /** The origin at which the proxy asks for certificates, if that is not the issuer (RFC 8705, 5). */
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

/** The certificate that the proxy passes with a request. */
export const presentedCertificate = (
  { ips, header }: Pick<TokenRequest, 'ips' | 'header'>,
  headers: CertificateHeaders | undefined,
): X509Certificate | undefined =>
  headers && ips.length === headers.proxies
    ? parseCertificateHeader(header(headers.certificate))
    : undefined

type MutualTls = NonNullable<NonNullable<Configuration['features']>['mTLS']>

/** Mutual TLS (RFC 8705). Without configured headers it is off and no header is read. */
export function mutualTls(headers: CertificateHeaders | undefined): MutualTls {
  if (!headers) return { enabled: false }
  const trustedHeader = (ctx: KoaContextWithOIDC, name: string) =>
    ctx.ips.length === headers.proxies ? ctx.get(name) : ''
  const getCertificate = (ctx: KoaContextWithOIDC) =>
    presentedCertificate({ ips: ctx.ips, header: (name) => ctx.get(name) }, headers)
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: headers.verified !== undefined,
    getCertificate,
    certificateAuthorized: (ctx) =>
      headers.verified !== undefined && trustedHeader(ctx, headers.verified) === 'SUCCESS',
    certificateSubjectMatches(ctx, name, expected) {
      const certificate = getCertificate(ctx)
      return certificate !== undefined && hasSubject(certificate, name as SubjectName, expected)
    },
  }
}

/** The methods of `config/oidc.ts`, and those that need certificates. */
export const clientAuthMethods = (headers: CertificateHeaders | undefined): ClientAuthMethod[] => [
  ...protocol.clientAuthMethods,
  ...(headers ? (['self_signed_tls_client_auth'] as const) : []),
  ...(headers?.verified ? (['tls_client_auth'] as const) : []),
]

/** Lists the methods explicitly: without the list, `client_secret_basic` would be the only one (RFC 8414, 2). */
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

/** The endpoints for clients with a certificate, if they are at another origin (RFC 8705, 5). */
export const endpointAliases = (headers: CertificateHeaders | undefined) =>
  headers?.origin && {
    mtls_endpoint_aliases: Object.fromEntries(
      clientEndpoints
        .filter(({ feature }) => !feature || feature in protocol.features)
        .map(({ endpoint, path }) => [endpoint, `${headers.origin}${path}`]),
    ),
  }

type ClientEndpoint = {
  readonly endpoint: string
  readonly path: string
  readonly feature?: string
}

/** The paths of oidc-provider's endpoints that clients call directly. */
const clientEndpoints: readonly ClientEndpoint[] = [
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
