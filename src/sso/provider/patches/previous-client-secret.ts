import type { Client, Provider } from 'oidc-provider'
import type { Clock } from '../../../ports/clock.ts'
import type { Clients } from '../../../ports/sso/clients.ts'
import { isSameSecret } from '../../../web/http/same-secret.ts'
import { assertSeam } from '../assert-seam.ts'

/**
 * Patches: `compareClientSecret` of Client.
 * Why: while a secret is rotated a client authenticates with either, and the old one ends by itself. oidc-provider knows
 * one secret; the store, which has read the client for this request already, knows both.
 * Shown by: test/sso/client-command.test.ts.
 * On an upgrade: look at lib/models/client.js and at its caller, lib/shared/client_auth.js.
 */
export function acceptPreviousSecret(provider: Provider, clients: Clients, clock: Clock): void {
  const { prototype } = provider.Client
  assertSeam(
    prototype.compareClientSecret?.length === 1,
    'previous-client-secret',
    'Client.compareClientSecret takes the secret of a request',
  )
  prototype.compareClientSecret = async function (this: Client, presented: string) {
    const stored = await clients.find(this.clientId)
    const { secret, until = 0 } = stored?.previousSecret ?? {}
    // Both are compared in any case, so that the time reveals nothing.
    const isPresent = isEqual(stored?.metadata.client_secret, presented)
    const isPrevious = isEqual(secret, presented) && clock() < until
    return isPresent || isPrevious
  }
}

const isEqual = (secret: string | undefined, presented: string): boolean =>
  isSameSecret(secret ?? '', presented) && secret !== undefined
