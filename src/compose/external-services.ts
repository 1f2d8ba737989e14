import { type SmsTemplate, smsTemplates } from '../../config/sms-templates.ts'
import { countedBank, countedSms } from '../adapters/counters/counted-ports.ts'
import {
  observedAges,
  observedBank,
  observedRegistry,
  observedSms,
} from '../adapters/instrumentation/observed-services.ts'
import { bankAliyun } from '../adapters/vendors/aliyun/bank-aliyun.ts'
import { numberAgeAliyun } from '../adapters/vendors/aliyun/number-age-aliyun.ts'
import { smsAliyun } from '../adapters/vendors/aliyun/sms-aliyun.ts'
import { bankChecks } from '../adapters/vendors/bank-checks.ts'
import { bankHttp } from '../adapters/vendors/http/bank-http.ts'
import { numberAgeHttp } from '../adapters/vendors/http/number-age-http.ts'
import { registryHttp } from '../adapters/vendors/http/registry-http.ts'
import { smsHttp } from '../adapters/vendors/http/sms-http.ts'
import { paidSms } from '../adapters/vendors/paid-sms.ts'
import {
  numberAgesWithBreaker,
  registryWithBreaker,
  smsWithBreaker,
} from '../adapters/vendors/service-breakers.ts'
import { bankTencent } from '../adapters/vendors/tencent/bank-tencent.ts'
import { numberAgeTencent } from '../adapters/vendors/tencent/number-age-tencent.ts'
import { smsTencent } from '../adapters/vendors/tencent/sms-tencent.ts'
import type { Counters } from '../ports/counters.ts'
import type { BankAnswers } from '../ports/services/bank-answers.ts'
import type { BankChecks } from '../ports/services/bank-verification.ts'
import type { Breaker } from '../ports/services/breaker.ts'
import type { Budgets } from '../ports/services/budgets.ts'
import type { NumberAges } from '../ports/services/number-age.ts'
import type { OrganisationRegistry } from '../ports/services/organisation-registry.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import {
  aliyunAccount,
  breakerOf,
  type ExternalServiceInput,
  externalServiceOf,
  tencentAccount,
} from './external-service-settings.ts'

type PaidServiceStores = {
  readonly bankAnswers: BankAnswers
  readonly budgets: Budgets
  readonly counters: Counters
}

/** The bank verifier that BANK_VERIFIER names, behind its circuit breaker. */
function bankProvider(
  input: ExternalServiceInput,
  { bankAnswers, budgets, counters }: PaidServiceStores,
): BankChecks & Breaker {
  const { env, policy } = input
  const service = externalServiceOf(input, 'bank', policy.externalServices.late)
  const adapters = {
    simulator: () => bankHttp({ ...service, baseUrl: env.SIMULATOR_URL }),
    aliyun: () => bankAliyun({ ...service, ...aliyunAccount(env) }),
    tencent: () => bankTencent({ ...service, ...tencentAccount(env) }),
  }
  const rule = breakerOf(input, 'bank')
  const asked = observedBank(adapters[env.BANK_VERIFIER](), input.instrumentation)
  const bank = countedBank(asked, counters)
  return bankChecks(bank, bankAnswers, budgets, rule, policy.externalServices)
}

/** The SMS gateway that SMS_PROVIDER names, behind its circuit breaker. */
function smsProvider(
  input: ExternalServiceInput,
  { budgets, counters }: PaidServiceStores,
): SmsGateway & Breaker {
  const { env } = input
  const service = externalServiceOf(input, 'sms')
  const adapters = {
    simulator: () => smsHttp({ ...service, baseUrl: env.SIMULATOR_URL }),
    aliyun: () =>
      smsAliyun({
        ...service,
        ...aliyunAccount(env),
        signName: env.ALIYUN_SMS_SIGN_NAME ?? '',
        templates: env.ALIYUN_SMS_TEMPLATES ?? noTemplates,
      }),
    tencent: () =>
      smsTencent({
        ...service,
        ...tencentAccount(env),
        appId: env.TENCENT_SMS_APP_ID ?? '',
        signName: env.TENCENT_SMS_SIGN_NAME ?? '',
        templates: env.TENCENT_SMS_TEMPLATES ?? noTemplates,
      }),
  }
  const asked = observedSms(adapters[env.SMS_PROVIDER](), input.instrumentation)
  const gateway = countedSms(asked, counters)
  return smsWithBreaker(paidSms(gateway, budgets), breakerOf(input, 'sms'))
}

/** The operator's number-age service that NUMBER_AGE_PROVIDER names, behind its circuit breaker. */
function numberAgeProvider(input: ExternalServiceInput): NumberAges & Breaker {
  const { env, policy } = input
  const service = externalServiceOf(input, 'number-age', policy.numberAge.timeout)
  const adapters = {
    simulator: () => numberAgeHttp({ ...service, baseUrl: env.SIMULATOR_URL }),
    aliyun: () => numberAgeAliyun({ ...service, ...aliyunAccount(env) }),
    tencent: () => numberAgeTencent({ ...service, ...tencentAccount(env) }),
  }
  const ages = observedAges(adapters[env.NUMBER_AGE_PROVIDER](), input.instrumentation)
  return numberAgesWithBreaker(ages, breakerOf(input, 'number-age'))
}

/** The registry of organisations that REGISTRY names, behind its circuit breaker. */
function registryProvider(input: ExternalServiceInput): OrganisationRegistry & Breaker {
  const { env } = input
  const service = externalServiceOf(input, 'registry')
  const adapters = {
    simulator: () => registryHttp({ ...service, baseUrl: env.SIMULATOR_URL }),
    http: () =>
      registryHttp({ ...service, baseUrl: env.REGISTRY_URL ?? '', token: env.REGISTRY_TOKEN }),
  }
  const registry = observedRegistry(adapters[env.REGISTRY](), input.instrumentation)
  return registryWithBreaker(registry, breakerOf(input, 'registry'))
}

const noTemplates = Object.fromEntries(
  Object.keys(smsTemplates).map((name) => [name, '']),
) as Record<SmsTemplate, string>

/** The external services of the platform, each behind its circuit breaker. */
export const externalServices = (input: ExternalServiceInput, stores: PaidServiceStores) => ({
  bank: bankProvider(input, stores),
  smsGateway: smsProvider(input, stores),
  numberAges: numberAgeProvider(input),
  registry: registryProvider(input),
})
