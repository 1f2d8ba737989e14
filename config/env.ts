import { readFileSync } from 'node:fs'
import * as z from 'zod'
import {
  base64Key,
  contactUri,
  dataKeys,
  headerName,
  hostNames,
  list,
  loopbackHosts,
  port,
  processes,
  switched,
  text,
  url,
  vendorTemplates,
  words,
} from './env-values.ts'
import { defaultRegistrableScopes, registrableScopes } from './oidc.ts'
import { type PhoneRegion, phoneRegions } from './phone-regions.ts'
import { weakSettingProblems } from './weak-settings.ts'

/** All that the environment says, parsed once (specification, section 9). Nothing else reads `process.env`. */
export type Environment = z.infer<typeof shape>

const shape = z.object({
  NODE_ENV: z.string().default('development'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('info'),
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3000),
  /** How many answer there, one for each core as a rule. */
  PROCESSES: processes.default(1),
  ISSUER: url.default('http://localhost:3000'),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb://'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'must begin with redis://'),
  /** Begins every key in Redis, so that several installations can share one. */
  REDIS_PREFIX: z.string().default('uup:'),
  /** `1`: production may use stores without TLS or password. */
  STORES_PLAINTEXT: switched,
  DATA_KEYS: dataKeys,
  DIGEST_KEY: base64Key(32).transform((key) => Buffer.from(key, 'base64')),
  COOKIE_KEYS: list.pipe(z.array(z.string().min(32, 'must be 32 characters or more each'))),
  CLIENTS_FILE: text.optional(),
  /** Opens dynamic registration (RFC 7591) to whoever has it. */
  INITIAL_ACCESS_TOKEN: text.optional(),
  /** What those may ask for who register themselves. */
  REGISTRATION_SCOPES: words
    .pipe(z.array(z.enum(registrableScopes, `must be of ${registrableScopes.join(', ')}`)))
    .refine((scopes) => scopes.includes('openid'), 'must hold openid')
    .default([...defaultRegistrableScopes]),
  /** What they may do without: see RegistrationRules. */
  REGISTRATION_PKCE: z.enum(['required', 'nonce']).default('required'),
  /** Headers of the proxy in front that tell of a client's certificate (RFC 8705). */
  CLIENT_CERTIFICATE_HEADER: headerName.optional(),
  CLIENT_CERTIFICATE_VERIFIED_HEADER: headerName.optional(),
  /** Where the proxy asks for certificates, if not at the issuer. */
  CLIENT_CERTIFICATE_ORIGIN: url.optional(),
  /** The banks and their card prefixes, in place of config/banks.yaml. */
  BANKS_FILE: text.optional(),
  /** 用户协议 and 隐私政策, which people agree to (config/legal-texts.ts). */
  TERMS_FILE: text,
  PRIVACY_FILE: text,
  /** The sandbox's own clients; `npm start` makes it. */
  SANDBOX_CLIENTS_FILE: text.optional(),
  BANK_VERIFIER: z.enum(['simulator', 'aliyun', 'tencent']).default('simulator'),
  SMS_PROVIDER: z.enum(['simulator', 'aliyun', 'tencent']).default('simulator'),
  NUMBER_AGE_PROVIDER: z.enum(['simulator', 'aliyun', 'tencent']).default('simulator'),
  REGISTRY: z.enum(['simulator', 'http']).default('simulator'),
  REGISTRY_URL: url.optional(),
  REGISTRY_TOKEN: text.optional(),
  SIMULATOR_URL: z.url().default('http://127.0.0.1:3100'),
  ALIYUN_ACCESS_KEY_ID: text.optional(),
  ALIYUN_ACCESS_KEY_SECRET: text.optional(),
  ALIYUN_SMS_SIGN_NAME: text.optional(),
  ALIYUN_SMS_TEMPLATES: vendorTemplates.optional(),
  TENCENT_SECRET_ID: text.optional(),
  TENCENT_SECRET_KEY: text.optional(),
  TENCENT_SMS_APP_ID: text.optional(),
  TENCENT_SMS_SIGN_NAME: text.optional(),
  TENCENT_SMS_TEMPLATES: vendorTemplates.optional(),
  /** Country codes of the phones that may register; +86 is the mainland. */
  PHONE_REGIONS: list
    .pipe(z.array(z.enum(Object.keys(phoneRegions) as PhoneRegion[])))
    .default(['+86']),
  /** 3: passwords need three of four character classes, as 等保 assessors ask. */
  PASSWORD_CLASSES: z.coerce.number().int().min(1).max(4).default(1),
  /** The office whose pages these are; the sponsor's name without it. */
  BRAND_NAME: text.optional(),
  /** Its emblem: an SVG file (src/compose/settings/brand-logo.ts). */
  BRAND_LOGO: text.optional(),
  SPONSOR: text.default('深圳市人力资源和社会保障局'),
  CONTACT_PHONE: text.default('(0755)12333，(0755)88100099'),
  CONTACT_EMAIL: text.default('ksykwb@hrss.sz.gov.cn'),
  /** Where faults of its security are told to (RFC 9116): `/.well-known/security.txt`. */
  SECURITY_CONTACT: contactUri.optional(),
  SITE_NUMBER: text.optional(),
  ICP_NUMBER: text.optional(),
  /** `1`: logout messages may go to this machine, as those to the sandbox's own systems do. */
  BACKCHANNEL_LOOPBACK: switched,
  /** Business systems whose addresses lie in our own network. */
  INTERNAL_HOSTS: hostNames.default([]),
  CAPTCHA_FIXED_ANSWER: z
    .string()
    .regex(/^[0-9A-Za-z]{4}$/, 'must be four letters or digits')
    .optional(),
  LIMITS_SCALE: z.coerce.number().positive().default(1),
})

/** What each adapter needs beside its name. */
const neededBy = {
  'BANK_VERIFIER=aliyun': ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET'],
  'BANK_VERIFIER=tencent': ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'],
  'SMS_PROVIDER=aliyun': [
    'ALIYUN_ACCESS_KEY_ID',
    'ALIYUN_ACCESS_KEY_SECRET',
    'ALIYUN_SMS_SIGN_NAME',
    'ALIYUN_SMS_TEMPLATES',
  ],
  'SMS_PROVIDER=tencent': [
    'TENCENT_SECRET_ID',
    'TENCENT_SECRET_KEY',
    'TENCENT_SMS_APP_ID',
    'TENCENT_SMS_SIGN_NAME',
    'TENCENT_SMS_TEMPLATES',
  ],
  'NUMBER_AGE_PROVIDER=aliyun': ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET'],
  'NUMBER_AGE_PROVIDER=tencent': ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'],
  'REGISTRY=http': ['REGISTRY_URL', 'REGISTRY_TOKEN'],
} as const

/** Fine on a desk, never in production: a setting's name, or a setting's value. */
const refusedInProduction = [
  'CAPTCHA_FIXED_ANSWER',
  'LIMITS_SCALE',
  'SANDBOX_CLIENTS_FILE',
  'BACKCHANNEL_LOOPBACK',
]

export type Deployment = {
  readonly NODE_ENV?: string | undefined
  readonly ISSUER?: string | undefined
}

/** `NODE_ENV=production`, or an issuer that others can reach. */
export function isProduction(env: Deployment): boolean {
  if (env.NODE_ENV === 'production') return true
  if (!env.ISSUER || !URL.canParse(env.ISSUER)) return false
  const host = new URL(env.ISSUER).hostname
  return !/^(localhost|.+\.localhost|.+\.test|127(\.\d+){3}|\[::1\])$/.test(host)
}

/** Every problem of the environment, a line each: `NAME: what is wrong`. */
export class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Reads the environment, `NAME_FILE` (a mounted secret) in place of `NAME` too. Throws `BadEnvironment`. */
export function readEnvironment(source: Record<string, string | undefined>): Environment {
  const problems: string[] = []
  const given = withSecretFiles(source, problems)
  const parsed = shape.safeParse(given)
  const unread = [...problems]
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0])
    if (unread.some((problem) => problem.startsWith(`${name}_FILE:`))) continue
    problems.push(`${name}: ${given[name] === undefined ? 'is missing' : issue.message}`)
  }
  const value = (name: string) =>
    given[name] ?? (name in optionalDefaults ? optionalDefaults[name as 'BANK_VERIFIER'] : '')
  for (const [choice, names] of Object.entries(neededBy)) {
    const [chooser = '', chosen] = choice.split('=')
    if (value(chooser) !== chosen) continue
    for (const name of names)
      if (!given[name]) problems.push(`${name}: is missing (${choice} needs it)`)
  }
  if (given['CLIENT_CERTIFICATE_HEADER'] && !(Number(given['TRUST_PROXY']) > 0))
    problems.push('CLIENT_CERTIFICATE_HEADER: needs TRUST_PROXY, for only a proxy can set it')
  for (const name of ['CLIENT_CERTIFICATE_VERIFIED_HEADER', 'CLIENT_CERTIFICATE_ORIGIN'])
    if (given[name] && !given['CLIENT_CERTIFICATE_HEADER'])
      problems.push(`CLIENT_CERTIFICATE_HEADER: is missing (${name} needs it)`)
  if (isProduction(given)) {
    for (const name of refusedInProduction)
      if (given[name]) problems.push(`${name}: is refused in production`)
    for (const name of Object.keys(optionalDefaults))
      if (value(name) === 'simulator')
        problems.push(`${name}: must name a real adapter in production`)
    if (!given['ISSUER']?.startsWith('https:')) problems.push('ISSUER: must be https in production')
    if (given['INITIAL_ACCESS_TOKEN'] && given['INITIAL_ACCESS_TOKEN'].length < 32)
      problems.push('INITIAL_ACCESS_TOKEN: must be 32 characters or more in production')
    if (parsed.data?.INTERNAL_HOSTS.some((host) => loopbackHosts.includes(host)))
      problems.push('INTERNAL_HOSTS: must not be this machine in production')
    if (given['REGISTRY_URL']?.startsWith('http:'))
      problems.push('REGISTRY_URL: must be https in production')
    problems.push(...weakSettingProblems(given))
  }
  if (!parsed.success || problems.length) throw new BadEnvironment([...new Set(problems)])
  return parsed.data
}

const optionalDefaults = {
  BANK_VERIFIER: 'simulator',
  SMS_PROVIDER: 'simulator',
  NUMBER_AGE_PROVIDER: 'simulator',
  REGISTRY: 'simulator',
} as const

/** Only these, for a command that needs no others. Throws `BadEnvironment`. */
export function readSettings<N extends keyof Environment>(
  source: Record<string, string | undefined>,
  names: readonly N[],
): Pick<Environment, N> {
  const problems: string[] = []
  const given = withSecretFiles(source, problems, names)
  const settings = names.map((name) => {
    const { data, error } = shape.shape[name].safeParse(given[name])
    for (const { message } of error?.issues ?? [])
      problems.push(`${name}: ${given[name] === undefined ? 'is missing' : message}`)
    return [name, data]
  })
  if (isProduction(given)) problems.push(...weakSettingProblems(given))
  if (problems.length) throw new BadEnvironment(problems)
  return Object.fromEntries(settings)
}

function withSecretFiles(
  source: Record<string, string | undefined>,
  problems: string[],
  names: readonly string[] = Object.keys(shape.shape),
): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(source)) if (value !== '') given[name] = value
  for (const name of names) {
    const file = given[`${name}_FILE`]
    if (!file || ['CLIENTS', 'SANDBOX_CLIENTS', 'BANKS'].includes(name)) continue
    try {
      given[name] = readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE: can't be read (${file})`)
    }
  }
  return given
}
