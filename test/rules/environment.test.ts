import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { BadEnvironment, isProduction, readEnvironment } from '../../config/env.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'

const key = randomBytes(32).toString('base64')
const complete = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/uup',
  REDIS_URL: 'redis://127.0.0.1:6379',
  DATA_KEYS: `1:${key}`,
  DIGEST_KEY: key,
  COOKIE_KEYS: 'c'.repeat(32),
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
  expect(problems).toContain('MONGODB_URI: is missing')
  expect(problems.join()).not.toContain('c2hvcnQ=')
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

test('REGISTRATION_SCOPES takes known scopes with openid, but not those of terminals', () => {
  const readScopes = (REGISTRATION_SCOPES: string) =>
    readEnvironment({ ...complete, REGISTRATION_SCOPES }).REGISTRATION_SCOPES
  expect(readScopes('')).toEqual(['openid', 'offline_access', 'profile'])
  expect(readScopes('openid phone')).toEqual(['openid', 'phone'])
  for (const scopes of ['openid everything', 'openid terminal:phone-change', 'phone'])
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
