import type { ClientMatter, ClientResult } from '../../../ports/operators/managed-clients.ts'
import type { StoredClient } from '../../../ports/sso/clients.ts'
import { type ClientActionPorts, changing, event, overtaken, problem } from './client-action.ts'
import { newSecret } from './prepare-metadata.ts'

/** 更换密钥. The secret of a first-party client takes two persons, as its other keys do. */
export const rotateSecret = (
  id: string,
  seen: string | undefined,
  ports: ClientActionPorts,
): Promise<ClientResult> =>
  changing(id, seen, ports, async (known) => {
    const { client_secret: old, token_endpoint_auth_method: method } = known.metadata
    if (!old) return problem('form', 'clients.noSecret', { method })
    const secret = newSecret()
    if (!known.metadata.first_party) return replaceSecret(known, secret, ports)
    const payload = { action: 'rotate-secret', id, secret } as const
    return { review: { kind: 'client-power', payload } }
  })

export const rotateAsApproved = (
  { id, secret }: Extract<ClientMatter, { action: 'rotate-secret' }>,
  ports: ClientActionPorts,
): Promise<ClientResult> =>
  changing(id, undefined, ports, async (known) => {
    const { client_secret: present } = known.metadata
    if (!present) return overtaken
    // The process died after the change: it is done.
    if (present === secret) return { ...event('client-secret-rotated', id), secret }
    return replaceSecret(known, secret, ports)
  })

/** The old secret stays valid for `keepSecret` seconds; with 0 it ends at once. */
export async function replaceSecret(
  known: StoredClient,
  secret: string,
  { clients, clock, keepSecret }: Pick<ClientActionPorts, 'clients' | 'clock' | 'keepSecret'>,
): Promise<Exclude<ClientResult, { readonly review: unknown }>> {
  const { client_id: id, client_secret: old = '' } = known.metadata
  const until = clock() + keepSecret * 1000
  const metadata = { ...known.metadata, client_secret: secret }
  const previous = keepSecret ? { secret: old, until } : undefined
  if (!(await clients.replace(known, metadata, previous))) return overtaken
  return {
    ...{ ...event('client-secret-rotated', id), secret },
    ...(previous && { previousSecretUntil: until }),
  }
}
