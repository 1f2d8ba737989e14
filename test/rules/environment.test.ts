import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import { isProduction } from '../../config/environment/production.ts'
import { readEnvironment, readSettings } from '../../config/environment/read-environment.ts'
import { smsTemplates } from '../../config/sms-templates.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'

const [key = '', otherKey = ''] = [1, 2].map(() => randomBytes(32).toString('base64'))
const complete = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/uup',
  REDIS_URL: 'redis://127.0.0.1:6379',
  DATA_KEYS: `1:${key}`,
  DIGEST_KEY: otherKey,
  COOKIE_KEYS: randomBytes(32).toString('hex'),
  ...sampleLegalTexts,
}

function environmentProblems(source: Record<string, string>): readonly string[] {
  try {
    readEnvironment(source)
    return []
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return error.problems
  }
}

test('the required settings are enough, and the others have defaults', () => {
  const env = readEnvironment(complete)
  expect(env.ISSUER).toBe('http://localhost:3000')
  expect(env.PHONE_REGIONS).toEqual(['+86'])
  expect(env.DATA_KEYS.map(({ version }) => version)).toEqual(['1'])
})

test('PROCESSES is a number, or one process for each core', () => {
  const processes = (PROCESSES: string) => readEnvironment({ ...complete, PROCESSES }).PROCESSES
  expect(readEnvironment(complete).PROCESSES).toBe(1)
  expect([processes('3'), processes('cores')]).toEqual([3, availableParallelism()])
  for (const PROCESSES of ['0', '1.5', 'all', '100'])
    expect(environmentProblems({ ...complete, PROCESSES })).toEqual([
      'PROCESSES: must be cores, or a number from 1 to 99',
    ])
})

test('the audit is kept for six months at least', () => {
  const days = (AUDIT_KEEP_DAYS: string) =>
    readEnvironment({ ...complete, AUDIT_KEEP_DAYS }).AUDIT_KEEP_DAYS
  expect([readEnvironment(complete).AUDIT_KEEP_DAYS, days('184')]).toEqual([365, 184])
  for (const AUDIT_KEEP_DAYS of ['183', '30', '0', '-400'])
    expect(environmentProblems({ ...complete, AUDIT_KEEP_DAYS })).toEqual([
      'AUDIT_KEEP_DAYS: must be 184 or more, since the audit is kept for six months at least',
    ])
})

test('AUDIT_SYSLOG names a host and a port, with TLS always', () => {
  const address = (AUDIT_SYSLOG: string) =>
    readEnvironment({ ...complete, AUDIT_SYSLOG }).AUDIT_SYSLOG
  expect(address('syslog+tls://siem.example.cn')).toEqual({ host: 'siem.example.cn', port: 6514 })
  expect(address('syslog+tls://[2001:db8::1]:514')).toEqual({ host: '2001:db8::1', port: 514 })
  for (const AUDIT_SYSLOG of ['syslog://siem.example.cn', 'siem:6514', 'syslog+tls://siem/x'])
    expect(environmentProblems({ ...complete, AUDIT_SYSLOG })).toEqual([
      'AUDIT_SYSLOG: must be syslog+tls://HOST or syslog+tls://HOST:PORT',
    ])
})

test('all missing and malformed settings are reported at once, one line each, without their values', () => {
  const problems = environmentProblems({
    ...complete,
    MONGODB_URI: '',
    PORT: 'seventy',
    DIGEST_KEY: 'c2hvcnQ=',
    ISSUER: 'http://localhost:3000/',
    SMS_PROVIDER: 'aliyun',
    ALIYUN_SMS_TEMPLATES: 'cod=1',
  })
  const named = problems.map((problem) => problem.split(':')[0])
  expect(new Set(named)).toEqual(
    new Set([
      'MONGODB_URI',
      'PORT',
      'DIGEST_KEY',
      'ISSUER',
      'ALIYUN_SMS_TEMPLATES',
      'ALIYUN_ACCESS_KEY_ID',
      'ALIYUN_ACCESS_KEY_SECRET',
      'ALIYUN_SMS_SIGN_NAME',
    ]),
  )
  for (const name of ['MONGODB_URI', 'PORT', 'DIGEST_KEY', 'ISSUER'])
    expect(named.filter((other) => other === name)).toHaveLength(1)
  expect(problems).toContain('MONGODB_URI: is missing')
  expect(problems.join()).not.toContain('c2hvcnQ=')
})

test.each(['/sub', '/sub/', '/', '?a=b', '#a'])(
  'ISSUER is an origin: %s after the host is refused',
  (more) => {
    const ISSUER = `https://login.example.gov.cn${more}`
    const problems = environmentProblems({ ...complete, ISSUER })
    expect(problems.filter((problem) => problem.startsWith('ISSUER'))).toEqual([
      'ISSUER: must be an origin: scheme, host and port alone',
    ])
  },
)

test.each([
  ['aliyun-kms', ['ALIYUN_KMS_KEY_ID', 'ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET']],
  ['tencent-kms', ['TENCENT_KMS_KEY_ID', 'TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY']],
  ['env', ['DATA_KEYS']],
] as const)(
  'KEY_PROVIDER=%s needs its settings, and names all that are missing',
  (provider, needed) => {
    const problems = environmentProblems({ ...complete, DATA_KEYS: '', KEY_PROVIDER: provider })
    expect(problems).toEqual(
      needed.map((name) => `${name}: is missing (KEY_PROVIDER=${provider} needs it)`),
    )
    const given = Object.fromEntries(
      needed.map((name) => [name, name === 'DATA_KEYS' ? complete.DATA_KEYS : 'given']),
    )
    expect(
      environmentProblems({ ...complete, DATA_KEYS: '', KEY_PROVIDER: provider, ...given }),
    ).toEqual([])
  },
)

test('the region of a KMS is a part of a host name, and its address is https in production', () => {
  expect(environmentProblems({ ...complete, ALIYUN_KMS_REGION: 'evil.example/' })).toEqual([
    'ALIYUN_KMS_REGION: must be the name of a region, such as cn-shenzhen',
  ])
  for (const name of ['ALIYUN_KMS_ENDPOINT', 'TENCENT_KMS_ENDPOINT'])
    expect(
      environmentProblems({ ...complete, NODE_ENV: 'production', [name]: 'http://kms.example.cn' }),
    ).toContain(`${name}: must be https in production`)
})

test.each([
  [`1:${key},1:${key}`, 'names a version twice'],
  ['1:short', 'must be VERSION:KEY[,VERSION:KEY], each KEY 32 bytes in base64'],
  [key, 'must be VERSION:KEY[,VERSION:KEY], each KEY 32 bytes in base64'],
])('malformed data keys are refused: %#', (DATA_KEYS, problem) => {
  expect(environmentProblems({ ...complete, DATA_KEYS })).toEqual([`DATA_KEYS: ${problem}`])
})

test.each([
  [{ NODE_ENV: 'production' }, true],
  [{ ISSUER: 'https://login.example.gov.cn' }, true],
  [{ ISSUER: 'http://localhost:3000' }, false],
  [{ ISSUER: 'https://uup.localhost' }, false],
  [{ ISSUER: 'https://uup.test:8443' }, false],
  [{ ISSUER: 'http://127.0.0.1:3000' }, false],
  [{ ISSUER: 'https://localhost.example.com' }, true],
])('%o is production: %s', (env, production) => {
  expect(isProduction(env)).toBe(production)
})

test('production refuses settings that are meant for development', () => {
  const problems = environmentProblems({
    ...complete,
    ISSUER: 'http://login.example.gov.cn',
    CAPTCHA_FIXED_ANSWER: 'AAAA',
    LIMITS_SCALE: '10',
    SANDBOX_CLIENTS_FILE: '/tmp/clients.json',
    BACKCHANNEL_LOOPBACK: '1',
    INITIAL_ACCESS_TOKEN: 'short',
    REGISTRY_URL: 'http://registry.example.gov.cn',
  })
  expect(problems).toEqual([
    'CAPTCHA_FIXED_ANSWER: is refused in production',
    'LIMITS_SCALE: is refused in production',
    'SANDBOX_CLIENTS_FILE: is refused in production',
    'BACKCHANNEL_LOOPBACK: is refused in production',
    'BANK_VERIFIER: must name a real adapter in production',
    'SMS_PROVIDER: must name a real adapter in production',
    'NUMBER_AGE_PROVIDER: must name a real adapter in production',
    'REGISTRY: must name a real adapter in production',
    'ISSUER: must be https in production',
    'INITIAL_ACCESS_TOKEN: must be 32 characters or more in production',
    'REGISTRY_URL: must be https in production',
  ])
})

test.each([
  [{ NUMBER_AGE_PROVIDER: 'aliyun' }, ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET']],
  [{ NUMBER_AGE_PROVIDER: 'tencent' }, ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY']],
  [{ REGISTRY: 'http' }, ['REGISTRY_URL', 'REGISTRY_TOKEN']],
])('%j reports the settings that it requires', (chosen, needed) => {
  const [[name, value] = []] = Object.entries(chosen)
  expect(environmentProblems({ ...complete, ...chosen })).toEqual(
    needed.map((one) => `${one}: is missing (${name}=${value} needs it)`),
  )
})

test('INTERNAL_HOSTS takes host names only, and in production not this machine', () => {
  expect(
    environmentProblems({ ...complete, INTERNAL_HOSTS: 'exam.intra, localhost,10.1.2.3' }),
  ).toEqual([])
  expect(environmentProblems({ ...complete, INTERNAL_HOSTS: 'https://exam.intra/' })).toEqual([
    'INTERNAL_HOSTS: must be host names alone',
  ])
  const production = { ...complete, NODE_ENV: 'production', INTERNAL_HOSTS: 'exam.intra,localhost' }
  expect(environmentProblems(production)).toContain(
    'INTERNAL_HOSTS: must not be this machine in production',
  )
})

test('client certificate headers require TRUST_PROXY, and the verification header requires the certificate header', () => {
  const CLIENT_CERTIFICATE_HEADER = 'X-Client-Cert'
  const TRUST_PROXY = '1'
  expect(environmentProblems({ ...complete, CLIENT_CERTIFICATE_HEADER })).toEqual([
    'CLIENT_CERTIFICATE_HEADER: needs TRUST_PROXY, for only a proxy can set it',
  ])
  const alone = { CLIENT_CERTIFICATE_VERIFIED_HEADER: 'X-Client-Verify', TRUST_PROXY }
  expect(environmentProblems({ ...complete, ...alone })).toEqual([
    'CLIENT_CERTIFICATE_HEADER: is missing (CLIENT_CERTIFICATE_VERIFIED_HEADER needs it)',
  ])
  expect(environmentProblems({ ...complete, ...alone, CLIENT_CERTIFICATE_HEADER })).toEqual([])
})

test('REGISTRATION_SCOPES takes known scopes with openid, but not those of machines', () => {
  const readScopes = (REGISTRATION_SCOPES: string) =>
    readEnvironment({ ...complete, REGISTRATION_SCOPES }).REGISTRATION_SCOPES
  expect(readScopes('')).toEqual(['openid', 'offline_access', 'profile'])
  expect(readScopes('openid phone')).toEqual(['openid', 'phone'])
  for (const scopes of [
    'openid everything',
    'openid terminal:phone-change',
    'openid admin:keys',
    'phone',
  ])
    expect(environmentProblems({ ...complete, REGISTRATION_SCOPES: scopes })).toHaveLength(1)
})

test.each([
  ['security@example.gov.cn', 'mailto:security@example.gov.cn'],
  ['mailto:security@example.gov.cn', 'mailto:security@example.gov.cn'],
  ['https://example.gov.cn/security', 'https://example.gov.cn/security'],
  ['tel:+86-755-12333', 'tel:+86-755-12333'],
])('SECURITY_CONTACT=%s is read as the URI %s', (SECURITY_CONTACT, uri) => {
  expect(readEnvironment({ ...complete, SECURITY_CONTACT }).SECURITY_CONTACT).toBe(uri)
})

test.each(['12333', 'http://example.gov.cn/', 'javascript:alert(1)', 'a@b\nExpires: never'])(
  'SECURITY_CONTACT=%j is refused',
  (SECURITY_CONTACT) => {
    expect(environmentProblems({ ...complete, SECURITY_CONTACT })).toEqual([
      'SECURITY_CONTACT: must be an e-mail address, or a URI that begins with https:, mailto: or tel:',
    ])
  },
)

/** A production environment without a problem. */
function production(changes: Readonly<Record<string, string>> = {}) {
  const newKey = () => randomBytes(32).toString('base64')
  return {
    ...sampleLegalTexts,
    NODE_ENV: 'production',
    ISSUER: 'https://login.example.gov.cn',
    MONGODB_URI: 'mongodb://uup:secret@db1.example,db2.example/uup?replicaSet=rs0&tls=true',
    REDIS_URL: 'rediss://:secret@redis.example:6380/0',
    DATA_KEYS: `2:${newKey()},1:${newKey()}`,
    DIGEST_KEY: newKey(),
    COOKIE_KEYS: randomBytes(32).toString('hex'),
    ALIYUN_ACCESS_KEY_ID: 'id',
    ALIYUN_ACCESS_KEY_SECRET: 'secret',
    BANK_VERIFIER: 'aliyun',
    NUMBER_AGE_PROVIDER: 'aliyun',
    SMS_PROVIDER: 'tencent',
    TENCENT_SECRET_ID: 'id',
    TENCENT_SECRET_KEY: 'secret',
    TENCENT_SMS_APP_ID: '1',
    TENCENT_SMS_SIGN_NAME: 'sign',
    TENCENT_SMS_TEMPLATES: Object.keys(smsTemplates)
      .map((name) => `${name}=1`)
      .join(),
    REGISTRY: 'http',
    REGISTRY_URL: 'https://registry.example.gov.cn',
    REGISTRY_TOKEN: 'token',
    ...changes,
  }
}

const zeros = Buffer.alloc(32).toString('base64')
const [one = '', two = ''] = [1, 2].map(() => randomBytes(32).toString('base64'))
const hexOf = (base64: string) => Buffer.from(base64, 'base64').toString('hex')

test('production accepts settings that are strong', () => {
  expect(environmentProblems(production())).toEqual([])
})

test('production refuses repeated bytes and one key for two purposes, all at once, without showing a key', () => {
  const problems = environmentProblems(
    production({
      DATA_KEYS: `3:${zeros},2:${one},1:${one}`,
      DIGEST_KEY: one,
      COOKIE_KEYS: `${two},${'c'.repeat(32)},${'0123456789abcdef'.repeat(4)},${hexOf(one)},${two}`,
      INITIAL_ACCESS_TOKEN: two,
      REDIS_URL: 'redis://redis.example',
    }),
  )
  expect(problems).toEqual([
    'DATA_KEYS: version 3: repeats a few bytes, make a new key',
    'DATA_KEYS: version 1: is the same key as DATA_KEYS: version 2, make a key for each',
    'DIGEST_KEY: is the same key as DATA_KEYS: version 2, make a key for each',
    'COOKIE_KEYS: key 2: repeats a few bytes, make a new key',
    'COOKIE_KEYS: key 3: repeats a few bytes, make a new key',
    'COOKIE_KEYS: key 4: is the same key as DATA_KEYS: version 2, make a key for each',
    'COOKIE_KEYS: key 5: is the same key as COOKIE_KEYS: key 1, make a key for each',
    'INITIAL_ACCESS_TOKEN: is the same key as COOKIE_KEYS: key 1, make a key for each',
    'REDIS_URL: needs TLS and a password in production, or STORES_PLAINTEXT=1',
  ])
})

test.each([
  ['MONGODB_URI', 'mongodb://db.example/uup', 'TLS and a password'],
  ['MONGODB_URI', 'mongodb://uup:secret@db.example/uup', 'TLS'],
  ['MONGODB_URI', 'mongodb://uup:secret@127.0.0.1,db.example/uup?tls=false', 'TLS'],
  ['MONGODB_URI', 'mongodb://uup:secret@db.example/uup?tls=true&tlsInsecure=true', 'TLS'],
  ['MONGODB_URI', 'mongodb+srv://uup@db.example/uup', 'a password'],
  ['REDIS_URL', 'redis://:secret@redis.example', 'TLS'],
  ['REDIS_URL', 'rediss://redis.example', 'a password'],
  ['REDIS_URL', 'redis://127.0.0.1.example.com:6379', 'TLS and a password'],
  ['REDIS_URL', 'redis+sentinel://main@s1.example,s2.example?password=secret', 'TLS'],
  ['REDIS_URL', 'redis+sentinel://main@s1.example?sentinelPassword=secret&tls=true', 'a password'],
  ['REDIS_URL', 'redis+cluster://127.0.0.1:7001,r2.example:7002', 'TLS and a password'],
])('production refuses %s=%s', (name, uri, lack) => {
  const weak = production({ [name]: uri })
  expect(environmentProblems(weak)).toEqual([
    `${name}: needs ${lack} in production, or STORES_PLAINTEXT=1`,
  ])
  expect(environmentProblems({ ...weak, STORES_PLAINTEXT: '1' })).toEqual([])
})

test.each([
  ['MONGODB_URI', 'mongodb://localhost:27017,127.0.0.1:27018/uup'],
  ['MONGODB_URI', 'mongodb://%2Ftmp%2Fmongodb-27017.sock/uup'],
  ['MONGODB_URI', 'mongodb+srv://uup:secret@db.example/uup'],
  ['MONGODB_URI', 'mongodb://db.example/uup?tls=true&authMechanism=MONGODB-X509'],
  ['REDIS_URL', 'redis://[::1]:6379/0'],
  ['REDIS_URL', 'redis+sentinel://main@s1.example,s2.example?password=secret&tls=true'],
  ['REDIS_URL', 'redis+cluster://uup:secret@r1.example:7001,r2.example?tls=true'],
  ['REDIS_URL', 'redis+cluster://127.0.0.1:7001,[::1]:7002'],
])('production accepts %s=%s', (name, uri) => {
  expect(environmentProblems(production({ [name]: uri }))).toEqual([])
})

test('an operator command refuses weak settings of production as well', () => {
  const { MONGODB_URI, DIGEST_KEY } = production()
  const read = () =>
    readSettings({ NODE_ENV: 'production', MONGODB_URI, DIGEST_KEY: zeros }, ['DIGEST_KEY'])
  expect(read).toThrow('DIGEST_KEY: repeats a few bytes, make a new key')
  expect(readSettings({ MONGODB_URI, DIGEST_KEY }, ['DIGEST_KEY'])).toBeTruthy()
})

test.each(['ALIYUN_KMS_ENDPOINT', 'TENCENT_KMS_ENDPOINT'] as const)(
  'an operator command in production refuses %s without TLS',
  (name) => {
    const { MONGODB_URI } = production()
    for (const scheme of ['http', 'HTTP']) {
      const given = { MONGODB_URI, [name]: `${scheme}://kms.example.cn` }
      expect(() => readSettings({ ...given, NODE_ENV: 'production' }, [name])).toThrow(
        `${name}: must be https in production`,
      )
      expect(readSettings(given, [name])).toBeTruthy()
    }
  },
)

test('production requires ISSUER', () => {
  expect(environmentProblems({ ...complete, NODE_ENV: 'production' })).toContain(
    'ISSUER: must be https in production',
  )
})

test('a secret may come from a mounted file, and an unreadable file is reported', () => {
  const { DIGEST_KEY: _, ...others } = complete
  expect(environmentProblems({ ...others, DIGEST_KEY_FILE: '/nowhere/key' })).toEqual([
    "DIGEST_KEY_FILE: can't be read (/nowhere/key)",
  ])
})

test('without ADMIN_PORT the other settings of the operators listener are not needed', () => {
  const env = readEnvironment(complete)
  expect([env.ADMIN_PORT, env.ADMIN_HOST, env.ADMIN_ORIGIN, env.ADMIN_NETWORKS]).toEqual([
    undefined,
    '127.0.0.1',
    'http://localhost:3004',
    [],
  ])
  expect(environmentProblems({ ...complete, ADMIN_HOST: '0.0.0.0' })).toEqual([])
})

test.each(['localhost:4318', 'grpc://collector:4317', 'http://collector:4318/'])(
  'OTEL_EXPORTER_OTLP_ENDPOINT=%s is no address of a collector',
  (endpoint) => {
    expect(environmentProblems({ ...complete, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual([
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT: must /),
    ])
  },
)

test('all problems of the operators listener are reported at once', () => {
  const wrong = { ADMIN_PORT: '3000', ADMIN_HOST: '0.0.0.0', ADMIN_ORIGIN: 'http://localhost/a' }
  expect(environmentProblems({ ...complete, ...wrong, ADMIN_NETWORKS: '10.0.0.0/33' })).toEqual([
    'ADMIN_ORIGIN: must be an origin: scheme, host and port alone',
    'ADMIN_NETWORKS: must be networks like 10.0.0.0/8 or 2001:db8::/32',
    'ADMIN_PORT: must differ from PORT',
    'METRICS_TOKEN: is missing (ADMIN_HOST is not loopback, so others can reach /metrics)',
  ])
})

test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])(
  'with ADMIN_HOST=%s METRICS_TOKEN is not needed',
  (ADMIN_HOST) => {
    expect(environmentProblems({ ...complete, ADMIN_PORT: '3004', ADMIN_HOST })).toEqual([])
  },
)

test('ADMIN_NETWORKS takes networks and single addresses of both families', () => {
  const { ADMIN_NETWORKS } = readEnvironment({
    ...complete,
    ADMIN_NETWORKS: '10.0.0.0/8, 2001:db8::/32,192.0.2.7',
  })
  expect(ADMIN_NETWORKS).toEqual([
    { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
    { address: '2001:db8::', prefix: 32, family: 'ipv6' },
    { address: '192.0.2.7', prefix: 32, family: 'ipv4' },
  ])
  for (const network of ['10.0.0/8', '10.0.0.0/', 'intranet', '::/129', '1.2.3.4/-1'])
    expect(environmentProblems({ ...complete, ADMIN_NETWORKS: network })).toHaveLength(1)
})

test('production wants https for ADMIN_ORIGIN and a METRICS_TOKEN that is long and used nowhere else', () => {
  expect(environmentProblems(production({ ADMIN_PORT: '3004' }))).toEqual([
    'ADMIN_ORIGIN: must be https in production',
  ])
  const ADMIN_ORIGIN = 'https://console.example.gov.cn'
  const given = { ADMIN_PORT: '3004', ADMIN_ORIGIN }
  expect(environmentProblems(production({ ...given, METRICS_TOKEN: 'short' }))).toEqual([
    'METRICS_TOKEN: must be 32 characters or more in production',
  ])
  expect(
    environmentProblems(production({ ...given, DIGEST_KEY: one, METRICS_TOKEN: one })),
  ).toEqual(['METRICS_TOKEN: is the same key as DIGEST_KEY, make a key for each'])
  expect(environmentProblems(production({ ...given, METRICS_TOKEN: one }))).toEqual([])
})
