import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import * as oidc from 'openid-client'
import { callback } from './platform.ts'

/** A client that authenticates with its own key, whose public part is in its metadata. */
export async function keyedClient(id: string, alg: 'PS256' | 'RS256' | 'ES256', more: object = {}) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = `${id}-1`
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  const signed = (
    claims: JWTPayload,
    header: object = {},
    key: CryptoKey | Uint8Array = privateKey,
  ) => new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(key)
  return {
    id,
    privateKey,
    publicKey,
    kid,
    alg,
    signed,
    metadata: {
      client_id: id,
      redirect_uris: [callback],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk] },
      scope: 'openid offline_access profile',
      grant_types: ['authorization_code', 'refresh_token'],
      first_party: true,
      ...more,
    },
    /** The configuration of this client for openid-client. */
    config: (issuer: string, known: Partial<oidc.ClientMetadata> = {}) =>
      oidc.discovery(
        new URL(issuer),
        id,
        known,
        // The issuer is the only audience of a client assertion (FAPI 2.0 Security Profile, 5.3.3.1).
        oidc.PrivateKeyJwt(
          { key: privateKey, kid },
          {
            [oidc.modifyAssertion](_header, payload) {
              payload['aud'] = issuer
            },
          },
        ),
        { execute: [oidc.allowInsecureRequests] },
      ),
  }
}
