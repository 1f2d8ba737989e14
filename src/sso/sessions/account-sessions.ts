import type { AdapterPayload, Client } from 'oidc-provider'
import { scopes as knownScopes } from '../../../config/oidc.ts'
import type {
  AccountSession,
  AccountSessions,
  AuthorisedClient,
} from '../../ports/sso/account-sessions.ts'
import type { OidcStorage, RememberedGrant } from '../../ports/sso/oidc-storage.ts'
import type { TaskOf, Tasks } from '../../ports/tasks.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import { claimsOfScopes } from '../consent/claim-values.ts'
import { clientNameOf } from '../consent/grant-client-names.ts'
import { scopesIn } from '../consent/verified-claims/allowed-claims.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { accountClientId } from '../login/account-login.ts'
import { type SignedInBy, signedInBy, signInOfGrant } from './account-version.ts'
import type { SessionUse } from './session-use.ts'

type Message = TaskOf<'logout'>

/**
 * Reads and ends the sessions of accounts in the provider's own records. Sessions end first, then the logout messages
 * are queued, then the grants end: after a crash in between, a repeated call still knows which clients to notify.
 */
export function accountSessions(
  current: CurrentProvider,
  storage: OidcStorage,
  tasks: Tasks,
): AccountSessions {
  const clientOf = (id: string) => current().Client.find(id)
  const nameOf = async (id: string) => clientLinkOf(await clientOf(id))?.name

  async function toSignIn(
    session: AdapterPayload,
    grants: readonly RememberedGrant[],
  ): Promise<AccountSession> {
    const names = await Promise.all(
      clientsOf(session).map(async (id) => (await nameOf(id)) ?? lastKnownName(grants, id)),
    )
    const { device, address, at } = (session['used'] ?? { address: '', at: 0 }) as SessionUse
    const signedInAt = (session.loginTs ?? 0) * 1000
    return {
      id: session.uid ?? '',
      ...(device && { device }),
      address,
      signedInAt,
      usedAt: Math.max(at, signedInAt),
      systems: names.flatMap((name) => name ?? []),
    }
  }

  /** Queues messages for the clients that accept them. A client that does not distinguish sessions gets one message. */
  async function tell(messages: readonly Message[]): Promise<void> {
    const wanted = new Map<string, Message>()
    for (const message of messages) {
      const client = await clientOf(message.clientId)
      if (!client?.backchannelLogoutUri) continue
      const apart = client.backchannelLogoutSessionRequired ? message.sid : undefined
      wanted.set(JSON.stringify([message.clientId, apart]), message)
    }
    await tasks.add([...wanted.values()])
  }

  return {
    async list(accountId) {
      const grants = await storage.grantsOf(accountId)
      const sessions = await storage.sessionsOf(accountId)
      const listed = await Promise.all(sessions.map((session) => toSignIn(session, grants)))
      return listed.sort((one, other) => other.usedAt - one.usedAt)
    },

    async end(accountId, id) {
      const session = (await storage.sessionsOf(accountId)).find(({ uid }) => uid === id)
      if (!session) return false
      await storage.endSession(accountId, id)
      await tell(messagesOf(accountId, session))
      await storage.endGrants(accountId, grantsOf(session))
      return true
    },

    async endAll(accountId, { except, since = Number.POSITIVE_INFINITY } = {}) {
      const isKept = ({ session, version = 0 }: SignedInBy) =>
        session === except || version >= since
      const sessions = await storage.sessionsOf(accountId)
      const isKeptSession = (session: AdapterPayload) => isKept(signedInBy(session))
      const kept = sessions.filter(isKeptSession)
      const ended = sessions.filter((session) => !isKeptSession(session))
      for (const { uid = '' } of ended) await storage.endSession(accountId, uid)
      const messages = ended.flatMap((session) => messagesOf(accountId, session))
      // A concurrent sign-in creates grants too, and may not have stored its session yet.
      const grants = (await storage.grantsOf(accountId))
        .filter(({ ended: over }) => !over)
        .map(({ payload }) => payload)
        .filter(({ jti = '' }) => !kept.flatMap(grantsOf).includes(jti))
        .filter((grant) => !isKept(signInOfGrant(grant)))
      // The session here may have ended while the client's own session continues.
      const elsewhere = grants
        .map(({ clientId = '' }) => clientId)
        .filter((id) => ![...kept, ...ended].flatMap(clientsOf).includes(id))
        .map((clientId): Message => ({ kind: 'logout', accountId, clientId }))
      await tell([...messages, ...elsewhere])
      await storage.endGrants(
        accountId,
        grants.map(({ jti = '' }) => jti),
      )
    },

    async authorisedClients(accountId) {
      const grants = await storage.grantsOf(accountId)
      const clientIds = new Set(grants.map(({ payload }) => payload.clientId ?? ''))
      const ids = [...clientIds].filter((id) => id !== accountClientId)
      return Promise.all(
        ids.map(async (id) => {
          const own = grants.filter(({ payload }) => payload.clientId === id)
          const resources = await Promise.all(
            resourcesOf(own).map(async (resource) => (await nameOf(resource)) ?? resource),
          )
          return { ...authorisedClient(id, await clientOf(id), own), resources }
        }),
      )
    },

    forget: (accountId) => storage.forgetGrants(accountId),

    async withdraw(accountId, clientId) {
      const sessions = await storage.sessionsOf(accountId)
      await storage.forgetGrants(accountId, clientId)
      const messages = sessions.flatMap((session) => messagesOf(accountId, session))
      await tell(messages.filter((message) => message.clientId === clientId))
    },
  }
}

const clientsOf = (session: AdapterPayload) => Object.keys(session.authorizations ?? {})
const grantsOf = (session: AdapterPayload) =>
  Object.values(session.authorizations ?? {}).flatMap(({ grantId }) => grantId ?? [])
const messagesOf = (accountId: string, session: AdapterPayload): Message[] =>
  Object.entries(session.authorizations ?? {}).map(([clientId, { sid }]) => ({
    kind: 'logout',
    accountId,
    clientId,
    ...(sid && { sid }),
  }))

function authorisedClient(
  clientId: string,
  client: Client | undefined,
  grants: readonly RememberedGrant[],
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
    given: [...new Set(given)].filter((name) => isTold(name, client)),
    since: Math.min(...grants.map(({ payload }) => payload.iat ?? 0)) * 1000,
  }
}

/** The name of a removed client, from the grant that was stored last. */
const lastKnownName = (grants: readonly RememberedGrant[], clientId: string): string | undefined =>
  grants
    .filter(({ payload }) => payload.clientId === clientId)
    .flatMap(({ payload }) => clientNameOf(payload) ?? [])
    .at(-1)

/**
 * A grant also names claims about the sign-in (`acr` …) and claims beyond the client's metadata; neither is disclosed.
 */
const isTold = (name: string, client: Client | undefined): boolean =>
  claimsOfScopes(client?.scope ?? knownScopes.join(' ')).has(name) ||
  name.startsWith('verified_claims.') ||
  name === 'offline_access'

const resourcesOf = (grants: readonly RememberedGrant[]) => [
  ...new Set(grants.flatMap(({ payload }) => Object.keys(payload['resources'] ?? {}))),
]

type Agreement = { readonly scope?: string; readonly claims?: readonly string[] }

/** The scopes and claims that the person allowed, without the withheld ones; verified claims are listed one by one. */
function consentIn({ payload }: RememberedGrant) {
  const { openid = {}, rejected = {} } = payload as {
    readonly openid?: Agreement
    readonly rejected?: { readonly openid?: Agreement }
  }
  const withheld = rejected.openid ?? {}
  return {
    scopes: without(scopesIn(openid.scope), scopesIn(withheld.scope)),
    claims: without(openid.claims ?? [], withheld.claims ?? []),
  }
}

const without = (all: readonly string[], some: readonly string[]) =>
  all.filter((one) => !some.includes(one))
