import { createHash } from 'node:crypto'
import type { ClientMetadata } from '../../../../config/client-metadata.ts'
import type { MessageCode } from '../../../../config/messages.ts'
import type { Clock } from '../../../ports/clock.ts'
import type {
  ClientEvent,
  ClientMatter,
  ClientProblem,
  GivenMetadata,
  ManagedClient,
} from '../../../ports/operators/managed-clients.ts'
import type { Clients, StoredClient } from '../../../ports/sso/clients.ts'
import { hasReservedPower } from './client-power.ts'
import type { ProviderProblem } from './prepare-metadata.ts'

export type ClientActionPorts = {
  readonly clients: Clients
  readonly clock: Clock
  /** How long a replaced secret stays valid, in seconds. */
  readonly keepSecret: number
  /** ADMIN_ORIGIN, a resource that the console gives to no client. */
  readonly adminOrigin: string
  readonly providerProblem: ProviderProblem
}

/** The plan of an action, which is carried out at once or after a review. */
export type PlannedMatter<Matter extends ClientMatter> =
  | { readonly problems: readonly ClientProblem[] }
  | { readonly matter: Matter; readonly isReviewed: boolean }

/** A client as operators see it. */
export function managedClient(
  { metadata, owner, file, disabled, previousSecret, revision }: StoredClient,
  { adminOrigin, clock }: Pick<ClientActionPorts, 'adminOrigin' | 'clock'>,
): ManagedClient {
  const { client_id: id, client_name: name = id } = metadata
  const until = previousSecret?.until ?? 0
  const changedOnlyBy =
    owner !== 'command' ? owner : hasReservedPower(metadata, adminOrigin) ? 'command' : undefined
  return {
    ...{ id, name, owner, isDisabled: disabled, metadata: withoutSecret(metadata) },
    ...(file && { file }),
    hasSecret: metadata.client_secret !== undefined,
    ...(until > clock() && { previousSecretUntil: until }),
    version: createHash('sha256').update(revision).digest('base64url'),
    ...(changedOnlyBy && { changedOnlyBy }),
  }
}

/**
 * Lets an action change the metadata or the secret of a client that the console may change and that is still the version
 * that the operator saw.
 */
export async function changing<Result>(
  id: string,
  seen: string | undefined,
  ports: ClientActionPorts,
  change: (known: StoredClient) => Promise<Result>,
): Promise<Result | { readonly problems: readonly ClientProblem[] }> {
  const known = await ports.clients.findAny(id)
  if (!known) return problem('form', 'clients.gone')
  const { version, changedOnlyBy } = managedClient(known, ports)
  if (changedOnlyBy) return problem('form', `clients.changedOnlyBy.${changedOnlyBy}`)
  return seen === undefined || seen === version ? change(known) : overtaken
}

export const problem = (
  field: string,
  code: MessageCode,
  params: ClientProblem['params'] = {},
): { readonly problems: readonly ClientProblem[] } => ({ problems: [{ field, code, params }] })

export function withoutSecret({ client_secret: _, ...others }: ClientMetadata): GivenMetadata {
  return others
}

/** Secrets are generated, never given. */
export const givenSecretProblems = (given: GivenMetadata): readonly ClientProblem[] =>
  given['client_secret'] === undefined
    ? []
    : problem('client_secret', 'clients.secretIsMade').problems

/** Another operator, or a command, changed the client first. */
export const overtaken = problem('form', 'clients.overtaken')

export const event = (
  what: ClientEvent['what'],
  clientId: string,
  detail?: string,
): { readonly event: ClientEvent } => ({ event: { what, clientId, ...(detail && { detail }) } })
