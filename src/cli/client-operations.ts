import { randomBytes } from 'node:crypto'
import { stringify } from 'yaml'
import type { ClientMetadata } from '../../config/client-metadata.ts'
import type { AuditEvent } from '../ports/audit.ts'
import type { Clock } from '../ports/clock.ts'
import type { Clients, KnownClient } from '../ports/sso/clients.ts'
import { checkMetadata, checkMoreRules } from '../sso/clients/metadata/check-metadata.ts'
import { strongSecret } from '../sso/clients/metadata/secret-rule.ts'
import type { Command, Given } from './client-arguments.ts'
import { Refused } from './operator-command.ts'

export type Around = {
  readonly clients: Clients
  readonly clock: Clock
  /** How long a secret is usually good after it was replaced, in seconds. */
  readonly keepSecret: number
  /** What the provider has against metadata. */
  readonly providerProblem: (metadata: ClientMetadata) => Promise<string | undefined>
}

/** What is to be printed, and what was changed. */
export type Done = {
  readonly lines: readonly string[]
  readonly event?: Pick<AuditEvent, 'what' | 'clientId'>
}

/** Throws `Refused`. */
export function run(command: Command, around: Around): Promise<Done> {
  switch (command.name) {
    case 'list':
      return list(around)
    case 'show':
      return show(command.id, around)
    case 'add':
      return add(command.given, around)
    case 'change':
      return change(command.id, command.given, around)
    case 'rotate-secret':
      return rotate(command.id, command.keep ?? around.keepSecret, around)
    case 'remove':
      return remove(command.id, around)
  }
}

async function list({ clients }: Around): Promise<Done> {
  const known = await clients.list()
  const width = Math.max(0, ...known.map(({ metadata }) => metadata.client_id.length))
  const line = (client: KnownClient) => {
    const { client_id: id, client_name: name = '' } = client.metadata
    return `${id.padEnd(width)}  ${ownerOf(client)}${client.disabled ? ' (disabled)' : ''}  ${name}`
  }
  return { lines: known.map(line) }
}

async function show(id: string, { clients, clock }: Around): Promise<Done> {
  const known = (await clients.look(id)) ?? unknown(id)
  const { client_secret: _, ...metadata } = known.metadata
  const until = known.previousSecret?.until ?? 0
  return {
    lines: [
      `# owner: ${ownerOf(known)}${known.disabled ? ', which it left: disabled' : ''}`,
      ...(until > clock() ? [`# the secret before is good until ${date(until)}`] : []),
      stringify(metadata).trimEnd(),
    ],
  }
}

async function add(given: Given, around: Around): Promise<Done> {
  const { clients } = around
  const { metadata, secret } = await judged({ client_id: random(16), ...given }, around)
  const id = metadata.client_id
  if ((await clients.add(metadata, 'command')) === 'exists') {
    const known = await clients.look(id)
    throw refused(id, [`exists already${known ? ` (${ownerOf(known)})` : ''}`])
  }
  const event = { what: 'client-added', clientId: id } as const
  return { lines: [`client ${id}: added`, ...shown(secret)], event }
}

async function change(id: string, given: Given, around: Around): Promise<Done> {
  const { clients } = around
  const known = await changeable(id, clients)
  if ((given['client_id'] ?? id) !== id) throw refused(id, ['client_id: stays as it is'])
  if (given['client_secret'] !== undefined)
    throw refused(id, ['client_secret: rotate-secret changes it'])
  const { metadata, secret } = await judged({ ...known.metadata, ...given, client_id: id }, around)
  const previous = metadata.client_secret ? known.previousSecret : undefined
  if (!(await clients.replace(known, metadata, previous))) overtaken(id)
  const event = { what: 'client-changed', clientId: id } as const
  return { lines: [`client ${id}: changed`, ...shown(secret)], event }
}

async function rotate(id: string, keep: number, { clients, clock }: Around): Promise<Done> {
  const known = await changeable(id, clients)
  const { client_secret: old, token_endpoint_auth_method: method } = known.metadata
  if (!old) throw refused(id, [`has no secret (${method} needs none)`])
  const secret = random(32)
  const until = clock() + keep * 1000
  const metadata = { ...known.metadata, client_secret: secret }
  const previous = keep ? { secret: old, until } : undefined
  if (!(await clients.replace(known, metadata, previous))) overtaken(id)
  const ends = keep ? `is good until ${date(until)}` : 'is good no more'
  const event = { what: 'client-secret-rotated', clientId: id } as const
  return { lines: [`client ${id}: the old secret ${ends}`, ...shown(secret)], event }
}

async function remove(id: string, { clients }: Around): Promise<Done> {
  const known = (await clients.look(id)) ?? unknown(id)
  refuseFileOwned(known)
  if (!(await clients.remove(id))) overtaken(id)
  return { lines: [`client ${id}: removed`], event: { what: 'client-removed', clientId: id } }
}

/** One that this command may change. */
async function changeable(id: string, clients: Clients): Promise<KnownClient> {
  const known = (await clients.look(id)) ?? unknown(id)
  refuseFileOwned(known)
  if (known.disabled)
    throw refused(id, [`left ${known.file} and is disabled: put it back there, or remove it`])
  if (known.owner === 'registration')
    throw refused(id, ['registered itself, and changes itself (RFC 7592)'])
  return known
}

function refuseFileOwned({ metadata, owner, file, disabled }: KnownClient): void {
  if (owner === 'file' && !disabled)
    throw refused(metadata.client_id, [`${file} owns it: change it there, then restart`])
}

function unknown(id: string): never {
  throw refused(id, ['there is none'])
}

function overtaken(id: string): never {
  throw refused(id, ['was changed by somebody else just now: look at it, then try again'])
}

/**
 * The metadata as they may be stored. A secret is made where one is needed and missing, and left out where none is.
 * Throws `Refused` with all that is wrong.
 */
async function judged(given: Given, { providerProblem }: Around) {
  const kept = Object.entries(given).filter(([, value]) => value !== null)
  const { client_secret: had, ...others } = Object.fromEntries(kept)
  const method = others['token_endpoint_auth_method'] ?? 'client_secret_basic'
  const needed = String(method).startsWith('client_secret')
  const secret = needed && had === undefined ? random(32) : undefined
  const whole = { ...others, ...(needed && { client_secret: had ?? secret }) }
  const candidate = checkMoreRules(checkMetadata(whole), whole, [strongSecret])
  const id = given['client_id']
  if ('problems' in candidate) throw refused(id, candidate.problems)
  const problem = await providerProblem(candidate.metadata)
  if (problem) throw refused(id, [problem])
  return { metadata: candidate.metadata satisfies ClientMetadata, secret }
}

const refused = (id: unknown, reasons: readonly string[]) =>
  new Refused(reasons.map((reason) => `client ${id}: ${reason}`).join('\n'))
const ownerOf = ({ owner, file }: KnownClient) => (owner === 'file' ? (file ?? 'a file') : owner)
const shown = (secret: string | undefined) =>
  secret ? [`client_secret (shown this once): ${secret}`] : []
const random = (bytes: number) => randomBytes(bytes).toString('base64url')
const date = (time: number) => new Date(time).toISOString()
