import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import { sessionOfRequest } from '../sessions/account-version.ts'
import { clientNameOf, noteClientName } from './grant-client-names.ts'
import { requestedVerifiedClaims } from './requested-claims.ts'

/**
 * The grant of an authorization request. Each session has its own grant for each client, so that signing out in one
 * browser does not end another (decision 0071). A new grant starts with the earlier consent. The bureau's own clients
 * get what they request within their metadata; for others the person is asked.
 */
export const loadGrant =
  (storage: OidcStorage): NonNullable<Configuration['loadExistingGrant']> =>
  async (ctx) => {
    const { oidc } = ctx
    const { client, account } = oidc
    if (!client || !account) return undefined
    const id = oidc.result?.consent?.grantId ?? oidc.session?.grantIdFor(client.clientId)
    const present = id ? await oidc.provider.Grant.find(id) : undefined
    if (client['first_party']) return grantEverythingRequested(ctx, present ?? newSessionGrant(ctx))
    if (present) return present
    const agreed = await storage.latestGrant(account.accountId, client.clientId)
    if (!agreed) return undefined
    const remembered = new oidc.provider.Grant(agreed)
    const grant = newSessionGrant(ctx)
    // The time of the first consent.
    if (agreed.iat) grant.iat = agreed.iat
    grant.addOIDCScope(remembered.getOIDCScope())
    grant.addOIDCClaims(remembered.getOIDCClaims())
    grant.rejected = remembered.rejected
    grant.resources = remembered.resources
    noteClientName(grant, client)
    await grant.save()
    return grant
  }

function newSessionGrant(ctx: KoaContextWithOIDC): Grant {
  const { oidc } = ctx
  const { accountId } = oidc.account ?? {}
  const { clientId } = oidc.client ?? {}
  const whose = { ...(accountId && { accountId }), ...(clientId && { clientId }) }
  return Object.assign(new oidc.provider.Grant(whose), { signIn: sessionOfRequest(ctx) })
}

/** Saves the grant only if it grew, since most requests ask for what was granted before. */
async function grantEverythingRequested(
  { oidc }: KoaContextWithOIDC,
  grant: Grant,
): Promise<Grant> {
  const granted = () =>
    JSON.stringify([
      grant.getOIDCScope(),
      grant.getOIDCClaims(),
      grant.resources,
      clientNameOf(grant),
    ])
  const before = granted()
  const { client, params = {} } = oidc
  const verified = client ? requestedVerifiedClaims(params, client) : []
  if (client) noteClientName(grant, client)
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '))
  grant.addOIDCClaims([...oidc.requestParamClaims, ...verified])
  for (const [resource, { scopes }] of Object.entries(oidc.resourceServers ?? {}))
    grant.addResourceScope(
      resource,
      [...oidc.requestParamScopes].filter((one) => scopes.has(one)),
    )
  if (!grant.jti || granted() !== before) await grant.save()
  return grant
}
