import { type SmsTemplate, smsTemplates } from '../../config/sms-templates.ts'
import type { BankVerification } from '../ports/bank-verification.ts'
import type { Breaker } from '../ports/breaker.ts'
import type { NumberAges } from '../ports/number-age.ts'
import type { OrganisationRegistry } from '../ports/organisation-registry.ts'
import type { SmsGateway } from '../ports/sms-gateway.ts'
import { bankAliyun } from './bank-aliyun.ts'
import { bankHttp } from './bank-http.ts'
import { bankTencent } from './bank-tencent.ts'
import { numberAgeAliyun } from './number-age-aliyun.ts'
import { numberAgeHttp } from './number-age-http.ts'
import { numberAgeTencent } from './number-age-tencent.ts'
import {
  aliyunAccount,
  breakerOf,
  outsideOf,
  type Surroundings,
  tencentAccount,
} from './outside-settings.ts'
import { registryHttp } from './registry-http.ts'
import {
  bankWithBreaker,
  numberAgesWithBreaker,
  registryWithBreaker,
  smsWithBreaker,
} from './service-breakers.ts'
import { smsAliyun } from './sms-aliyun.ts'
import { smsHttp } from './sms-http.ts'
import { smsTencent } from './sms-tencent.ts'

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

/** The operator's number-age service that NUMBER_AGE_PROVIDER names, behind its circuit breaker. */
export function chosenNumberAges(around: Surroundings): NumberAges & Breaker {
  const { env, policy } = around
  const outside = outsideOf(around, 'number-age', policy.numberAge.timeout)
  const adapters = {
    simulator: () => numberAgeHttp({ ...outside, baseUrl: env.SIMULATOR_URL }),
    aliyun: () => numberAgeAliyun({ ...outside, ...aliyunAccount(env) }),
    tencent: () => numberAgeTencent({ ...outside, ...tencentAccount(env) }),
  }
  return numberAgesWithBreaker(adapters[env.NUMBER_AGE_PROVIDER](), breakerOf(around, 'number-age'))
}

/** The registry of organisations that REGISTRY names, behind its circuit breaker. */
export function chosenRegistry(around: Surroundings): OrganisationRegistry & Breaker {
  const { env } = around
  const outside = outsideOf(around, 'registry')
  const adapters = {
    simulator: () => registryHttp({ ...outside, baseUrl: env.SIMULATOR_URL }),
    http: () =>
      registryHttp({ ...outside, baseUrl: env.REGISTRY_URL ?? '', token: env.REGISTRY_TOKEN }),
  }
  return registryWithBreaker(adapters[env.REGISTRY](), breakerOf(around, 'registry'))
}

const none = Object.fromEntries(Object.keys(smsTemplates).map((name) => [name, ''])) as Record<
  SmsTemplate,
  string
>
