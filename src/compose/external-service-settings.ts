import type { Logger } from 'pino'
import type { Environment } from '../../config/environment/settings.ts'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { BreakerRule } from '../adapters/vendors/circuit-breaker.ts'
import type { ExternalService } from '../adapters/vendors/json-call.ts'
import type { Clock } from '../ports/clock.ts'
import type { Instrumentation } from '../ports/observability/instrumentation.ts'

export type ExternalServiceInput = {
  readonly env: Environment
  readonly policy: Pick<Policy, 'externalServices' | 'numberAge'>
  readonly clock: Clock
  readonly log: Logger
  readonly instrumentation: Pick<Instrumentation, 'externalCall'>
}

/** The timeout of calls to an external service, and the log line of a failed call. */
export const externalServiceOf = (
  { policy, clock, log }: ExternalServiceInput,
  service: string,
  timeout: number = policy.externalServices.timeout,
): Omit<ExternalService, 'baseUrl'> & { readonly clock: Clock } => ({
  timeout,
  clock,
  report: (problem: string) => log.warn({ service, problem }, 'outside service failed'),
})

export const breakerOf = (
  { policy, clock, log }: ExternalServiceInput,
  service: string,
): BreakerRule => ({
  failures: policy.externalServices.breakerFailures,
  rest: policy.externalServices.breakerRest,
  clock,
  report: (state: 'open' | 'closed') => log.warn({ service, state }, 'circuit breaker'),
})

// The start fails when settings of the selected provider are missing, so the empty strings are never used.
export const aliyunAccount = (
  env: Pick<Environment, 'ALIYUN_ACCESS_KEY_ID' | 'ALIYUN_ACCESS_KEY_SECRET'>,
) => ({
  accessKeyId: env.ALIYUN_ACCESS_KEY_ID ?? '',
  accessKeySecret: env.ALIYUN_ACCESS_KEY_SECRET ?? '',
})

export const tencentAccount = (
  env: Pick<Environment, 'TENCENT_SECRET_ID' | 'TENCENT_SECRET_KEY'>,
) => ({
  secretId: env.TENCENT_SECRET_ID ?? '',
  secretKey: env.TENCENT_SECRET_KEY ?? '',
})
