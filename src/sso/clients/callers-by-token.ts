import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import type { Client } from 'oidc-provider'
import type { Caller, Callers } from '../../ports/sso/callers.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'

/** Finds the client that calls an interface of ours, by the access token that it received here. */
export const callersByToken = (current: CurrentProvider): Callers => ({
  async byToken(value) {
    const provider = current()
    const token = await provider.ClientCredentials.find(value)
    const { clientId, scopes, aud } = token ?? {}
    if (!token || !clientId || !scopes || aud !== undefined) return undefined
    if (token.isSenderConstrained()) return undefined
    const client = await provider.Client.find(clientId)
    return client && { clientId, scopes, verifiedPayload: payloadVerifierOf(client) }
  },
})

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
