import type { Environment } from '../../../config/environment/settings.ts'
import { policy as policyOf } from '../../../config/limits-and-lifetimes.ts'
import { identityAliyun } from '../../adapters/vendors/aliyun/identity-aliyun.ts'
import { identityTencent } from '../../adapters/vendors/tencent/identity-tencent.ts'
import { aliyunAccount, tencentAccount } from '../../compose/external-service-settings.ts'
import { type Check, check, connectionProblem } from './check.ts'

/** The settings by which a vendor is chosen, each with the name of the service in the lines. */
const choices = {
  BANK_VERIFIER: 'bank verifier',
  SMS_PROVIDER: 'SMS gateway',
  NUMBER_AGE_PROVIDER: 'number age',
  REGISTRY: 'registry',
} as const

const vendors = {
  aliyun: { usedFor: 'Aliyun', setting: 'ALIYUN_ACCESS_KEY_ID', kms: 'aliyun-kms' },
  tencent: { usedFor: 'Tencent Cloud', setting: 'TENCENT_SECRET_ID', kms: 'tencent-kms' },
} as const

/**
 * Asks each chosen vendor whose credentials these are, which costs nothing. A bank check or a message costs money, and the
 * registry has no free call, so that only its connection is tried.
 */
export async function serviceChecks(env: Environment): Promise<readonly Check[]> {
  const checks = []
  for (const name of ['aliyun', 'tencent'] as const) {
    const { usedFor, setting, kms } = vendors[name]
    const isUsed =
      env.KEY_PROVIDER === kms ||
      Object.keys(choices).some((choice) => chosen(env, choice) === name)
    if (isUsed)
      checks.push(await check(usedFor, async () => credentialProblems(name, setting, env)))
  }
  const reached = new Map([
    ['simulators', usesSimulator(env) ? env.SIMULATOR_URL : undefined],
    ['registry', env.REGISTRY === 'http' ? env.REGISTRY_URL : undefined],
  ])
  for (const [name, url] of reached)
    if (url) checks.push(await check(name, () => connectionProblems(url)))
  return checks
}

const chosen = (env: Environment, choice: string): unknown => env[choice as keyof typeof choices]
const usesSimulator = (env: Environment) =>
  Object.keys(choices).some((choice) => chosen(env, choice) === 'simulator')

async function credentialProblems(
  name: keyof typeof vendors,
  setting: string,
  env: Environment,
): Promise<readonly string[]> {
  let problem = ''
  const service = {
    timeout: policyOf().externalServices.timeout,
    clock: Date.now,
    report: (word: string) => {
      problem = word
    },
  }
  const isKnown = await {
    aliyun: () => identityAliyun({ ...service, ...aliyunAccount(env) }),
    tencent: () => identityTencent({ ...service, ...tencentAccount(env) }),
  }[name]()
  return isKnown
    ? []
    : [`refuses or does not answer (${problem}): check ${setting} and its secret, and the way out`]
}

/** Any answer will do. */
async function connectionProblems(url: string): Promise<readonly string[]> {
  try {
    await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) })
    return []
  } catch (error) {
    return [
      `${new URL(url).host} does not answer (${connectionProblem(error)}): check its address and the way there`,
    ]
  }
}
