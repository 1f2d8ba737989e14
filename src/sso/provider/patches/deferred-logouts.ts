import type { Client, Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type Deliver = (this: Client, accountId: string, sid?: string) => Promise<void>
type Clients = Record<'backchannelLogout' | 'deliverLogout', Deliver>

/**
 * Patches: `backchannelLogout` of Client, which sends a logout token.
 * Why: oidc-provider sends the tokens itself while the person waits, and forgets a client that is down. The method does
 * nothing here, so that the event `backchannel.success` names each client that has to be notified; the queue delivers
 * the token later by the original method.
 * Shown by: test/sso/single-logout.test.ts.
 * On an upgrade: look at lib/models/client.js and at its only caller, lib/actions/end_session.js.
 */
export function deferLogouts(provider: Provider): void {
  const clients = provider.Client.prototype as unknown as Clients
  const { backchannelLogout } = clients
  const isDelivery = typeof backchannelLogout === 'function' && backchannelLogout.length === 2
  assertSeam(
    isDelivery,
    'deferred-logouts',
    'Client.backchannelLogout takes an account id and a sid',
  )
  clients.deliverLogout = backchannelLogout
  clients.backchannelLogout = async () => {}
}

/** Sends a logout token (OpenID Connect Back-Channel Logout 1.0, 2.5); rejects unless the client accepts it. */
export const deliverLogout = (client: Client, accountId: string, sid?: string): Promise<void> =>
  (client as unknown as Clients).deliverLogout.call(client, accountId, sid)
