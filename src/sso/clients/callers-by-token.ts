import { createHash } from 'node:crypto'
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import type { Client, ClientCredentials } from 'oidc-provider'
import type { Clock } from '../../ports/clock.ts'
import type { Caller, Callers, PresentedToken, TokenRequest } from '../../ports/sso/callers.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { type CertificateHeaders, presentedCertificate } from '../provider/features/mutual-tls.ts'
import { proofAge, verifiedDpopProof } from './dpop-proof.ts'

export type CallersPorts = {
  readonly clock: Clock
  readonly certificates: CertificateHeaders | undefined
}

/** Finds the client that calls an interface of ours, by the access token that it received here. */
export function callersByToken(
  current: CurrentProvider,
  { clock, certificates }: CallersPorts,
): Callers {
  /** The client of a token that is for this audience. */
  async function callerOf(token: ClientCredentials | undefined, audience: string | undefined) {
    const { clientId, scopes, aud } = token ?? {}
    if (!clientId || !scopes || aud !== audience) return undefined
    const client = await current().Client.find(clientId)
    return client && { clientId, scopes, verifiedPayload: payloadVerifierOf(client) }
  }

  /** Whether the request has a fresh proof by the key of the token. */
  async function isProvedByKey(
    { jkt, clientId = '' }: ClientCredentials,
    presented: PresentedToken,
    request: TokenRequest,
  ): Promise<boolean> {
    const proof = await verifiedDpopProof(presented, request, clock())
    if (!proof || proof.jkt !== jkt) return false
    // As long as the proof could be used again, by the time of oidc-provider, which has no clock of ours.
    const until = Math.ceil(Date.now() / 1000) + 2 * proofAge
    return current().ReplayDetection.unique(clientId, proof.jti, until)
  }

  function isProvedByCertificate(token: ClientCredentials, request: TokenRequest): boolean {
    const certificate = presentedCertificate(request, certificates)
    if (!certificate) return false
    const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url')
    return token['x5t#S256'] === thumbprint
  }

  return {
    async byToken(presented, request, { audience, onlyBound = false }) {
      const token = await current().ClientCredentials.find(presented.token)
      const caller = await callerOf(token, audience)
      if (!token || !caller) return 'invalid_token'
      if (Boolean(token.jkt) !== (presented.scheme === 'DPoP')) return 'invalid_token'
      if (token.jkt)
        return (await isProvedByKey(token, presented, request)) ? caller : 'invalid_dpop_proof'
      const isProved = token['x5t#S256'] ? isProvedByCertificate(token, request) : !onlyBound
      return isProved ? caller : 'invalid_token'
    },
  }
}

const payloadVerifierOf =
  (client: Client): Caller['verifiedPayload'] =>
  async (jws) => {
    const keys = createLocalJWKSet((client.jwks ?? { keys: [] }) as JSONWebKeySet)
    try {
      const { payload } = await compactVerify(jws, keys, { algorithms: [...asymmetric] })
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof SyntaxError) return undefined
      if (error instanceof TypeError) return undefined
      throw error
    }
  }

const asymmetric = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const
