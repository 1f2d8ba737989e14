import { adminProductionProblems } from './admin-settings.ts'
import { isPlain, plainKmsProblems, simulatedServices } from './provider-settings.ts'
import { loopbackHosts } from './setting-types.ts'
import type { Environment } from './settings.ts'
import { weakSettingProblems } from './weak-settings.ts'

/** Settings that are only for development. */
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

/** Whether `NODE_ENV` is `production`, or the issuer can be reached from other machines. */
export function isProduction(env: Deployment): boolean {
  if (env.NODE_ENV === 'production') return true
  if (!env.ISSUER || !URL.canParse(env.ISSUER)) return false
  const host = new URL(env.ISSUER).hostname
  return !/^(localhost|.+\.localhost|.+\.test|127(\.\d+){3}|\[::1\])$/.test(host)
}

/** Finds everything that production refuses; `parsed` is undefined when a setting is malformed. */
export function productionProblems(
  given: Readonly<Record<string, string | undefined>>,
  parsed: Pick<Environment, 'INTERNAL_HOSTS'> | undefined,
): readonly string[] {
  const { ISSUER: issuer, INITIAL_ACCESS_TOKEN: token, REGISTRY_URL: registry } = given
  const problems = [
    ...refusedInProduction
      .filter((name) => given[name])
      .map((name) => `${name}: is refused in production`),
    ...simulatedServices(given).map((name) => `${name}: must name a real adapter in production`),
  ]
  if (!issuer?.startsWith('https:')) problems.push('ISSUER: must be https in production')
  if (token && token.length < 32)
    problems.push('INITIAL_ACCESS_TOKEN: must be 32 characters or more in production')
  if (parsed?.INTERNAL_HOSTS.some((host) => loopbackHosts.includes(host)))
    problems.push('INTERNAL_HOSTS: must not be this machine in production')
  problems.push(...plainKmsProblems(given))
  if (isPlain(registry)) problems.push('REGISTRY_URL: must be https in production')
  return [...problems, ...adminProductionProblems(given), ...weakSettingProblems(given)]
}
