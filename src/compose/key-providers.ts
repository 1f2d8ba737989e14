import type { BaseLogger } from 'pino'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import type { Environment } from '../../config/environment/settings.ts'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { keyProviderEnv } from '../adapters/crypto/key-provider-env.ts'
import { observedKms } from '../adapters/instrumentation/observed-kms.ts'
import type { KeyProviders } from '../adapters/mongo/data-keys/key-ring.ts'
import { kmsAliyun } from '../adapters/vendors/aliyun/kms-aliyun.ts'
import { keyProviderKms } from '../adapters/vendors/key-provider-kms.ts'
import type { Kms } from '../adapters/vendors/kms.ts'
import { kmsTencent } from '../adapters/vendors/tencent/kms-tencent.ts'
import type { Instrumentation } from '../ports/observability/instrumentation.ts'
import type { KeyProvider } from '../ports/services/key-provider.ts'
import { aliyunAccount, tencentAccount } from './external-service-settings.ts'

/** The settings on which the data keys in MongoDB depend, for a command that needs no others. */
export const keySettings = [
  ...(['CRYPTO', 'KEY_PROVIDER', 'DATA_KEYS', 'PEPPER_KEYS', 'DIGEST_KEY'] as const),
  ...(['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET'] as const),
  ...(['ALIYUN_KMS_KEY_ID', 'ALIYUN_KMS_REGION', 'ALIYUN_KMS_ENDPOINT'] as const),
  ...(['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'] as const),
  ...(['TENCENT_KMS_KEY_ID', 'TENCENT_KMS_REGION', 'TENCENT_KMS_ENDPOINT'] as const),
] as const
/** Each of these has a default. */
type KmsPlace = 'ALIYUN_KMS_REGION' | 'TENCENT_KMS_REGION' | 'TENCENT_KMS_ENDPOINT'
type KeyEnvironment = Pick<Environment, Exclude<(typeof keySettings)[number], KmsPlace>> &
  Partial<Pick<Environment, KmsPlace>>

/**
 * The providers of key-encryption keys: the one that KEY_PROVIDER names wraps, and every one whose settings are given
 * unwraps, so that keys can move from one to another.
 */
export function keyProviders(
  env: KeyEnvironment,
  log: Pick<BaseLogger, 'warn'> = { warn() {} },
  calls?: Pick<Instrumentation, 'externalCall'>,
): KeyProviders {
  const all = [
    ...(env.DATA_KEYS.length ? [keyProviderEnv(env.DATA_KEYS, env.CRYPTO)] : []),
    ...kmsProviders(env, log, calls),
  ]
  const current = all.find(({ name }) => name === env.KEY_PROVIDER)
  const missing = {
    env: 'DATA_KEYS',
    'aliyun-kms': 'ALIYUN_KMS_KEY_ID',
    'tencent-kms': 'TENCENT_KMS_KEY_ID',
  }
  if (!current)
    throw new BadEnvironment([
      `${missing[env.KEY_PROVIDER]}: is missing (KEY_PROVIDER=${env.KEY_PROVIDER} needs it)`,
    ])
  return { current, all }
}

function kmsProviders(
  env: KeyEnvironment,
  log: Pick<BaseLogger, 'warn'>,
  calls: Pick<Instrumentation, 'externalCall'> | undefined,
): readonly KeyProvider[] {
  const observed = (kms: Kms) => (calls ? observedKms(kms, calls) : kms)
  const { keyService, externalServices } = policyOf()
  const clock = Date.now
  const serviceOf = (service: string) => ({
    timeout: externalServices.timeout,
    clock,
    report: (problem: string) => log.warn({ service, problem }, 'outside service failed'),
  })
  const rule = (service: string) => ({
    failures: externalServices.breakerFailures,
    rest: externalServices.breakerRest,
    clock,
    report: (state: 'open' | 'closed') => log.warn({ service, state }, 'circuit breaker'),
  })
  const aliyun = (keyId: string) =>
    kmsAliyun({
      ...{ ...serviceOf('aliyun-kms'), ...aliyunAccount(env), keyId },
      baseUrl: env.ALIYUN_KMS_ENDPOINT ?? `https://kms.${env.ALIYUN_KMS_REGION}.aliyuncs.com`,
    })
  const tencent = (keyId: string) =>
    kmsTencent({
      ...{ ...serviceOf('tencent-kms'), ...tencentAccount(env), keyId },
      region: env.TENCENT_KMS_REGION ?? '',
      baseUrl: env.TENCENT_KMS_ENDPOINT ?? '',
    })
  return (
    [
      ['aliyun-kms', 'ALIYUN_KMS_KEY_ID', env.ALIYUN_KMS_KEY_ID, aliyun],
      ['tencent-kms', 'TENCENT_KMS_KEY_ID', env.TENCENT_KMS_KEY_ID, tencent],
    ] as const
  ).flatMap(([name, setting, keyId, kms]) =>
    keyId
      ? [keyProviderKms(name, setting, observed(kms(keyId)), keyService.pauses, rule(name))]
      : [],
  )
}
