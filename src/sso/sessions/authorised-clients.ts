import type { Client, Provider } from 'oidc-provider'
import { scopes as knownScopes } from '../../../config/oidc.ts'
import type { AuthorisedClient } from '../../ports/sso/account-sessions.ts'
import type { GrantRecord, OidcStorage } from '../../ports/sso/oidc-storage.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import { claimsOfScopes } from '../consent/claim-values.ts'
import { clientNameOf } from '../consent/grant-client-names.ts'
import { scopesIn } from '../consent/verified-claims/allowed-verified-claims.ts'
import { accountClientId } from '../login/account-login.ts'

/** The clients that a person allowed to learn something, from the grants of the account. */
export async function authorisedClients(
  accountId: string,
  { Client: clients }: Pick<Provider, 'Client'>,
  storage: Pick<OidcStorage, 'grantsOf'>,
): Promise<readonly AuthorisedClient[]> {
  const grants = await storage.grantsOf(accountId)
  const clientIds = new Set(grants.map(({ payload }) => payload.clientId ?? ''))
  const ids = [...clientIds].filter((id) => id !== accountClientId)
  return Promise.all(
    ids.map(async (id) => {
      const own = grants.filter(({ payload }) => payload.clientId === id)
      const resources = await Promise.all(
        resourcesOf(own).map(async (resource) => {
          return clientLinkOf(await clients.find(resource))?.name ?? resource
        }),
      )
      return { ...authorisedClient(id, await clients.find(id), own), resources }
    }),
  )
}

function authorisedClient(
  clientId: string,
  client: Client | undefined,
  grants: readonly GrantRecord[],
): Omit<AuthorisedClient, 'resources'> {
  const given = grants.flatMap((grant): readonly string[] => {
    const { scopes, claims } = consentIn(grant)
    const away = scopes.filter((word) => word === 'offline_access')
    return [...claimsOfScopes(scopes.join(' ')), ...claims, ...away]
  })
  const name = clientLinkOf(client)?.name ?? lastKnownName(grants, clientId)
  return {
    clientId,
    ...(name && { name }),
    firstParty: client?.['first_party'] === true,
    given: [...new Set(given)].filter((name) => isDisclosed(name, client)),
    since: Math.min(...grants.map(({ payload }) => payload.iat ?? 0)) * 1000,
  }
}

/** The name of a removed client, from the grant that was stored last. */
export const lastKnownName = (
  grants: readonly GrantRecord[],
  clientId: string,
): string | undefined =>
  grants
    .filter(({ payload }) => payload.clientId === clientId)
    .flatMap(({ payload }) => clientNameOf(payload) ?? [])
    .at(-1)

/**
 * A grant also names claims about the sign-in (`acr` …) and claims beyond the client's metadata; neither is disclosed.
 */
const isDisclosed = (name: string, client: Client | undefined): boolean =>
  claimsOfScopes(client?.scope ?? knownScopes.join(' ')).has(name) ||
  name.startsWith('verified_claims.') ||
  name === 'offline_access'

const resourcesOf = (grants: readonly GrantRecord[]) => [
  ...new Set(grants.flatMap(({ payload }) => Object.keys(payload['resources'] ?? {}))),
]

type GrantedScopes = { readonly scope?: string; readonly claims?: readonly string[] }

/** The scopes and claims that the person allowed, without the withheld ones; verified claims are listed one by one. */
function consentIn({ payload }: GrantRecord) {
  const { openid = {}, rejected = {} } = payload as {
    readonly openid?: GrantedScopes
    readonly rejected?: { readonly openid?: GrantedScopes }
  }
  const withheld = rejected.openid ?? {}
  return {
    scopes: without(scopesIn(openid.scope), scopesIn(withheld.scope)),
    claims: without(openid.claims ?? [], withheld.claims ?? []),
  }
}

const without = (all: readonly string[], some: readonly string[]) =>
  all.filter((one) => !some.includes(one))
