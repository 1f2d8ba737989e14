import type { AdapterPayload } from 'oidc-provider'
import type { AccountSession, AccountSessions } from '../../ports/sso/account-sessions.ts'
import type { EventQueue } from '../../ports/sso/event-queue.ts'
import type { GrantRecord, OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { TaskOf, Tasks } from '../../ports/tasks.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { sessionOfGrant, type VerifiedSession, verifiedSession } from './account-version.ts'
import { authorisedClients, lastKnownName } from './authorised-clients.ts'
import { addSessionEvents } from './session-events.ts'
import type { SessionUse } from './session-use.ts'

type Message = TaskOf<'logout'>

/**
 * Reads and ends the sessions of accounts in the provider's own records. The messages of a session are queued before it
 * ends: after a crash in between nobody would know its clients. Grants end last, so that a repeated call still knows theirs.
 */
export function accountSessions(
  current: CurrentProvider,
  storage: OidcStorage,
  tasks: Tasks,
  eventQueue: Pick<EventQueue, 'add'>,
): AccountSessions {
  const clientOf = (id: string) => current().Client.find(id)
  const nameOf = async (id: string) => clientLinkOf(await clientOf(id))?.name

  async function accountSession(
    session: AdapterPayload,
    grants: readonly GrantRecord[],
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

  /**
   * Queues logout messages and events for the clients that accept them. A client that does not distinguish sessions gets one
   * message.
   */
  async function queueMessages(accountId: string, messages: readonly Message[]): Promise<void> {
    await addSessionEvents(eventQueue, accountId, messages)
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
      const listed = await Promise.all(sessions.map((session) => accountSession(session, grants)))
      return listed.sort((one, other) => other.usedAt - one.usedAt)
    },

    async end(accountId, id) {
      const session = (await storage.sessionsOf(accountId)).find(({ uid }) => uid === id)
      if (!session) return false
      await queueMessages(accountId, messagesOf(accountId, session))
      await storage.endSession(accountId, id)
      await storage.endGrants(accountId, grantsOf(session))
      return true
    },

    async endAll(accountId, { except, since = Number.POSITIVE_INFINITY } = {}) {
      const isKept = ({ session, version = 0 }: VerifiedSession) =>
        session === except || version >= since
      const sessions = await storage.sessionsOf(accountId)
      const isKeptSession = (session: AdapterPayload) => isKept(verifiedSession(session))
      const kept = sessions.filter(isKeptSession)
      const ended = sessions.filter((session) => !isKeptSession(session))
      const messages = ended.flatMap((session) => messagesOf(accountId, session))
      await queueMessages(accountId, messages)
      for (const { uid = '' } of ended) await storage.endSession(accountId, uid)
      // A concurrent sign-in creates grants too, and may not have stored its session yet.
      const grants = (await storage.grantsOf(accountId))
        .filter(({ ended: over }) => !over)
        .map(({ payload }) => payload)
        .filter(({ jti = '' }) => !kept.flatMap(grantsOf).includes(jti))
        .filter((grant) => !isKept(sessionOfGrant(grant)))
      // The session here may have ended while the client's own session continues.
      const elsewhere = grants
        .map(({ clientId = '' }) => clientId)
        .filter((id) => ![...kept, ...ended].flatMap(clientsOf).includes(id))
        .map((clientId): Message => ({ kind: 'logout', accountId, clientId }))
      await queueMessages(accountId, elsewhere)
      await storage.endGrants(
        accountId,
        grants.map(({ jti = '' }) => jti),
      )
    },

    authorisedClients: (accountId) => authorisedClients(accountId, current(), storage),

    forget: (accountId) => storage.forgetGrants(accountId),

    async withdraw(accountId, clientId) {
      const sessions = await storage.sessionsOf(accountId)
      const messages = sessions.flatMap((session) => messagesOf(accountId, session))
      await queueMessages(
        accountId,
        messages.filter((message) => message.clientId === clientId),
      )
      await storage.forgetGrants(accountId, clientId)
    },
  }
}

const clientsOf = (session: AdapterPayload) => Object.keys(session.authorizations ?? {})
const grantsOf = (session: AdapterPayload) =>
  Object.values(session.authorizations ?? {}).flatMap(({ grantId }) => grantId ?? [])

/** A logout message for each client that the session was used at. */
export const messagesOf = (
  accountId: string,
  session: Pick<AdapterPayload, 'authorizations'>,
): Message[] =>
  Object.entries(session.authorizations ?? {}).map(([clientId, { sid }]) => ({
    kind: 'logout',
    accountId,
    clientId,
    ...(sid && { sid }),
  }))
