import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Counters } from '../../ports/counters.ts'

/** Counts the people who arrive at each client. `prompt=none` only renews what a browser has already. */
export function countClientSignIns(
  provider: Provider,
  { counters }: { readonly counters: Pick<Counters, 'add'> },
): void {
  provider.on('authorization.success', ({ oidc }: KoaContextWithOIDC) => {
    const client = oidc.client?.clientId
    if (client && !oidc.prompts.has('none')) counters.add('client-sign-ins', { client })
  })
}
