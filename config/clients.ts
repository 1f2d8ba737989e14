import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'
import { BadEnvironment, type Environment } from './env.ts'
import { acr, clientAuthMethods, type Scope, scopes, signingAlgorithms } from './oidc.ts'

/** A business system's metadata: the names of RFC 7591 and OpenID Connect Registration, and our own. */
export type Client = z.infer<typeof client>

/** A client that a file owns. */
export type FileClient = { readonly metadata: Client; readonly file: string }

const visible = z.string().regex(/^[\x20-\x7e]+$/, 'must be visible ASCII characters')
const flag = z.boolean('must be true or false')
const text = z.string('must be text').trim().min(1, 'must not be empty').max(200)
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' })
const httpsAddress = z.url({ protocol: /^https$/, error: 'must be an https address' })
const addressWithoutFragment = z
  .string('must be an address')
  .refine(URL.canParse, 'must be an address')
  // RFC 6749, 3.1.2.
  .refine((uri) => !uri.includes('#'), 'must have no fragment')
const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values, `must be one of ${values.join(', ')}`)
const listOf = <T extends z.ZodType>(entry: T) => z.array(entry, 'must be a list')
const isScope = (word: string): word is Scope => scopes.some((scope) => scope === word)
const scopeList = z
  .string('must be scopes with a space between')
  .refine((list) => list.split(' ').every(isScope), `must be of ${scopes.join(', ')}`)
  .refine((list) => list.split(' ').includes('openid'), 'must hold openid')

/** Registered names that a file may hold and nothing here acts on. */
const unread = Object.fromEntries(
  [
    'subject_type',
    'sector_identifier_uri',
    'software_id',
    'software_version',
    'verified_claims',
  ].map((name) => [name, z.unknown().optional()]),
)

const shape = z.strictObject({
  ...unread,
  client_id: visible.max(100),
  client_secret: visible.optional(),
  client_name: text.optional(),
  client_uri: webAddress.optional(),
  logo_uri: webAddress.optional(),
  policy_uri: webAddress.optional(),
  tos_uri: webAddress.optional(),
  initiate_login_uri: httpsAddress.optional(),
  contacts: listOf(z.email('must be an e-mail address')).optional(),
  application_type: oneOf(['web', 'native']).optional(),
  redirect_uris: listOf(addressWithoutFragment).min(1, 'must hold one address or more'),
  /** Where it is told that a sign-in ended (Back-Channel Logout 1.0, 2.2). */
  backchannel_logout_uri: webAddress.optional(),
  /** It tells sign-ins apart by `sid`; without it, a message means all of a person's. */
  backchannel_logout_session_required: flag.optional(),
  post_logout_redirect_uris: listOf(addressWithoutFragment).optional(),
  response_types: listOf(oneOf(['code'])).optional(),
  grant_types: listOf(oneOf(['authorization_code', 'refresh_token'])).optional(),
  scope: scopeList.optional(),
  token_endpoint_auth_method: oneOf(clientAuthMethods).default('client_secret_basic'),
  token_endpoint_auth_signing_alg: oneOf(['RS256', 'PS256', 'ES256', 'EdDSA']).optional(),
  id_token_signed_response_alg: oneOf(signingAlgorithms).optional(),
  jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }).optional(),
  jwks_uri: webAddress.optional(),
  default_max_age: z.int('must be seconds').min(0).optional(),
  default_acr_values: listOf(oneOf(Object.values(acr))).optional(),
  require_auth_time: flag.optional(),
  require_pushed_authorization_requests: flag.optional(),
  dpop_bound_access_tokens: flag.optional(),
  /** A system of the bureau itself: needs no consent. */
  first_party: flag.optional(),
  /** False: may do without PKCE as long as it sends a nonce. */
  require_pkce: flag.optional(),
  /** The resource servers that it may ask tokens for (RFC 8707, 2). */
  resources: listOf(addressWithoutFragment).optional(),
  /** The FAPI 2.0 Security Profile, whole. */
  profile: oneOf(['fapi2']).optional(),
})

/** What must agree between names; looked at whatever else is wrong, so that everything is told at once. */
const client = shape.check(
  z.superRefine(
    (given, context) => {
      const wrong = (name: keyof typeof given & string, message: string) =>
        context.addIssue({ code: 'custom', path: [name], message })
      const method = given.token_endpoint_auth_method
      if (String(method).startsWith('client_secret') && given.client_secret === undefined)
        wrong('client_secret', `is missing (${method} needs it)`)
      if (method === 'private_key_jwt' && !given.jwks === !given.jwks_uri)
        wrong('jwks', 'needs either jwks or jwks_uri (private_key_jwt)')
      if (method === 'none' && given.require_pkce === false)
        wrong('require_pkce', 'a public client can not do without PKCE')
      if (holds(given.scope, 'offline_access') && !holds(given.grant_types, 'refresh_token'))
        wrong('grant_types', 'must hold refresh_token (offline_access needs it)')
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  ),
)

/** In a list, or in words with a space between; nothing is known of its type yet. */
const holds = (list: unknown, word: string): boolean =>
  (typeof list === 'string' ? list.split(' ') : Array.isArray(list) ? list : []).includes(word)

type ClientFiles = Partial<Pick<Environment, 'CLIENTS_FILE' | 'SANDBOX_CLIENTS_FILE'>>

/** One client's metadata, or everything that is wrong with it, a line each. No value stands in a line. */
export function judgeClient(entry: unknown): Judged {
  const parsed = client.safeParse(entry, { reportInput: true })
  return parsed.success
    ? { metadata: parsed.data }
    : { problems: parsed.error.issues.map(describe) }
}
type Judged = { readonly metadata: Client } | { readonly problems: readonly string[] }

/** The clients of all files. Throws `BadEnvironment` with every problem of every client. */
export function readClients(files: ClientFiles): FileClient[] {
  const problems: string[] = []
  const clients = (['CLIENTS_FILE', 'SANDBOX_CLIENTS_FILE'] as const).flatMap((setting) => {
    const file = files[setting]
    if (!file) return []
    const read = readFile(file, (problem) => problems.push(`${setting}: ${file}: ${problem}`))
    return read.map((metadata) => ({ metadata, file }))
  })
  const ids = clients.map(({ metadata }) => metadata.client_id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) < index)))
    problems.push(`CLIENTS_FILE: client ${id}: stands there twice`)
  if (problems.length) throw new BadEnvironment(problems)
  return clients
}

function readFile(file: string, problem: (line: string) => void): Client[] {
  const list = parseList(file)
  if (!list) {
    problem('must be a readable YAML or JSON list of clients')
    return []
  }
  return list.flatMap((entry, index) => {
    const judged = judgeClient(entry)
    if ('metadata' in judged) return [judged.metadata]
    const id = (entry as { client_id?: unknown } | null)?.client_id ?? `number ${index + 1}`
    for (const line of judged.problems) problem(`client ${id}: ${line}`)
    return []
  })
}

/** JSON is YAML as well. */
function parseList(file: string): unknown[] | undefined {
  try {
    const list: unknown = parse(readFileSync(file, 'utf8'))
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: no such metadata`
  const path = issue.path.join('.')
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  return `${path ? `${path}: ` : ''}${missing ? 'is missing' : issue.message}`
}
