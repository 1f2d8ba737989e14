import type { Client, Grant, Interaction, Provider } from 'oidc-provider'
import { scopes as knownScopes, optionalScopes } from '../../../config/oidc.ts'
import { signedInBy } from '../sessions/account-version.ts'
import { nameClient } from './grant-client-names.ts'
import {
  type RequestedClaim,
  requestedClaims,
  requestedVerifiedClaims,
} from './requested-claims.ts'
import { scopesIn } from './verified-claims/allowed-claims.ts'

/** One thing that would be given: a claim, or `offline_access`; or how the verified ones were verified. */
export type Item = Pick<RequestedClaim, 'name' | 'purpose'>

/** What the person may keep from the system and use it all the same: a scope, or a claim that it asked for singly. */
export type Choice = { readonly id: string; readonly items: readonly Item[] }

export type Consent = { readonly items: readonly Item[]; readonly choices: readonly Choice[] }

/**
 * What a request would give, and what of it can be withheld: the scopes of `optionalScopes`, and claims that the
 * `claims` parameter doesn't call essential (Core, 5.5.1).
 */
export function requestedConsent({ params }: Interaction, client: Client): Consent {
  const asked = requestedClaims(params, client)
  const ids = [...new Set(asked.flatMap((claim) => choiceOf(claim) ?? []))]
  const away = scopesIn(params['scope']).filter((scope) => scope === 'offline_access')
  const awayItems = away.map((name) => ({ name }))
  return {
    items: [...withHow(asked), ...awayItems],
    choices: [
      ...ids.map((id) => ({ id, items: asked.filter((claim) => choiceOf(claim) === id) })),
      ...awayItems.map((item) => ({ id: item.name, items: [item] })),
    ],
  }
}

/** Who gets anything verified is told which bank confirmed it and when. */
const withHow = (items: readonly Item[]): readonly Item[] =>
  items.some(({ name }) => name.startsWith('verified_claims'))
    ? [...items, { name: 'verified_claims' }]
    : items

/** To which choice a claim belongs; undefined where it can't be refused singly. */
function choiceOf({ name, scope, essential }: RequestedClaim): string | undefined {
  if (essential) return undefined
  if (!scope) return name
  return isOptional(scope) ? scope : undefined
}

const isOptional = (scope: string) => optionalScopes.some((optional) => optional === scope)

/** The resource servers that the system would reach in the person's name, and with which scopes. */
export const missingResources = ({ prompt }: Interaction) =>
  (prompt.details['missingResourceScopes'] ?? {}) as Readonly<Record<string, readonly string[]>>

/** The choices that the person has kept from the system before. */
export async function withheldEarlier(
  { grantId }: Interaction,
  choices: readonly Choice[],
  provider: Provider,
): Promise<readonly string[]> {
  const grant = grantId ? await provider.Grant.find(grantId) : undefined
  const kept = grant
    ? [...scopesIn(grant.getRejectedOIDCScope()), ...grant.getRejectedOIDCClaims()]
    : []
  return choices.map(({ id }) => id).filter((id) => kept.includes(id))
}

/**
 * Remembers what the person agreed to, and the choices they withheld, so that these aren't asked for again. Returns
 * the id of that grant.
 */
export async function saveConsent(
  interaction: Interaction,
  client: Client,
  withheld: readonly string[],
  provider: Provider,
): Promise<string> {
  const { grantId, session, params, prompt } = interaction
  const present = grantId ? await provider.Grant.find(grantId) : undefined
  const grant = present ?? (await newGrant(client, session, provider))
  const left = requestedConsent(interaction, client).choices.filter(({ id }) =>
    withheld.includes(id),
  )
  const { missingOIDCClaims } = prompt.details
  for (const [resource, scope] of Object.entries(missingResources(interaction)))
    grant.addResourceScope(resource, [...scope])
  const scopes = scopesIn(params['scope']).filter((word) => knownScopes.some((one) => one === word))
  const claims = [
    ...(Array.isArray(missingOIDCClaims) ? missingOIDCClaims : []),
    ...requestedVerifiedClaims(params, client),
  ]
  nameClient(grant, client)
  grant.addOIDCScope([...scopes])
  grant.addOIDCClaims(claims)
  refuse(grant, { scopes, claims: requestedClaims(params, client).map(({ name }) => name) }, left)
  return grant.save()
}

async function newGrant(client: Client, { accountId, uid }: Whose = {}, provider: Provider) {
  const session = uid ? await provider.Session.findByUid(uid) : undefined
  const grant = new provider.Grant({ clientId: client.clientId, ...(accountId && { accountId }) })
  return session ? Object.assign(grant, { signIn: signedInBy(session) }) : grant
}

type Whose = { readonly accountId?: string; readonly uid?: string }

/** Of what was asked for now, exactly these choices are refused; what was refused of other things stays so. */
function refuse(
  grant: Grant,
  asked: { readonly scopes: readonly string[]; readonly claims: readonly string[] },
  left: readonly Choice[],
): void {
  const ids = left.map(({ id }) => id)
  const before = {
    scopes: scopesIn(grant.getRejectedOIDCScope()).filter((one) => !asked.scopes.includes(one)),
    claims: grant.getRejectedOIDCClaims().filter((one) => !asked.claims.includes(one)),
  }
  grant.rejected = undefined
  const scopes = [...before.scopes, ...ids.filter((id) => asked.scopes.includes(id))]
  const claims = [
    ...before.claims,
    ...left.flatMap(({ id, items }) =>
      // The plain claims of a scope go with it; others may bring the same.
      items.map(({ name }) => name).filter((name) => name === id || name.includes('.')),
    ),
  ].filter((name) => name !== 'offline_access')
  if (scopes.length) grant.rejectOIDCScope(scopes)
  if (claims.length) grant.rejectOIDCClaims(claims)
}
