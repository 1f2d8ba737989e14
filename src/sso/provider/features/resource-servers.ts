import { type Client, errors } from 'oidc-provider'
import type { SigningAlgorithm } from '../../../../config/oidc.ts'
import type { Feature } from './feature-types.ts'

/**
 * Tokens for resource servers (RFC 8707) that the client's metadata name exactly. Such a token is a JWT (RFC 9068),
 * which the server can verify by itself, signed like the client's ID tokens, with the granted scopes except those about
 * signing in. A server that is a client itself (its `client_id` is its address) gets opaque tokens and uses
 * introspection, so that a revocation counts at once (decision 0112). The operators' API, at `adminOrigin`, reads our store.
 */
export const resourceIndicators = (adminOrigin: string): Feature<'resourceIndicators'> => ({
  async getResourceServerInfo({ oidc }, resource, client) {
    if (!resourcesOf(client).includes(resource)) throw new errors.InvalidTarget()
    const canAsk = resource === adminOrigin || (await oidc.provider.Client.find(resource))
    const granted = oidc.grant?.getOIDCScope() ?? client.scope ?? ''
    return {
      scope: granted.split(' ').filter(isResourceScope).join(' '),
      audience: resource,
      accessTokenFormat: canAsk ? 'opaque' : 'jwt',
      jwt: { sign: { alg: client.idTokenSignedResponseAlg as SigningAlgorithm } },
    }
  },
  // A resource that was requested at the authorization endpoint need not be named again; of several, the token request
  // names one.
  useGrantedResource: (_ctx, { resource }) => typeof resource === 'string',
})

const resourcesOf = (client: Client): readonly unknown[] => {
  const resources = client['resources']
  return Array.isArray(resources) ? resources : []
}

const isResourceScope = (scope: string) => scope !== 'openid' && scope !== 'offline_access'
