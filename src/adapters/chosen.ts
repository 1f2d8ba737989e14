import type { Logger } from 'pino'
import type { Environment } from '../../config/env.ts'
import type { Policy } from '../../config/policy.ts'
import { type SmsTemplate, smsTemplates } from '../../config/sms-templates.ts'
import type { BankVerification } from '../ports/bank-verification.ts'
import type { Breaker } from '../ports/breaker.ts'
import type { Clock } from '../ports/clock.ts'
import type { SmsGateway } from '../ports/sms-gateway.ts'
import { bankAliyun } from './bank-aliyun.ts'
import { bankHttp } from './bank-http.ts'
import { bankTencent } from './bank-tencent.ts'
import { bankWithBreaker, smsWithBreaker } from './circuit-breaker.ts'
import { smsAliyun } from './sms-aliyun.ts'
import { smsHttp } from './sms-http.ts'
import { smsTencent } from './sms-tencent.ts'

type Surroundings = {
  readonly env: Environment
  readonly policy: Pick<Policy, 'outside'>
  readonly clock: Clock
  readonly log: Logger
}

/** The bank verifier that BANK_VERIFIER names, behind its circuit breaker. */
export function chosenBank(around: Surroundings): BankVerification & Breaker {
  const { env } = around
  const outside = outsideOf(around, 'bank')
  const adapters = {
    simulator: () => bankHttp({ ...outside, baseUrl: env.SIMULATOR_URL }),
    aliyun: () => bankAliyun({ ...outside, ...aliyunAccount(env) }),
    tencent: () => bankTencent({ ...outside, ...tencentAccount(env) }),
  }
  return bankWithBreaker(adapters[env.BANK_VERIFIER](), breakerOf(around, 'bank'))
}

/** The SMS gateway that SMS_PROVIDER names, behind its circuit breaker. */
export function chosenSms(around: Surroundings): SmsGateway & Breaker {
  const { env } = around
  const outside = outsideOf(around, 'sms')
  const adapters = {
    simulator: () => smsHttp({ ...outside, baseUrl: env.SIMULATOR_URL }),
    aliyun: () =>
      smsAliyun({
        ...outside,
        ...aliyunAccount(env),
        signName: env.ALIYUN_SMS_SIGN_NAME ?? '',
        templates: env.ALIYUN_SMS_TEMPLATES ?? none,
      }),
    tencent: () =>
      smsTencent({
        ...outside,
        ...tencentAccount(env),
        appId: env.TENCENT_SMS_APP_ID ?? '',
        signName: env.TENCENT_SMS_SIGN_NAME ?? '',
        templates: env.TENCENT_SMS_TEMPLATES ?? none,
      }),
  }
  return smsWithBreaker(adapters[env.SMS_PROVIDER](), breakerOf(around, 'sms'))
}

const none = Object.fromEntries(Object.keys(smsTemplates).map((name) => [name, ''])) as Record<
  SmsTemplate,
  string
>

// The environment was refused at the start where a chosen adapter's settings are missing.
const aliyunAccount = (env: Environment) => ({
  accessKeyId: env.ALIYUN_ACCESS_KEY_ID ?? '',
  accessKeySecret: env.ALIYUN_ACCESS_KEY_SECRET ?? '',
})

const tencentAccount = (env: Environment) => ({
  secretId: env.TENCENT_SECRET_ID ?? '',
  secretKey: env.TENCENT_SECRET_KEY ?? '',
})

const outsideOf = ({ policy, clock, log }: Surroundings, service: string) => ({
  timeout: policy.outside.timeout,
  clock,
  report: (problem: string) => log.warn({ service, problem }, 'outside service failed'),
})

const breakerOf = ({ policy, clock, log }: Surroundings, service: string) => ({
  failures: policy.outside.breakerFailures,
  rest: policy.outside.breakerRest,
  clock,
  report: (state: 'open' | 'closed') => log.warn({ service, state }, 'circuit breaker'),
})
