import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { missingArgument, noMoreArguments, readArguments } from './arguments.ts'
import { BadUsage } from './operator-command.ts'

export const clientUsage = `npm run client -- COMMAND     (in the production image: node dist/src/cli/client.js COMMAND)

  list                               all clients, and who owns them
  show ID                            its metadata, without the secret
  add FILE | --name … [METADATA]     a YAML or JSON file with one client's metadata
  change ID FILE | [METADATA]        only what is given; null takes away
  rotate-secret ID [--keep 7d]       a new secret; the old one is good for so long (0, 30m, 12h, 7d)
  disable ID                         refuses all its requests at once, and ends nothing of it
  enable ID
  remove ID
  pause-events ID | resume-events ID tells its receiver, and holds its events for 7 days or sends them again

METADATA, beside a FILE or without one:
  --id ID  --name TEXT  --uri ADDRESS  --redirect-uri ADDRESS …  --post-logout-redirect-uri ADDRESS …
  --scope "openid profile"  --auth-method METHOD  --first-party
  --set NAME=VALUE …                 anything else, VALUE in YAML: --set require_pkce=false`

/** The typed metadata by the names of RFC 7591 and our own; null removes a name. */
export type TypedMetadata = Readonly<Record<string, unknown>>

export type ClientCommand =
  | { readonly name: 'list' }
  | { readonly name: 'show' | 'remove' | 'disable' | 'enable'; readonly id: string }
  | { readonly name: 'add'; readonly given: TypedMetadata }
  | { readonly name: 'change'; readonly id: string; readonly given: TypedMetadata }
  /** `keep` in seconds; undefined stands for the policy's value. */
  | { readonly name: 'rotate-secret'; readonly id: string; readonly keep: number | undefined }

/** A command about the event stream of a client. */
export type StreamCommand = {
  readonly name: 'pause-events' | 'resume-events'
  readonly id: string
}

export const isStreamCommand = (command: ClientCommand | StreamCommand): command is StreamCommand =>
  command.name === 'pause-events' || command.name === 'resume-events'

/** Throws `BadUsage`. */
export function readClientCommand(typed: readonly string[]): ClientCommand | StreamCommand {
  const { values, positionals } = readArguments(typed, options)
  const [name, ...rest] = positionals
  const { keep, ...flags } = values
  const given = metadataOfFlags(flags)
  const hasMetadata = Object.keys(given).length > 0
  const allowOnly = (length: number, metadata: boolean) => {
    noMoreArguments(rest.slice(length))
    if (hasMetadata && !metadata) throw new BadUsage(`${name} takes no metadata`)
    if (keep !== undefined && name !== 'rotate-secret')
      throw new BadUsage('--keep belongs to rotate-secret')
  }
  const id = () => rest[0] ?? missingArgument('ID')
  switch (name) {
    case 'list':
      allowOnly(0, false)
      return { name }
    case 'show':
    case 'disable':
    case 'enable':
    case 'remove':
    case 'pause-events':
    case 'resume-events':
      allowOnly(1, false)
      return { name, id: id() }
    case 'rotate-secret':
      allowOnly(1, false)
      return { name, id: id(), keep: keep === undefined ? undefined : seconds(keep) }
    case 'add':
      allowOnly(1, true)
      if (!rest[0] && !hasMetadata) missingArgument('FILE or metadata')
      return { name, given: { ...metadataOfFile(rest[0]), ...given } }
    case 'change':
      allowOnly(2, true)
      if (id() && !rest[1] && !hasMetadata) missingArgument('FILE or metadata')
      return { name, id: id(), given: { ...metadataOfFile(rest[1]), ...given } }
    default:
      throw new BadUsage(name ? `${name}: no such command` : 'a command is missing')
  }
}

const flag = { type: 'string' } as const
const list = { type: 'string', multiple: true } as const

const options = {
  ...{ id: flag, name: flag, uri: flag, scope: flag, keep: flag, set: list },
  ...{ 'redirect-uri': list, 'post-logout-redirect-uri': list, 'auth-method': flag },
  'first-party': { type: 'boolean' },
} as const

type Flags = ReturnType<typeof readArguments<typeof options>>['values']

function metadataOfFlags({ set = [], ...flags }: Omit<Flags, 'keep'>) {
  const named = {
    client_id: flags.id,
    client_name: flags.name,
    client_uri: flags.uri,
    redirect_uris: flags['redirect-uri'],
    post_logout_redirect_uris: flags['post-logout-redirect-uri'],
    scope: flags.scope,
    token_endpoint_auth_method: flags['auth-method'],
    first_party: flags['first-party'],
  }
  const others = set.map((text) => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? []
    if (!name) throw new BadUsage('--set: must be NAME=VALUE')
    // Other users of the machine can read the command line.
    if (name === 'client_secret') throw new BadUsage('client_secret: made here, or in a FILE')
    return [name, fromYaml(value, `--set ${name}`)]
  })
  const typed = Object.entries(named).filter(([, value]) => value !== undefined)
  return Object.fromEntries([...typed, ...others])
}

function metadataOfFile(file: string | undefined): object {
  if (file === undefined) return {}
  const metadata = fromYaml(contentOf(file), file)
  if (typeof metadata === 'object' && metadata && !Array.isArray(metadata)) return metadata
  throw new BadUsage(`${file}: must hold the metadata of one client`)
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new BadUsage(`${file}: can't be read`)
  }
}

/** Parses YAML, of which JSON is a subset. */
function fromYaml(text: string, where: string): unknown {
  try {
    return parse(text)
  } catch {
    throw new BadUsage(`${where}: is no YAML`)
  }
}

const units = { s: 1, m: 60, h: 3600, d: 24 * 3600 } as const

function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smhd])?$/.exec(text) ?? []
  if (number === undefined) throw new BadUsage('--keep: must be like 0, 30m, 12h or 7d')
  return Number(number) * units[unit as keyof typeof units]
}
