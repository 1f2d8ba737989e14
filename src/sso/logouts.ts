import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Provider, Session } from 'oidc-provider'
import type { OidcStorage } from '../ports/oidc-storage.ts'
import type { DoTask, TaskOf, Tasks } from '../ports/tasks.ts'
import type { CurrentProvider } from './current-provider.ts'

type Message = TaskOf<'logout'>
/** oidc-provider's own, which it documents as little as it hides them. */
type Messenger = Record<
  'backchannelLogout' | 'deliverLogout',
  (this: Client, sub: string, sid?: string) => Promise<void>
>

/** Deliveries are remembered so long, for the page that waits for them; in seconds. */
const remembered = 60

/**
 * Back-channel logout by the durable queue: where oidc-provider would call the relying parties itself and forget
 * those that are down, its messages are collected and put into the queue in one insert, before the session changes.
 * What the person ended stays ended, also for requests under way.
 */
export function queueLogouts(provider: Provider, storage: OidcStorage, tasks: Tasks): Provider {
  const messenger = provider.Client.prototype as unknown as Messenger
  messenger.deliverLogout = messenger.backchannelLogout
  messenger.backchannelLogout = async () => {}

  const collected = new WeakMap<object, Message[]>()
  provider.on('backchannel.success', ({ oidc: { session } }, { clientId }, accountId, sid) => {
    if (!session) return
    const message: Message = { kind: 'logout', clientId, accountId, sid }
    collected.set(session, [...(collected.get(session) ?? []), message])
  })
  async function enqueue(session: Session): Promise<void> {
    const messages = collected.get(session)
    if (!messages) return
    collected.delete(session)
    await tasks.add(messages)
    sent.set(session, messages)
  }

  const { save, destroy } = provider.Session.prototype
  Object.assign(provider.Session.prototype, {
    async save(this: Session, ttl: number) {
      await enqueue(this)
      return save.call(this, ttl)
    },
    async destroy(this: Session) {
      await enqueue(this)
      if (this.accountId) await storage.endSession(this.accountId, this.uid)
      return destroy.call(this)
    },
  })
  return provider
}

/** What was put into the queue for a session that a request signed out of. */
const sent = new WeakMap<object, readonly Message[]>()

/** Tells a business system (OpenID Connect Back-Channel Logout 1.0, 2.5); one that is gone needs not be told. */
export const sendLogoutToken =
  (current: CurrentProvider, storage: OidcStorage): DoTask<'logout'> =>
  async (message) => {
    const client = await current().Client.find(message.clientId)
    if (!client?.backchannelLogoutUri) return true
    const { accountId, sid } = message
    try {
      await (client as unknown as Messenger).deliverLogout.call(client, accountId, sid)
    } catch {
      // Down, slow, or it refuses: all of that may pass.
      return false
    }
    if (sid) await storage.of(delivery).upsert(nameOf(message), {}, remembered)
    return true
  }

/**
 * The clients that were not reached within `patience` ms of those that a session's end is told to. Deliveries are
 * looked up in the store, since any process may have made them.
 */
export async function unreachedBy(
  session: Session,
  storage: OidcStorage,
  patience: number,
): Promise<readonly string[]> {
  let waiting = sent.get(session) ?? []
  for (let waited = 0; waiting.length && waited < patience; waited += step) {
    await sleep(step)
    const found = await Promise.all(
      waiting.map((message) => storage.of(delivery).find(nameOf(message))),
    )
    waiting = waiting.filter((_, at) => !found[at])
  }
  return waiting.map(({ clientId }) => clientId)
}

const delivery = 'LogoutDelivery'
const nameOf = ({ clientId, sid }: Message) => JSON.stringify([clientId, sid])
const step = 100
