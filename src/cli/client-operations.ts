import { stringify } from 'yaml'
import type { ClientMetadata } from '../../config/client-metadata.ts'
import { say } from '../../config/messages.ts'
import type { AuditEvent } from '../ports/audit.ts'
import type { Clock } from '../ports/clock.ts'
import type { Clients, StoredClient } from '../ports/sso/clients.ts'
import {
  newClientDefaults,
  newClientId,
  newSecret,
  prepareMetadata,
} from '../sso/clients/actions/prepare-metadata.ts'
import { replaceSecret } from '../sso/clients/actions/rotate-secret.ts'
import { type ClientProblem, problemLine } from '../sso/clients/metadata/check-metadata.ts'
import type { ClientCommand, TypedMetadata } from './client-arguments.ts'
import { Refused } from './operator-command.ts'

export type ClientCommandContext = {
  readonly clients: Clients
  readonly clock: Clock
  /** How long a replaced secret stays valid, in seconds, when the command names no time. */
  readonly keepSecret: number
  /** The reason why the provider rejects metadata. */
  readonly providerProblem: (metadata: ClientMetadata) => Promise<string | undefined>
}

/** The lines to print, and the change for the audit. */
export type ClientCommandResult = {
  readonly lines: readonly string[]
  readonly event?: Pick<AuditEvent, 'what' | 'clientId'>
}

/** Throws `Refused`. */
export function runClientCommand(
  command: ClientCommand,
  context: ClientCommandContext,
): Promise<ClientCommandResult> {
  switch (command.name) {
    case 'list':
      return list(context)
    case 'show':
      return show(command.id, context)
    case 'add':
      return add(command.given, context)
    case 'change':
      return change(command.id, command.given, context)
    case 'rotate-secret':
      return rotate(command.id, command.keep ?? context.keepSecret, context)
    case 'disable':
    case 'enable':
      return setDisabled(command.id, command.name === 'disable', context)
    case 'remove':
      return remove(command.id, context)
  }
}

async function list({ clients }: ClientCommandContext): Promise<ClientCommandResult> {
  const known = await clients.list()
  const width = Math.max(0, ...known.map(({ metadata }) => metadata.client_id.length))
  const line = (client: StoredClient) => {
    const { client_id: id, client_name: name = '' } = client.metadata
    return `${id.padEnd(width)}  ${ownerOf(client)}${client.disabled ? ' (disabled)' : ''}  ${name}`
  }
  return { lines: known.map(line) }
}

async function show(
  id: string,
  { clients, clock }: ClientCommandContext,
): Promise<ClientCommandResult> {
  const known = (await clients.findAny(id)) ?? unknown(id)
  const { client_secret: _, ...metadata } = known.metadata
  const until = known.previousSecret?.until ?? 0
  return {
    lines: [
      `# owner: ${ownerOf(known)}${disabledNote(known)}`,
      ...(until > clock() ? [`# the secret before is good until ${isoDate(until)}`] : []),
      stringify(metadata).trimEnd(),
    ],
  }
}

async function add(
  given: TypedMetadata,
  context: ClientCommandContext,
): Promise<ClientCommandResult> {
  const { clients } = context
  const { metadata, secret } = await checkedMetadata(
    { client_id: newClientId(), ...newClientDefaults, ...given },
    context,
  )
  const id = metadata.client_id
  if ((await clients.add(metadata, 'command')) === 'exists') {
    const known = await clients.findAny(id)
    throw refused(id, [`exists already${known ? ` (${ownerOf(known)})` : ''}`])
  }
  const event = { what: 'client-added', clientId: id } as const
  return { lines: [`client ${id}: added`, ...secretLines(secret)], event }
}

async function change(
  id: string,
  given: TypedMetadata,
  context: ClientCommandContext,
): Promise<ClientCommandResult> {
  const { clients } = context
  const known = await changeableClient(id, clients)
  if ((given['client_id'] ?? id) !== id) throw refused(id, ['client_id: stays as it is'])
  if (given['client_secret'] !== undefined)
    throw refused(id, ['client_secret: rotate-secret changes it'])
  const { metadata, secret } = await checkedMetadata(
    { ...known.metadata, ...given, client_id: id },
    context,
  )
  const previous = metadata.client_secret ? known.previousSecret : undefined
  if (!(await clients.replace(known, metadata, previous))) overtaken(id)
  const event = { what: 'client-changed', clientId: id } as const
  return { lines: [`client ${id}: changed`, ...secretLines(secret)], event }
}

async function rotate(
  id: string,
  keepSecret: number,
  context: ClientCommandContext,
): Promise<ClientCommandResult> {
  const known = await changeableClient(id, context.clients)
  const { client_secret: old, token_endpoint_auth_method: method } = known.metadata
  if (!old) throw refused(id, [`has no secret (${method} needs none)`])
  const result = await replaceSecret(known, newSecret(), { ...context, keepSecret })
  if ('problems' in result) return overtaken(id)
  const { event, secret, previousSecretUntil: until } = result
  const ends = until ? `is good until ${isoDate(until)}` : 'is good no more'
  return { lines: [`client ${id}: the old secret ${ends}`, ...secretLines(secret)], event }
}

async function setDisabled(
  id: string,
  disabled: boolean,
  { clients }: ClientCommandContext,
): Promise<ClientCommandResult> {
  const known = (await clients.findAny(id)) ?? unknown(id)
  refuseFileOwned(known)
  const now = disabled ? 'disabled' : 'enabled'
  if (!(await clients.setDisabled(id, disabled))) throw refused(id, [`can not be ${now} again`])
  return { lines: [`client ${id}: ${now}`], event: { what: `client-${now}`, clientId: id } }
}

async function remove(id: string, { clients }: ClientCommandContext): Promise<ClientCommandResult> {
  const known = (await clients.findAny(id)) ?? unknown(id)
  refuseFileOwned(known)
  if (!(await clients.remove(id))) overtaken(id)
  return { lines: [`client ${id}: removed`], event: { what: 'client-removed', clientId: id } }
}

/** Finds a client that this command may change. Throws `Refused`. */
async function changeableClient(id: string, clients: Clients): Promise<StoredClient> {
  const known = (await clients.findAny(id)) ?? unknown(id)
  refuseFileOwned(known)
  if (known.owner === 'file')
    throw refused(id, [`left ${known.file} and is disabled: put it back there, or remove it`])
  if (known.owner === 'registration')
    throw refused(id, ['registered itself, and changes itself (RFC 7592)'])
  return known
}

function refuseFileOwned({ metadata, owner, file, disabled }: StoredClient): void {
  if (owner === 'file' && !disabled)
    throw refused(metadata.client_id, [`${file} owns it: change it there, then restart`])
}

function unknown(id: string): never {
  throw refused(id, ['there is none'])
}

function overtaken(id: string): never {
  throw refused(id, ['was changed by somebody else just now: look at it, then try again'])
}

/** Throws `Refused` with every problem. */
async function checkedMetadata(given: TypedMetadata, { providerProblem }: ClientCommandContext) {
  const prepared = await prepareMetadata(given, providerProblem)
  if ('problems' in prepared) throw refused(given['client_id'], prepared.problems.map(lineOf))
  return prepared
}

/** The sentences of oidc-provider name their field. */
const lineOf = (problem: ClientProblem): string =>
  problem.code === 'metadata.provider'
    ? say('en', problem.code, problem.params)
    : problemLine(problem)

const refused = (id: unknown, reasons: readonly string[]) =>
  new Refused(reasons.map((reason) => `client ${id}: ${reason}`).join('\n'))
const disabledNote = ({ disabled, owner }: StoredClient) =>
  disabled ? (owner === 'file' ? ', which it left: disabled' : ': disabled') : ''
const ownerOf = ({ owner, file }: StoredClient) => (owner === 'file' ? (file ?? 'a file') : owner)
const secretLines = (secret: string | undefined) =>
  secret ? [`client_secret (shown this once): ${secret}`] : []
const isoDate = (time: number) => new Date(time).toISOString()
