import type { BankAnswer } from '../../ports/services/bank-verification.ts'
import type { Breaker } from '../../ports/services/breaker.ts'
import type { NumberAge, NumberAges } from '../../ports/services/number-age.ts'
import type {
  OrganisationRegistry,
  RegistryOutcome,
  UnitClaim,
} from '../../ports/services/organisation-registry.ts'
import type { SmsGateway, SmsOutcome } from '../../ports/services/sms-gateway.ts'
import { type BreakerRule, withBreaker } from './circuit-breaker.ts'

type Bank<Question> = { verify(question: Question): Promise<BankAnswer> }

export function bankWithBreaker<Question>(
  bank: Bank<Question>,
  rule: BreakerRule,
): Bank<Question> & Breaker {
  const { ask, isOpen } = withBreaker(
    (question: Question) => bank.verify(question),
    { health: bankHealth, refusal: { outcome: 'unavailable', notAsked: true } },
    rule,
  )
  return { verify: ask, isOpen }
}

export function smsWithBreaker(sms: SmsGateway, rule: BreakerRule): SmsGateway & Breaker {
  const { ask, isOpen } = withBreaker<Parameters<SmsGateway['send']>, SmsOutcome>(
    (message) => sms.send(...message),
    { health: smsHealth, refusal: 'unavailable' },
    rule,
  )
  return { send: (...message) => ask(message), isOpen }
}

export function numberAgesWithBreaker(ages: NumberAges, rule: BreakerRule): NumberAges & Breaker {
  return withBreaker<string, NumberAge>(
    (phone) => ages.ask(phone),
    { health: ageHealth, refusal: 'unavailable' },
    rule,
  )
}

export function registryWithBreaker(
  registry: OrganisationRegistry,
  rule: BreakerRule,
): OrganisationRegistry & Breaker {
  const { ask, isOpen } = withBreaker<UnitClaim, RegistryOutcome>(
    (claim) => registry.verify(claim),
    { health: (outcome) => (outcome === 'unavailable' ? 'down' : 'up'), refusal: 'unavailable' },
    rule,
  )
  return { verify: ask, isOpen }
}

function smsHealth(outcome: SmsOutcome) {
  // Without a budget the gateway is not called.
  if (outcome === 'over_budget') return undefined
  return outcome === 'unavailable' ? 'down' : 'up'
}

function ageHealth(age: NumberAge) {
  // The vendors' adapters return `unknown` for numbers outside the mainland without a call.
  if (age === 'unknown') return undefined
  return age === 'unavailable' ? 'down' : 'up'
}

function bankHealth({ outcome, notAsked }: BankAnswer) {
  if (notAsked || outcome === 'unsupported_document' || outcome === 'quota') return undefined
  return outcome === 'unavailable' ? 'down' : 'up'
}
