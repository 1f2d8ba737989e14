import type {
  ExternalServiceName,
  Instrumentation,
} from '../../ports/observability/instrumentation.ts'
import type { BankAnswer, BankVerification } from '../../ports/services/bank-verification.ts'
import type { NumberAge, NumberAges } from '../../ports/services/number-age.ts'
import type { OrganisationRegistry } from '../../ports/services/organisation-registry.ts'
import type { SmsGateway } from '../../ports/services/sms-gateway.ts'

type Calls = Pick<Instrumentation, 'externalCall'>

/** Measures a call. `wordOf` names its outcome; undefined if nobody was called. */
export async function observedCall<Answer>(
  { externalCall }: Calls,
  service: ExternalServiceName,
  call: () => Promise<Answer>,
  wordOf: (answer: Answer) => string | undefined,
): Promise<Answer> {
  const end = externalCall(service)
  try {
    const answer = await call()
    const outcome = wordOf(answer)
    if (outcome !== undefined) end(outcome)
    return answer
  } catch (error) {
    end('failed')
    throw error
  }
}

export const observedBank = (bank: BankVerification, calls: Calls): BankVerification => ({
  verify: (claim) => observedCall(calls, 'bank', () => bank.verify(claim), wordOfVerification),
})

const wordOfVerification = ({ outcome, notAsked }: BankAnswer) => (notAsked ? undefined : outcome)

export const observedSms = (gateway: SmsGateway, calls: Calls): SmsGateway => ({
  send: (...message) => observedCall(calls, 'sms', () => gateway.send(...message), itself),
})

export const observedAges = (ages: NumberAges, calls: Calls): NumberAges => ({
  ask: (phone) => observedCall(calls, 'number-age', () => ages.ask(phone), wordOfAge),
})

const wordOfAge = (age: NumberAge) => (typeof age === 'object' ? 'known' : age)

export const observedRegistry = (
  registry: OrganisationRegistry,
  calls: Calls,
): OrganisationRegistry => ({
  verify: (claim) => observedCall(calls, 'registry', () => registry.verify(claim), itself),
})

const itself = (outcome: string): string => outcome

/** A function that sends requests to clients. */
export const observedFetch =
  <Parameters extends readonly unknown[]>(
    send: (...parameters: Parameters) => Promise<Response>,
    calls: Calls,
  ) =>
  (...parameters: Parameters): Promise<Response> =>
    observedCall(calls, 'client', () => send(...parameters), wordOfResponse)

const wordOfResponse = ({ ok }: Response) => (ok ? 'done' : 'refused')
