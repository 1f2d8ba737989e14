import { type SmsTemplate, smsTemplates } from '../../config/sms-templates.ts'
import { bankAliyun } from '../adapters/vendors/aliyun/bank-aliyun.ts'
import { numberAgeAliyun } from '../adapters/vendors/aliyun/number-age-aliyun.ts'
import { smsAliyun } from '../adapters/vendors/aliyun/sms-aliyun.ts'
import { bankHttp } from '../adapters/vendors/http/bank-http.ts'
import { numberAgeHttp } from '../adapters/vendors/http/number-age-http.ts'
import { registryHttp } from '../adapters/vendors/http/registry-http.ts'
import { smsHttp } from '../adapters/vendors/http/sms-http.ts'
import {
  bankWithBreaker,
  numberAgesWithBreaker,
  registryWithBreaker,
  smsWithBreaker,
} from '../adapters/vendors/service-breakers.ts'
import { bankTencent } from '../adapters/vendors/tencent/bank-tencent.ts'
import { numberAgeTencent } from '../adapters/vendors/tencent/number-age-tencent.ts'
import { smsTencent } from '../adapters/vendors/tencent/sms-tencent.ts'
import type { BankVerification } from '../ports/services/bank-verification.ts'
import type { Breaker } from '../ports/services/breaker.ts'
import type { NumberAges } from '../ports/services/number-age.ts'
import type { OrganisationRegistry } from '../ports/services/organisation-registry.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import {
  aliyunAccount,
  breakerOf,
  outsideOf,
  type Surroundings,
  tencentAccount,
} from './external-service-settings.ts'

/** The bank verifier that BANK_VERIFIER names, behind its circuit breaker. */
function chosenBank(around: Surroundings): BankVerification & Breaker {
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
function chosenSms(around: Surroundings): SmsGateway & Breaker {
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
function chosenNumberAges(around: Surroundings): NumberAges & Breaker {
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
function chosenRegistry(around: Surroundings): OrganisationRegistry & Breaker {
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

/** Every service that others run, each behind its circuit breaker. */
export const externalServices = (around: Surroundings) => ({
  bank: chosenBank(around),
  smsGateway: chosenSms(around),
  numberAges: chosenNumberAges(around),
  registry: chosenRegistry(around),
})
