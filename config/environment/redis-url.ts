/** The Redis that `REDIS_URL` names. */
export type RedisAddress = {
  readonly kind: 'server' | 'sentinel' | 'cluster'
  /** The server, or some of the Sentinels or of the cluster's nodes: one that answers tells the others. */
  readonly hosts: readonly RedisHost[]
  /** The name under which the Sentinels know the master. */
  readonly master?: string
  readonly tls: boolean
  readonly database: number
  readonly username?: string
  readonly password?: string
  readonly sentinelUsername?: string
  readonly sentinelPassword?: string
}

export type RedisHost = { readonly host: string; readonly port: number }

type Read = { readonly address: RedisAddress } | { readonly problem: string }

const kinds = new Map<string, RedisAddress['kind']>([
  ['redis', 'server'],
  ['rediss', 'server'],
  ['redis+sentinel', 'sentinel'],
  ['redis+cluster', 'cluster'],
])

/** The query parameters of each form: they carry what the address of a Sentinel or a Cluster has no place for. */
const parametersOf: Record<RedisAddress['kind'], readonly string[]> = {
  server: ['username', 'password', 'db', 'tls'],
  sentinel: ['username', 'password', 'db', 'tls', 'sentinelUsername', 'sentinelPassword'],
  cluster: ['username', 'password', 'tls'],
}

/**
 * Reads `redis://`, `rediss://` (TLS), `redis+sentinel://MASTER@HOST:PORT,HOST:PORT` or `redis+cluster://HOST:PORT,HOST:PORT`.
 * Problems show no part of the address, since any part may be a piece of a password.
 */
export function readRedisUrl(url: string): Read {
  const [, scheme = '', authority = '', path = '', query = ''] =
    /^([a-z+]+):\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i.exec(url) ?? []
  const kind = kinds.get(scheme.toLowerCase())
  if (!kind)
    return {
      problem: 'must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://',
    }
  const at = authority.lastIndexOf('@')
  const hosts = authority.slice(at + 1).split(',')
  const parameters = new URLSearchParams(query)
  const user = decoded(authority.slice(0, Math.max(at, 0)))
  const parts = { kind, user, hosts: hosts.flatMap((host) => hostOf(host, kind)), parameters }
  const problem =
    (hosts.length !== parts.hosts.length && 'must name each server as HOST or HOST:PORT') ||
    problemOf(parts) ||
    databaseProblem(kind, path)
  return problem ? { problem } : { address: addressOf(parts, scheme, path) }
}

type Parts = {
  readonly kind: RedisAddress['kind']
  /** The parts before `@`, or undefined if they are not encoded well. */
  readonly user: readonly string[] | undefined
  readonly hosts: readonly RedisHost[]
  readonly parameters: URLSearchParams
}

function problemOf({ kind, user, hosts, parameters }: Parts): string | undefined {
  const known = parametersOf[kind]
  if (!user) return 'has a malformed %-encoding before @'
  if (kind === 'server' && hosts.length > 1)
    return 'names several servers: begin with redis+sentinel:// or redis+cluster://'
  if (kind === 'sentinel' && (user.length !== 1 || !user[0]))
    return 'must name the master: redis+sentinel://MASTER@HOST:PORT,HOST:PORT, with user and password of Redis as ?username=…&password=…'
  if ([...parameters.keys()].some((name) => !known.includes(name)))
    return `has an unknown parameter: must be of ${known.join(', ')}`
  if (!['true', 'false'].includes(parameters.get('tls') ?? 'true'))
    return 'has a tls that is neither true nor false'
  if (!/^\d{1,9}$/.test(parameters.get('db') ?? '0'))
    return 'has a db that is not the number of a database'
  return undefined
}

const databaseProblem = (kind: RedisAddress['kind'], path: string): string | undefined => {
  if (!/^\/?\d{0,9}$/.test(path)) return 'must have a number as its path, the database'
  return kind === 'cluster' && Number(path.slice(1)) > 0
    ? 'must not name a database: a cluster has only 0'
    : undefined
}

function addressOf({ kind, user = [], hosts, parameters }: Parts, scheme: string, path: string) {
  const given = (name: string) => parameters.get(name) || undefined
  const [first, second] = kind === 'sentinel' ? [] : user
  const optional = {
    master: kind === 'sentinel' ? user[0] : undefined,
    username: given('username') ?? (first || undefined),
    password: given('password') ?? (second || undefined),
    sentinelUsername: given('sentinelUsername'),
    sentinelPassword: given('sentinelPassword'),
  }
  return {
    ...{ kind, hosts },
    tls: scheme.toLowerCase() === 'rediss' || given('tls') === 'true',
    database: Number(path.slice(1) || given('db') || 0),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<RedisAddress>),
  }
}

/** `user:password`, decoded. */
function decoded(userinfo: string): readonly string[] | undefined {
  const [user = '', ...password] = userinfo.split(':')
  try {
    const parts = password.length ? [user, password.join(':')] : [user]
    return parts.map(decodeURIComponent)
  } catch {
    return undefined
  }
}

/** The host in a list of one, or an empty list if it is malformed. */
function hostOf(text: string, kind: RedisAddress['kind']): readonly RedisHost[] {
  const [, host, bare, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const name = host ?? bare
  const number = Number(port ?? (kind === 'sentinel' ? 26_379 : 6379))
  return name && number > 0 && number < 65_536 ? [{ host: name, port: number }] : []
}
