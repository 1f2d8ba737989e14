import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '../../../ports/accounts.ts'
import type { Clock } from '../../../ports/clock.ts'
import { disclosedVerifiedClaims } from '../../consent/verified-claims/disclosed-verified-claims.ts'
import { addToIntrospection } from '../patches/identity-assurance.ts'
import type { Feature } from './feature-types.ts'

/**
 * Introspection answers the client that received the token and the resource server that it is for (RFC 7662, 4); for
 * all others no token is active. Public clients get no answer (RFC 7662, 2.1), since anybody could try tokens in their
 * name.
 */
export const introspection = (accounts: Accounts, clock: Clock): Feature<'introspection'> => ({
  async allowedPolicy(ctx, client, token) {
    if (client.clientAuthMethod === 'none') return false
    if (token.clientId !== client.clientId && !audiencesOf(token).includes(client.clientId))
      return false
    // A client that was disabled or removed has no tokens for anybody.
    if (!token.clientId || !(await ctx.oidc.provider.Client.find(token.clientId))) return false
    await addVerifiedClaims(ctx, accounts, clock)
    return true
  },
})

/**
 * Adds verified claims to the answer (OpenID Connect for Identity Assurance 1.0, 5.1): those that userinfo would
 * disclose to the client and that the reader may see too. They are read now, since tokens do not contain them.
 */
async function addVerifiedClaims(
  { oidc: { client: reader, provider, entities } }: KoaContextWithOIDC,
  accounts: Accounts,
  clock: Clock,
): Promise<void> {
  const { AccessToken: token, Grant: grant } = entities
  const { accountId, clientId, scope = '', claims } = token ?? {}
  if (!token || !reader || !grant || !accountId || !clientId) return
  const client = await provider.Client.find(clientId)
  const account = await accounts.findById(accountId)
  if (!client || !account) return
  const asked = { scope, verified_claims: claims?.userinfo?.['verified_claims'] }
  const verified = disclosedVerifiedClaims(account, asked, { client, reader, grant }, clock())
  if (verified) addToIntrospection(token, { verified_claims: verified })
}

const audiencesOf = (token: object): readonly unknown[] =>
  'aud' in token ? [token.aud].flat() : []
