import { notRepeated, type Once } from '../../../ports/idempotent-requests.ts'
import type { ClientMatter, ClientResult } from '../../../ports/operators/managed-clients.ts'
import type { StoredClient } from '../../../ports/sso/clients.ts'
import {
  type ClientActionPorts,
  changing,
  event,
  overtaken,
  type PlannedMatter,
  problem,
} from './client-action.ts'
import { newSecret } from './prepare-metadata.ts'

type Rotation = Extract<ClientMatter, { action: 'rotate-secret' }>

/** 更换密钥. The secret of a first-party client takes two persons, as its other keys do. */
export async function rotateSecret(
  id: string,
  seen: string | undefined,
  ports: ClientActionPorts,
  once: Once = notRepeated,
): Promise<ClientResult> {
  const plan = await once(() => planRotation(id, seen, ports))
  if ('problems' in plan) return plan
  const { matter, isReviewed } = plan
  if (isReviewed) return { review: { kind: 'client-power', payload: matter } }
  return rotateAsPlanned(matter, ports)
}

const planRotation = (
  id: string,
  seen: string | undefined,
  ports: ClientActionPorts,
): Promise<PlannedMatter<Rotation>> =>
  changing(id, seen, ports, async ({ metadata }) => {
    const { client_secret: old, token_endpoint_auth_method: method, first_party } = metadata
    if (!old) return problem('form', 'clients.noSecret', { method })
    const matter = { action: 'rotate-secret', id, secret: newSecret() } as const
    return { matter, isReviewed: first_party === true }
  })

/** Makes the secret that was planned or approved the present one. Repeated, it changes nothing more. */
export const rotateAsPlanned = (
  { id, secret }: Rotation,
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
