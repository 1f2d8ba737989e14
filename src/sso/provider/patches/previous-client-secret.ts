import type { Client, Provider } from 'oidc-provider'
import type { Clock } from '../../../ports/clock.ts'
import type { Clients } from '../../../ports/sso/clients.ts'
import { isSameSecret } from '../../../web/http/same-secret.ts'

/**
 * While a secret is rotated a client authenticates by either; the old one ends by itself. oidc-provider knows one only,
 * so the store is asked, which by then has the client at hand.
 */
export function takeBothSecrets(provider: Provider, clients: Clients, clock: Clock): void {
  provider.Client.prototype.compareClientSecret = async function (this: Client, given: string) {
    const known = await clients.find(this.clientId)
    const { secret, until = 0 } = known?.previousSecret ?? {}
    // Both are compared whatever the first one says, so that time tells nothing.
    const isPresent = isEqual(known?.metadata.client_secret, given)
    const isPrevious = isEqual(secret, given) && clock() < until
    return isPresent || isPrevious
  }
}

const isEqual = (secret: string | undefined, given: string): boolean =>
  isSameSecret(secret ?? '', given) && secret !== undefined
