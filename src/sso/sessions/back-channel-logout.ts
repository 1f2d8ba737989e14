import { setTimeout as sleep } from 'node:timers/promises'
import type { AdapterPayload, Client, Provider, Session } from 'oidc-provider'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Clock } from '../../ports/clock.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { TaskHandler, TaskOf, Tasks } from '../../ports/tasks.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { deferLogouts, deliverLogout } from '../provider/patches/deferred-logouts.ts'

type Message = TaskOf<'logout'>
/** The result of a message is stored this long for the page that waits for it, in seconds. */
const resultLifetime = 60

/**
 * Puts the logout messages of a session into the durable queue, in one insert and before the session changes.
 * @returns what to call before a session is saved or removed
 */
export function logoutQueue(provider: Provider, tasks: Tasks): (session: Session) => Promise<void> {
  deferLogouts(provider)
  const collected = new WeakMap<object, Message[]>()
  provider.on('backchannel.success', ({ oidc: { session } }, { clientId }, accountId, sid) => {
    if (!session) return
    const message: Message = { kind: 'logout', clientId, accountId, sid }
    collected.set(session, [...(collected.get(session) ?? []), message])
  })
  return async (session) => {
    const messages = collected.get(session)
    if (!messages) return
    collected.delete(session)
    await tasks.add(messages)
    queuedMessages.set(session, messages)
  }
}

/** The queued messages of a session that this process signed out. */
const queuedMessages = new WeakMap<object, readonly Message[]>()

/**
 * Sends a logout token (OpenID Connect Back-Channel Logout 1.0, 2.5), unless the client has been removed. While a
 * client's logout endpoint fails, only one message at a time probes it, so that the backlog does not delay other
 * clients.
 */
export function sendLogoutToken(
  current: CurrentProvider,
  storage: OidcStorage,
  { clock, policy }: { readonly clock: Clock; readonly policy: Policy['tasks']['logout'] },
): TaskHandler<'logout'> {
  /** The time of the next probe of each failing client, ms since 1970. */
  const nextProbe = new Map<string, number>()
  const delayProbes = (clientId: string) => nextProbe.set(clientId, clock() + policy.rest * 1000)

  async function deliver(client: Client, { accountId, sid }: Message): Promise<boolean> {
    const { clientId } = client
    const mayBeAsked = nextProbe.get(clientId) ?? 0
    if (clock() < mayBeAsked) return false
    if (mayBeAsked) delayProbes(clientId)
    try {
      await deliverLogout(client, accountId, sid)
      nextProbe.delete(clientId)
      return true
    } catch {
      // The client is down, slow, or rejects the token; each of these may pass.
      delayProbes(clientId)
      return false
    }
  }

  return async (message) => {
    const client = await current().Client.find(message.clientId)
    if (!client?.backchannelLogoutUri) return true
    const isDelivered = await deliver(client, message)
    if (message.sid)
      await storage
        .adapterFor(resultModel)
        .upsert(resultKey(message), { told: isDelivered }, resultLifetime)
    return isDelivered
  }
}

/**
 * The clients that were not notified of a logout within `patience` ms. The results are read from the store, since any
 * process may have sent the messages.
 */
export async function unreachedClients(
  session: Session,
  storage: OidcStorage,
  patience: number,
): Promise<readonly string[]> {
  const messages = queuedMessages.get(session) ?? []
  let outcomes: readonly (AdapterPayload | undefined)[] = messages.map(() => undefined)
  for (let waited = 0; outcomes.includes(undefined) && waited < patience; waited += pollInterval) {
    await sleep(pollInterval)
    outcomes = await Promise.all(
      messages.map(
        async (message) =>
          (await storage.adapterFor(resultModel).find(resultKey(message))) || undefined,
      ),
    )
  }
  return messages.flatMap(({ clientId }, at) => (outcomes[at]?.['told'] ? [] : clientId))
}

const resultModel = 'LogoutOutcome'
const resultKey = ({ clientId, sid }: Message) => JSON.stringify([clientId, sid])
const pollInterval = 100
