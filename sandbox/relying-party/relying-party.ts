import { types } from 'node:util'
import * as oidc from 'openid-client'
import { accessTokenMatches } from './at-hash.ts'
import { logoutTokens } from './logout-token.ts'

export type RelyingPartyOptions = {
  /** The provider's address, without a slash at the end. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** The registered redirect URI. */
  readonly redirectUri: string
  readonly scope: string
}

/** The values that the callback is checked against, once. */
export type PendingLogin = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export type SignedIn = {
  readonly idToken: string
  readonly idTokenClaims: oidc.IDToken
  readonly userinfo: oidc.UserInfoResponse
}

const secondsToWait = 8

/** Signs people in by the authorization code flow with PKCE and all checks of OpenID Connect Core, section 3.1.3.7. */
export function relyingParty({
  issuer,
  clientId,
  clientSecret,
  redirectUri,
  scope,
}: RelyingPartyOptions) {
  let discovered: Promise<oidc.Configuration> | undefined

  /** Discovery runs at the first use and again after a failure, since the provider may start later than this service. */
  function configuration(): Promise<oidc.Configuration> {
    discovered ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: secondsToWait,
        execute: [
          ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
          // The signature of the ID token must be checked, since the token endpoint may have no TLS here (Core, 3.1.3.7, 6).
          oidc.enableNonRepudiationChecks,
        ],
      })
      .catch((error: unknown) => {
        discovered = undefined
        throw error
      })
    return discovered
  }

  const keysAt = async () => String((await configuration()).serverMetadata().jwks_uri)

  return {
    /** Validates a logout token and returns the session that it ends. */
    signedOutBy: logoutTokens({ issuer, clientId, keysAt }),

    /** Returns the address of the authorization request and the values to store until the callback. `more` are further parameters. */
    async begin(
      more: Readonly<Record<string, string>>,
    ): Promise<{ readonly address: URL; readonly pending: PendingLogin }> {
      const verifier = oidc.randomPKCECodeVerifier()
      const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier }
      const address = oidc.buildAuthorizationUrl(await configuration(), {
        ...more,
        scope,
        redirect_uri: redirectUri,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { address, pending }
    },

    /** Completes the sign-in with the query of the callback. Throws for an invalid answer. */
    async finish(query: string, { state, nonce, verifier }: PendingLogin): Promise<SignedIn> {
      const config = await configuration()
      const tokens = await oidc.authorizationCodeGrant(config, new URL(query, redirectUri), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const idTokenClaims = tokens.claims()
      if (!tokens.id_token || !idTokenClaims) throw new UntrustworthyAnswer('no ID token')
      if (!accessTokenMatches(tokens.id_token, tokens.access_token))
        throw new UntrustworthyAnswer('at_hash is of another access token')
      return {
        idToken: tokens.id_token,
        idTokenClaims,
        userinfo: await oidc.fetchUserInfo(config, tokens.access_token, idTokenClaims.sub),
      }
    },

    /** Returns the address that ends the session at the provider (RP-Initiated Logout 1.0). */
    async endSession(idToken: string, returnTo: string): Promise<URL> {
      return oidc.buildEndSessionUrl(await configuration(), {
        id_token_hint: idToken,
        post_logout_redirect_uri: returnTo,
      })
    },
  }
}

class UntrustworthyAnswer extends Error {
  override readonly name = 'UntrustworthyAnswer'
}

/** The reason of a failed sign-in, as the page shows it. */
export type Failure = 'denied' | 'unreachable' | 'failed'

export function failureOf(error: unknown): Failure {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return 'denied'
    const outage = ['server_error', 'temporarily_unavailable'].includes(error.error)
    return outage ? 'unreachable' : 'failed'
  }
  if (error instanceof UntrustworthyAnswer) return 'failed'
  // Errors of openid-client's checks have a code; a failed fetch has none.
  const { code } = error as { code?: string }
  return code === undefined || outages.includes(code) ? 'unreachable' : 'failed'
}
const outages = ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']

/**
 * Returns the names of an error and of its causes, for the log. Messages are left out because they can contain tokens, and
 * causes that are no errors because they are answers of the provider with claims.
 */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return ''
  const { code, error: oauthError } = error as { code?: unknown; error?: unknown }
  const names = [error.name, code, oauthError].filter((part) => typeof part === 'string')
  return [...names.map((part) => JSON.stringify(part)), reasonOf(error.cause)].join(' ').trim()
}
