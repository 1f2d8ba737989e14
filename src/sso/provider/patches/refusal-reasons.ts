import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import type { Logger } from 'pino'
import { Outage } from '../../../ports/outage.ts'
import { assertSeam } from '../assert-seam.ts'

type Detail = { readonly error_detail?: string }
type Refusal = errors.OIDCProviderError & Detail

/**
 * Patches: `emit` of the provider, for the documented events `….error`; reads `error_detail` of their errors.
 * Why: the client and our log learn why a request was refused. oidc-provider keeps the reason as a detail that it
 * neither sends nor logs, and emits the event when the response is complete and before it is sent.
 * Shown by: test/sso/refusal-reasons.test.ts.
 * On an upgrade: look at lib/shared/error_handler.js and lib/helpers/errors.js, and for details that were reworded.
 */
export function explainRefusals(provider: Provider): void {
  assertSeam(typeof provider.emit === 'function', 'refusal-reasons', 'Provider.emit is a method')
  const { error_detail: detail } = new errors.InvalidGrant({ detail: 'a' }) as Detail
  assertSeam(detail === 'a', 'refusal-reasons', 'an error keeps its reason in error_detail')
  const emit = provider.emit.bind(provider)
  provider.emit = (name: string | symbol, ...args: unknown[]) => {
    if (String(name).endsWith('.error')) explain(...(args as [KoaContextWithOIDC, Refusal]))
    return emit(name, ...args)
  }
}

function explain(ctx: KoaContextWithOIDC, refusal: Refusal): void {
  const { error, error_description: description, error_detail: detail } = refusal
  const { oidc } = ctx
  const log = ctx.state['log'] as Logger | undefined
  if ((refusal as Error) instanceof Outage) {
    log?.error({ err: refusal, endpoint: oidc.route }, 'request failed')
    return
  }
  log?.info(
    {
      // Only of a client that is known: what else stands there could be anything.
      client: oidc.client?.clientId,
      endpoint: oidc.route,
      error,
      description: withoutValues(description),
      detail: withoutValues(detail),
    },
    'refused',
  )
  const body = ctx.body as { error?: string; error_description?: string } | undefined
  const reason = detail && reasonOf(refusal, detail)
  if (reason && typeof body === 'object' && body?.error === error)
    ctx.body = { ...body, error_description: reason }
}

/** The reason that an authenticated client may read; before authentication, only reasons about the proof itself. */
function reasonOf({ error }: Refusal, detail: string): string | undefined {
  if (error === 'invalid_grant')
    return rewordedReasons.get(detail) ?? listedReason(detail, grantReasons)
  return error === 'invalid_client' ? listedReason(detail, assertionReasons) : undefined
}

const listedReason = (detail: string, known: readonly string[]) =>
  known.includes(detail) ? detail : undefined

const codeReuse = 'the authorization code was used before, so what it gave has ended'
const tokenReuse = 'the refresh token was used before, so its grant has ended'

/** Details of oidc-provider that need other words. Details about accounts are not among them. */
const rewordedReasons = new Map([
  ['authorization code not found', 'the authorization code is unknown, or expired long ago'],
  ['authorization code already consumed', codeReuse],
  ['already used', codeReuse],
  ['refresh token not found', 'the refresh token is unknown, expired or revoked'],
  ['refresh token already used', tokenReuse],
  ['client mismatch', 'it was issued to another client'],
  [
    'grant not found',
    'the grant has ended: the user signed out, withdrew it or changed the account',
  ],
  ['grant is expired', 'the grant has expired'],
  ['authorization code redirect_uri mismatch', 'redirect_uri is not the one of the request'],
])

const grantReasons = [
  'authorization code is expired',
  'refresh token is expired',
  'code_verifier does not match code_challenge',
  'code_verifier must be provided',
  'failed jkt verification',
  'failed x5t#S256 verification',
  'mutual TLS client certificate not provided',
  'missing DPoP proof JWT',
  'DPoP proof key thumbprint does not match dpop_jkt',
]

/** Nothing about secrets, and not whether there is such a client. */
const assertionReasons = [
  'alg mismatch',
  'alg is not allowed by the profile',
  'expiration must be specified in the client_assertion JWT',
  'unique jti (JWT ID) must be provided in the client_assertion JWT',
  'sub (JWT subject) must be provided in the client_assertion JWT',
  'iss (JWT issuer) must be provided in the client_assertion JWT',
  'iss (JWT issuer) must be the client_id',
  'aud (JWT audience) must be provided in the client_assertion JWT',
  'audience (aud) must equal the endpoint url, issuer identifier or token endpoint url',
  'audience (aud) must equal the issuer identifier url',
  'list of audience (aud) must include the endpoint url, issuer identifier or token endpoint url',
  "'iat' is in the future",
  "'exp' is more than 10 minutes ahead",
  'jwt expired',
  'jwt not active yet',
  'signature verification failed',
  'no applicable key found in the JSON Web Key Set',
  'client assertion tokens must only be used once',
  'the provided authentication mechanism does not match the registered client authentication method',
  'client certificate was not provided',
]

/** Some reasons repeat what was sent: what is quoted, long, no ASCII, or holds a number or an address goes. */
const withoutValues = (reason: string | undefined): string | undefined =>
  reason
    ?.slice(0, 300)
    .replace(/"[^"]*"?/g, '…')
    .replace(/\S*(?:[^\x20-\x7e]|\d{4}|@|[\w.~+/=-]{40})\S*/g, '…')
