import { types } from 'node:util'
import * as oidc from 'openid-client'
import { accessTokenMatches } from './at-hash.ts'
import { logoutTokens } from './logout-token.ts'

export type RelyingPartyOptions = {
  /** The provider, without a slash at its end. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where the provider sends people back to, as registered. */
  readonly redirectUri: string
  readonly scope: string
}

/** What must fit when the person comes back; used once. */
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

/** Signs people in by OpenID Connect: authorization code flow with PKCE, every check that Core section 3.1.3.7 has. */
export function relyingParty({
  issuer,
  clientId,
  clientSecret,
  redirectUri,
  scope,
}: RelyingPartyOptions) {
  let discovered: Promise<oidc.Configuration> | undefined

  /** Asked when first needed, and again after a failure: the provider may start later than this service. */
  function configuration(): Promise<oidc.Configuration> {
    discovered ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: secondsToWait,
        execute: [
          ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
          // Without it the token endpoint's TLS would vouch for the ID token, and here there may be none.
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
    /** Who is signed out by this logout token; throws for one that can't be trusted. */
    signedOutBy: logoutTokens({ issuer, clientId, keysAt }),

    /** Where to send the person, and what to keep meanwhile. `more`: further parameters of the request. */
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

    /** `query` is that of the callback. Throws for anything that doesn't fit. */
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

    /** Where the person goes to end the session at the provider too (RP-Initiated Logout 1.0). */
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

/** Why a sign-in didn't come about, as far as it matters to the person. */
export type Failure = 'denied' | 'unreachable' | 'failed'

export function failureOf(error: unknown): Failure {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return 'denied'
    const outage = ['server_error', 'temporarily_unavailable'].includes(error.error)
    return outage ? 'unreachable' : 'failed'
  }
  if (error instanceof UntrustworthyAnswer) return 'failed'
  // Every check of openid-client has a code; a fetch that failed has none.
  const { code } = error as { code?: string }
  return code === undefined || outages.includes(code) ? 'unreachable' : 'failed'
}
const outages = ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']

/**
 * Names of an error and of the errors that caused it, for the log. Messages can hold tokens, and causes that are no
 * errors are answers of the provider, claims and all.
 */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return ''
  const { code, error: oauthError } = error as { code?: unknown; error?: unknown }
  const names = [error.name, code, oauthError].filter((part) => typeof part === 'string')
  return [...names.map((part) => JSON.stringify(part)), reasonOf(error.cause)].join(' ').trim()
}
