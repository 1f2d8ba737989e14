import { readRedisUrl } from './redis-url.ts'

/**
 * Finds settings that are well-formed and too weak for production, a line each: `NAME: what is wrong`. No line shows a
 * value.
 */
export function weakSettingProblems(
  given: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return [...keyProblems(given), ...(given['STORES_PLAINTEXT'] === '1' ? [] : storeProblems(given))]
}

type Secret = { readonly name: string; readonly forms: readonly Buffer[] }

function keyProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const secrets = [
    ...versionedKeys('DATA_KEYS', given['DATA_KEYS']),
    ...versionedKeys('REDIS_KEYS', given['REDIS_KEYS']),
    ...versionedKeys('PEPPER_KEYS', given['PEPPER_KEYS']),
    ...bareKey('DIGEST_KEY', given['DIGEST_KEY']),
    ...cookieKeys(given['COOKIE_KEYS']),
    ...bareKey('INITIAL_ACCESS_TOKEN', given['INITIAL_ACCESS_TOKEN']),
    ...bareKey('METRICS_TOKEN', given['METRICS_TOKEN']),
  ]
  return secrets.flatMap((secret, index) => {
    if (secret.forms.some(isRepeated))
      return [`${secret.name}: repeats a few bytes, make a new key`]
    const same = secrets.slice(0, index).find((other) => isSameKey(other, secret))
    return same ? [`${secret.name}: is the same key as ${same.name}, make a key for each`] : []
  })
}

const entriesOf = (value: string | undefined): readonly string[] =>
  value?.split(',').map((entry) => entry.trim()) ?? []

const versionedKeys = (setting: string, value: string | undefined): readonly Secret[] =>
  entriesOf(value).flatMap((entry) => {
    const [, version, key] = /^(\d{1,4}):(.+)$/.exec(entry) ?? []
    return key ? [{ name: `${setting}: version ${version}`, forms: formsOf(key) }] : []
  })

const cookieKeys = (value: string | undefined): readonly Secret[] =>
  entriesOf(value).map((key, index) => ({
    name: `COOKIE_KEYS: key ${index + 1}`,
    forms: formsOf(key),
  }))

const bareKey = (name: string, value: string | undefined): readonly Secret[] =>
  value ? [{ name, forms: formsOf(value) }] : []

/** The bytes of a key in each notation in which it may be written: text, base64 and hexadecimal. */
function formsOf(key: string): readonly Buffer[] {
  const hexadecimal = /^([\da-f]{2})+$/i.test(key) ? [Buffer.from(key, 'hex')] : []
  return [Buffer.from(key), Buffer.from(key, 'base64'), ...hexadecimal]
}

const isSameKey = (one: Secret, other: Secret): boolean =>
  one.forms.some((form) => other.forms.some((otherForm) => form.equals(otherForm)))

/** Says whether the bytes are one byte again and again, or a pattern of at most half their length. */
function isRepeated(bytes: Buffer): boolean {
  const longest = Math.floor(bytes.length / 2)
  return Array.from({ length: longest }, (_, index) => index + 1).some((period) =>
    bytes.subarray(period).equals(bytes.subarray(0, -period)),
  )
}

function storeProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const stores = {
    MONGODB_URI: mongodbStore(given['MONGODB_URI'] ?? ''),
    REDIS_URL: redisStore(given['REDIS_URL'] ?? ''),
  }
  return Object.entries(stores).flatMap(([name, store]) => {
    if (!store || store.hosts.every(isLoopback)) return []
    const lacks = [...(store.tls ? [] : ['TLS']), ...(store.password ? [] : ['a password'])]
    if (!lacks.length) return []
    return [`${name}: needs ${lacks.join(' and ')} in production, or STORES_PLAINTEXT=1`]
  })
}

type StoreAddress = {
  readonly hosts: readonly string[]
  readonly tls: boolean
  readonly password: boolean
}

function redisStore(url: string): StoreAddress | undefined {
  const read = readRedisUrl(url)
  if ('problem' in read) return undefined
  const { hosts, tls, password } = read.address
  return { hosts: hosts.map(({ host }) => host), tls, password: Boolean(password) }
}

/** Reads a connection string; several hosts and an encoded socket path make it no URL. */
function mongodbStore(uri: string): StoreAddress | undefined {
  const [, scheme = '', authority, query = ''] =
    /^([a-z+]+):\/\/([^/?#]*)[^?#]*\??([^#]*)/i.exec(uri) ?? []
  if (authority === undefined) return undefined
  const at = authority.lastIndexOf('@')
  const options = new Map(
    [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value] as const),
  )
  return {
    hosts: authority.slice(at + 1).split(','),
    tls: hasTls(scheme.toLowerCase(), options),
    password: hasPassword(authority.slice(0, Math.max(at, 0)), options),
  }
}

/** TLS that accepts every certificate does not protect against a man in the middle. */
const uncheckedTls = ['tlsinsecure', 'tlsallowinvalidcertificates', 'tlsallowinvalidhostnames']

function hasTls(scheme: string, options: ReadonlyMap<string, string>): boolean {
  if (uncheckedTls.some((name) => options.get(name) === 'true')) return false
  return (options.get('tls') ?? options.get('ssl') ?? String(scheme === 'mongodb+srv')) === 'true'
}

/** A client certificate (X.509) is as good as a password. */
const hasPassword = (userinfo: string, options: ReadonlyMap<string, string>): boolean =>
  /:./.test(userinfo) || options.get('authmechanism') === 'MONGODB-X509'

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|::1)(:\d+)?$|^%2F.+\.sock$/i.test(host)
