import { type Client, errors } from 'oidc-provider'
import type { SigningAlgorithm } from '../../../../config/oidc.ts'
import type { Feature } from './feature-types.ts'

/**
 * RFC 8707: a token for a resource server that the client's metadata names, to the letter. It is a JWT (RFC 9068), so
 * that whoever gets it needs to ask nobody, signed as the client's ID tokens are; of its scopes those that were
 * granted, less what is about signing in. A server that is a client itself (its `client_id` is its address) gets
 * tokens that it asks about by introspection, so that a revocation counts at once.
 */
export const resourceIndicators: Feature<'resourceIndicators'> = {
  async getResourceServerInfo({ oidc }, resource, client) {
    if (!resourcesOf(client).includes(resource)) throw new errors.InvalidTarget()
    const canAsk = await oidc.provider.Client.find(resource)
    const granted = oidc.grant?.getOIDCScope() ?? client.scope ?? ''
    return {
      scope: granted.split(' ').filter(isForResources).join(' '),
      audience: resource,
      accessTokenFormat: canAsk ? 'opaque' : 'jwt',
      jwt: { sign: { alg: client.idTokenSignedResponseAlg as SigningAlgorithm } },
    }
  },
  // Asked for once, it need not be named again; of several the token request names one.
  useGrantedResource: (_ctx, { resource }) => typeof resource === 'string',
}

const resourcesOf = (client: Client): readonly unknown[] => {
  const resources = client['resources']
  return Array.isArray(resources) ? resources : []
}

const isForResources = (scope: string) => scope !== 'openid' && scope !== 'offline_access'
