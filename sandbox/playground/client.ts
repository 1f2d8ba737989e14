import * as oidc from 'openid-client'
import { type Chosen, parametersOf } from './choices.ts'
import type { Refused } from './refusals.ts'
import { recording, type Step, sentByBrowser, tokensIn } from './steps.ts'

export type ClientOptions = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly baseUrl: string
}

type Pending = { readonly state: string; readonly nonce: string; readonly verifier: string }

/** The requests of one browser, step by step. */
export type Trial = {
  readonly steps: Step[]
  readonly chosen: Chosen
  pending?: Pending
  /** The reason why the last action failed. */
  refused?: Refused
  tokens?: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers
  /** The subject and session of the sign-in, to match logout messages. */
  signedInAs?: { readonly sub: string; readonly sid: unknown }
}

/** A relying party that records a step in `trial` for each request. */
export async function playgroundClient(
  { issuer, clientId, clientSecret, baseUrl }: ClientOptions,
  trial: Trial,
) {
  const insecure = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []
  const config = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: 8,
    execute: [...insecure, oidc.enableNonRepudiationChecks],
  })
  const metadata = config.serverMetadata()
  const record = (step: Step) => void trial.steps.push(step)
  const endpoints: Readonly<Record<string, string | undefined>> = {
    pushed: metadata.pushed_authorization_request_endpoint,
    token: metadata.token_endpoint,
    keys: metadata.jwks_uri,
    userinfo: metadata.userinfo_endpoint,
    introspection: metadata.introspection_endpoint,
    revocation: metadata.revocation_endpoint,
  }
  config[oidc.customFetch] = recording(
    record,
    (address) => Object.keys(endpoints).find((name) => endpoints[name] === address) ?? 'other',
  )

  return {
    async begin(): Promise<URL> {
      const verifier = oidc.randomPKCECodeVerifier()
      const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier }
      const params = {
        redirect_uri: `${baseUrl}/callback`,
        ...parametersOf(trial.chosen),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }
      const url = trial.chosen.pushed
        ? await oidc.buildAuthorizationUrlWithPAR(config, params)
        : oidc.buildAuthorizationUrl(config, params)
      trial.pending = pending
      record(sentByBrowser('authorization', url))
      return url
    },

    /** Handles the callback. Throws for an invalid answer; the steps up to then are recorded. */
    async finish(url: URL): Promise<void> {
      record(sentByBrowser('callback', url))
      const { pending } = trial
      if (!pending) throw new Error('nothing is pending')
      delete trial.pending
      const tokens = await oidc.authorizationCodeGrant(config, url, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      })
      trial.tokens = tokens
      const claims = tokens.claims()
      if (claims) trial.signedInAs = { sub: claims.sub, sid: claims['sid'] }
      await this.look()
    },

    /** Calls userinfo and introspection with the present access token. */
    async look(): Promise<void> {
      const { tokens } = trial
      if (!tokens) throw new Error('no tokens')
      await oidc.fetchUserInfo(
        config,
        tokens.access_token,
        tokens.claims()?.sub ?? oidc.skipSubjectCheck,
      )
      if (endpoints['introspection']) await oidc.tokenIntrospection(config, tokens.access_token)
    },

    async refresh(): Promise<void> {
      const { tokens } = trial
      const refreshed = await oidc.refreshTokenGrant(config, tokens?.refresh_token ?? '')
      const { id_token: idToken = tokens?.id_token } = refreshed
      trial.tokens = Object.assign(refreshed, idToken && { id_token: idToken })
      await this.look()
    },

    /** Deletes the tokens and returns the address of the logout endpoint. */
    signOut(): URL {
      const url = oidc.buildEndSessionUrl(config, {
        ...(trial.tokens?.id_token && { id_token_hint: trial.tokens.id_token }),
        post_logout_redirect_uri: `${baseUrl}/signed-out`,
      })
      record(sentByBrowser('logout', url))
      delete trial.tokens
      return url
    },
  }
}

/** The step for a logout message of the platform. */
export const logoutStep = (address: string, token: string): Step => ({
  what: 'backchannel',
  method: 'POST',
  address,
  sent: { logout_token: token },
  status: 200,
  tokens: tokensIn({ logout_token: token }),
})
