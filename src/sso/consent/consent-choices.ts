import type { Client, Grant, Interaction, Provider } from 'oidc-provider'
import { scopes as knownScopes, optionalScopes } from '../../../config/oidc.ts'
import { verifiedSession } from '../sessions/account-version.ts'
import { noteClientName } from './grant-client-names.ts'
import {
  type RequestedClaim,
  requestedClaims,
  requestedVerifiedClaims,
} from './requested-claims.ts'
import { scopesIn } from './verified-claims/allowed-verified-claims.ts'

/** A claim that would be disclosed, `offline_access`, or how the verified claims were verified. */
export type ConsentItem = Pick<RequestedClaim, 'name' | 'purpose'>

/** A scope or a single claim that the person can withhold without losing access to the client. */
export type Choice = { readonly id: string; readonly items: readonly ConsentItem[] }

export type Consent = {
  readonly items: readonly ConsentItem[]
  readonly choices: readonly Choice[]
}

/**
 * The claims that a request asks for, and the choices that can be withheld: the scopes of `optionalScopes`, and claims
 * that the `claims` parameter does not mark as essential (OpenID Connect Core 1.0, 5.5.1).
 */
export function requestedConsent({ params }: Interaction, client: Client): Consent {
  const asked = requestedClaims(params, client)
  const ids = [...new Set(asked.flatMap((claim) => choiceOf(claim) ?? []))]
  const away = scopesIn(params['scope']).filter((scope) => scope === 'offline_access')
  const awayItems = away.map((name) => ({ name }))
  return {
    items: [...withVerification(asked), ...awayItems],
    choices: [
      ...ids.map((id) => ({ id, items: asked.filter((claim) => choiceOf(claim) === id) })),
      ...awayItems.map((item) => ({ id: item.name, items: [item] })),
    ],
  }
}

/** A client that gets a verified claim also learns which bank confirmed it and when. */
const withVerification = (items: readonly ConsentItem[]): readonly ConsentItem[] =>
  items.some(({ name }) => name.startsWith('verified_claims'))
    ? [...items, { name: 'verified_claims' }]
    : items

/** The choice that a claim belongs to; undefined if it cannot be withheld. */
function choiceOf({ name, scope, essential }: RequestedClaim): string | undefined {
  if (essential) return undefined
  if (!scope) return name
  return isOptional(scope) ? scope : undefined
}

const isOptional = (scope: string) => optionalScopes.some((optional) => optional === scope)

/** The resource servers that the client would use in the person's name, with their scopes. */
export const missingResources = ({ prompt }: Interaction) =>
  (prompt.details['missingResourceScopes'] ?? {}) as Readonly<Record<string, readonly string[]>>

/** The choices that the person withheld from this client earlier. */
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
 * Stores the consent and the withheld choices, so that the person is not asked again.
 * @returns the id of the grant
 */
export async function saveConsent(
  interaction: Interaction,
  client: Client,
  withheld: readonly string[],
  provider: Provider,
): Promise<string> {
  const { grantId, session, params, prompt } = interaction
  const present = grantId ? await provider.Grant.find(grantId) : undefined
  const grant = present ?? (await newConsentGrant(client, session, provider))
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
  noteClientName(grant, client)
  grant.addOIDCScope([...scopes])
  grant.addOIDCClaims(claims)
  rejectChoices(
    grant,
    { scopes, claims: requestedClaims(params, client).map(({ name }) => name) },
    left,
  )
  return grant.save()
}

async function newConsentGrant(
  client: Client,
  { accountId, uid }: SessionOfInteraction = {},
  provider: Provider,
) {
  const session = uid ? await provider.Session.findByUid(uid) : undefined
  const grant = new provider.Grant({ clientId: client.clientId, ...(accountId && { accountId }) })
  return session ? Object.assign(grant, { signIn: verifiedSession(session) }) : grant
}

type SessionOfInteraction = { readonly accountId?: string; readonly uid?: string }

/** Withholds exactly these choices of the present request. Choices that the request does not name stay as they were. */
function rejectChoices(
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
      // A rejected scope covers its plain claims already, and another scope may disclose the same claims.
      items.map(({ name }) => name).filter((name) => name === id || name.includes('.')),
    ),
  ].filter((name) => name !== 'offline_access')
  if (scopes.length) grant.rejectOIDCScope(scopes)
  if (claims.length) grant.rejectOIDCClaims(claims)
}
