/** Settings that select the provider of an external service. */
const providerDefaults = {
  BANK_VERIFIER: 'simulator',
  SMS_PROVIDER: 'simulator',
  NUMBER_AGE_PROVIDER: 'simulator',
  REGISTRY: 'simulator',
  KEY_PROVIDER: 'env',
} as const

/** Settings that each provider needs. */
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
  'KEY_PROVIDER=env': ['DATA_KEYS'],
  'KEY_PROVIDER=aliyun-kms': [
    'ALIYUN_KMS_KEY_ID',
    'ALIYUN_ACCESS_KEY_ID',
    'ALIYUN_ACCESS_KEY_SECRET',
  ],
  'KEY_PROVIDER=tencent-kms': ['TENCENT_KMS_KEY_ID', 'TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'],
  'REGISTRY=http': ['REGISTRY_URL', 'REGISTRY_TOKEN'],
} as const

type GivenSettings = Readonly<Record<string, string | undefined>>

/** Finds the settings that a selected provider needs and that are missing. */
export const missingProviderSettings = (given: GivenSettings): readonly string[] =>
  Object.entries(neededBy).flatMap(([choice, names]) => {
    const [setting = '', provider] = choice.split('=')
    if (providerOf(given, setting) !== provider) return []
    return names
      .filter((name) => !given[name])
      .map((name) => `${name}: is missing (${choice} needs it)`)
  })

/** Finds the external services that are simulated. */
export const simulatedServices = (given: GivenSettings): readonly string[] =>
  Object.keys(providerDefaults).filter((setting) => providerOf(given, setting) === 'simulator')

/** Finds addresses of a KMS that production refuses: data keys would cross the network in clear. */
export const plainKmsProblems = (given: GivenSettings): readonly string[] =>
  ['ALIYUN_KMS_ENDPOINT', 'TENCENT_KMS_ENDPOINT']
    .filter((name) => isPlain(given[name]))
    .map((name) => `${name}: must be https in production`)

export const isPlain = (address: string | undefined): boolean => /^http:/i.test(address ?? '')

const providerOf = (given: GivenSettings, setting: string): string =>
  given[setting] ?? (setting in providerDefaults ? providerDefaults[setting as 'REGISTRY'] : '')
