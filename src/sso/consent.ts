import type { Interaction, Provider } from 'oidc-provider'
import { scopes as knownScopes } from '../../config/oidc.ts'
import { claimsOfScopes } from './claims.ts'

/** What an authorization request asks for. */
type Asked = { readonly scopes: readonly string[]; readonly claims: readonly string[] }

/** What a client would be given, claim by claim, and whether it goes on when the person is away. */
export function givenTo(interaction: Interaction, allowedScopes: string | undefined): string[] {
  const { scopes, claims } = askedBy(interaction)
  const allowed = claimsOfScopes(allowedScopes)
  const given = new Set([...claimsOfScopes(scopes.join(' ')), ...claims])
  const away = scopes.filter((scope) => scope === 'offline_access')
  return [...[...given].filter((claim) => allowed.has(claim)), ...away]
}

/** Remembers that the person agreed, and returns the id of that grant. */
export async function agree(interaction: Interaction, provider: Provider): Promise<string> {
  const { grantId, session, params } = interaction
  const present = grantId ? await provider.Grant.find(grantId) : undefined
  const grant =
    present ??
    new provider.Grant({
      clientId: String(params['client_id']),
      ...(session && { accountId: session.accountId }),
    })
  const { scopes, claims } = askedBy(interaction)
  grant.addOIDCScope(scopes.join(' '))
  grant.addOIDCClaims([...claims])
  return grant.save()
}

function askedBy({ params, prompt }: Interaction): Asked {
  const words = String(params['scope'] ?? '').split(' ')
  const { missingOIDCClaims } = prompt.details
  return {
    scopes: knownScopes.filter((scope) => words.includes(scope)),
    claims: Array.isArray(missingOIDCClaims) ? missingOIDCClaims : [],
  }
}
