import * as z from 'zod'
import { defaultRegistrableScopes, registrableScopes } from '../oidc.ts'
import { type PhoneRegion, phoneRegions } from '../phone-regions.ts'
import {
  base64Key,
  budget,
  contactUri,
  dataKeys,
  headerName,
  hostNames,
  list,
  networks,
  origin,
  port,
  processes,
  redisUrl,
  regionName,
  switched,
  syslogAddress,
  text,
  url,
  vendorTemplates,
  words,
} from './setting-types.ts'

/** The settings of the environment after parsing (specification, section 9). */
export type Environment = z.infer<typeof settings>

/** Every setting with its type and default. No other file reads `process.env`. */
export const settings = z.object({
  NODE_ENV: z.string().default('development'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('info'),
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3000),
  /** The listener of operators, monitoring and the operators' API. Without a port there is none. */
  ADMIN_PORT: port.optional(),
  ADMIN_HOST: text.default('127.0.0.1'),
  ADMIN_ORIGIN: origin.default('http://localhost:3004'),
  /** The networks that may reach it, but for its health. Empty: all. */
  ADMIN_NETWORKS: networks.default([]),
  /** Bearer token of `/metrics`. */
  METRICS_TOKEN: text.optional(),
  /** The base address of a collector of traces (OpenTelemetry, OTLP/HTTP). Without it there are no traces. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  /** Number of processes that share the port; usually `cores`. */
  PROCESSES: processes.default(1),
  ISSUER: origin.default('http://localhost:3000'),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb://'),
  REDIS_URL: redisUrl,
  /** Prefix of every key in Redis, so that several installations can share one server. */
  REDIS_PREFIX: z.string().default('uup:'),
  /** `1`: production may use stores without TLS or password. */
  STORES_PLAINTEXT: switched,
  /** `aes`: AES-256-GCM and HMAC-SHA-256; `sm`: SM4-CTR and HMAC-SM3. */
  CRYPTO: z.enum(['aes', 'sm']).default('aes'),
  /** The service that wraps the data keys in MongoDB. */
  KEY_PROVIDER: z.enum(['env', 'aliyun-kms', 'tencent-kms']).default('env'),
  /** Empty where a KMS wraps the data keys. */
  DATA_KEYS: dataKeys.default([]),
  /** The pepper of password hashes; without it, it is derived. */
  PEPPER_KEYS: dataKeys.optional(),
  /** Needed only by a database of before data keys, until its first rotation. */
  DIGEST_KEY: base64Key(32)
    .transform((key) => Buffer.from(key, 'base64'))
    .optional(),
  /** The keys of Redis; without it they are derived. */
  REDIS_KEYS: dataKeys.optional(),
  COOKIE_KEYS: list.pipe(z.array(z.string().min(32, 'must be 32 characters or more each'))),
  /** Six months have up to 184 days (GB/T 22239-2019, 8.1.4.3; Cybersecurity Law, article 21). */
  AUDIT_KEEP_DAYS: z.coerce
    .number()
    .int()
    .min(184, 'must be 184 or more, since the audit is kept for six months at least')
    .max(36_500)
    .default(365),
  /** The syslog server to which audit events and heads are forwarded. */
  AUDIT_SYSLOG: syslogAddress.optional(),
  CLIENTS_FILE: text.optional(),
  /** Initial access token that allows dynamic client registration (RFC 7591). */
  INITIAL_ACCESS_TOKEN: text.optional(),
  /** Scopes that clients may register for themselves. */
  REGISTRATION_SCOPES: words
    .pipe(z.array(z.enum(registrableScopes, `must be of ${registrableScopes.join(', ')}`)))
    .refine((scopes) => scopes.includes('openid'), 'must hold openid')
    .default([...defaultRegistrableScopes]),
  /** Whether clients that register themselves may use a nonce instead of PKCE: see RegistrationRules. */
  REGISTRATION_PKCE: z.enum(['required', 'nonce']).default('required'),
  /** Headers in which the reverse proxy passes a client's certificate (RFC 8705). */
  CLIENT_CERTIFICATE_HEADER: headerName.optional(),
  CLIENT_CERTIFICATE_VERIFIED_HEADER: headerName.optional(),
  /** The origin at which the proxy asks for certificates, if it is not the issuer's. */
  CLIENT_CERTIFICATE_ORIGIN: url.optional(),
  /** File of banks and card prefixes that replaces config/banks.yaml. */
  BANKS_FILE: text.optional(),
  /** 用户协议 and 隐私政策, which people agree to (config/legal-texts.ts). */
  TERMS_FILE: text,
  PRIVACY_FILE: text,
  /** File of the sandbox's own clients, written by `npm start`. */
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
  /** The id or alias of the key that wraps data keys, and where its KMS is. */
  ALIYUN_KMS_KEY_ID: text.optional(),
  ALIYUN_KMS_REGION: regionName.default('cn-shenzhen'),
  /** A VPC or instance address; by default the public one of the region. */
  ALIYUN_KMS_ENDPOINT: url.optional(),
  ALIYUN_SMS_SIGN_NAME: text.optional(),
  ALIYUN_SMS_TEMPLATES: vendorTemplates.optional(),
  TENCENT_SECRET_ID: text.optional(),
  TENCENT_SECRET_KEY: text.optional(),
  TENCENT_KMS_KEY_ID: text.optional(),
  TENCENT_KMS_REGION: regionName.default('ap-guangzhou'),
  TENCENT_KMS_ENDPOINT: url.default('https://kms.tencentcloudapi.com'),
  TENCENT_SMS_APP_ID: text.optional(),
  TENCENT_SMS_SIGN_NAME: text.optional(),
  TENCENT_SMS_TEMPLATES: vendorTemplates.optional(),
  /** Country codes of phones that may register; +86 is mainland China. */
  PHONE_REGIONS: list
    .pipe(z.array(z.enum(Object.keys(phoneRegions) as PhoneRegion[])))
    .default(['+86']),
  /** 3: passwords need three of four character classes, as assessors of 等保 require. */
  PASSWORD_CLASSES: z.coerce.number().int().min(1).max(4).default(1),
  /** The office whose pages these are; the default is the sponsor's name. */
  BRAND_NAME: text.optional(),
  /** Its emblem: an SVG file (src/compose/settings/brand-logo.ts). */
  BRAND_LOGO: text.optional(),
  SPONSOR: text.default('深圳市人力资源和社会保障局'),
  CONTACT_PHONE: text.default('(0755)12333，(0755)88100099'),
  CONTACT_EMAIL: text.default('ksykwb@hrss.sz.gov.cn'),
  /** Contact for security reports (RFC 9116), shown in `/.well-known/security.txt`. */
  SECURITY_CONTACT: contactUri.optional(),
  SITE_NUMBER: text.optional(),
  ICP_NUMBER: text.optional(),
  /** `1`: logout tokens may be sent to this machine, where the sandbox's clients run. */
  BACKCHANNEL_LOOPBACK: switched,
  /** Hosts of clients inside our own network. */
  INTERNAL_HOSTS: hostNames.default([]),
  CAPTCHA_FIXED_ANSWER: z
    .string()
    .regex(/^[0-9A-Za-z]{4,8}$/, 'must be four to eight letters or digits')
    .optional(),
  LIMITS_SCALE: z.coerce.number().positive().default(1),
  /** The most paid messages and bank checks in an hour and a day, of all processes together. */
  SMS_BUDGET_HOUR: budget.default(2000),
  SMS_BUDGET_DAY: budget.default(20_000),
  BANK_BUDGET_HOUR: budget.default(1000),
  BANK_BUDGET_DAY: budget.default(10_000),
})
