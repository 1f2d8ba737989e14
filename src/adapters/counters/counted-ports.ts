import type { Audit, AuditEvent } from '../../ports/audit.ts'
import type { Counters, SignInOutcome } from '../../ports/counters.ts'
import type { Limits, Tries } from '../../ports/limits.ts'
import type { BankVerification } from '../../ports/services/bank-verification.ts'
import type { Budgets } from '../../ports/services/budgets.ts'
import type { SmsGateway } from '../../ports/services/sms-gateway.ts'
import type { SmsCodes } from '../../ports/sms-codes.ts'

type Counting = Pick<Counters, 'add'>

/** Counts sign-ins by their audit events, when these are stored. */
export const countedAudit = <Trail extends Pick<Audit, 'record'>>(
  audit: Trail,
  counters: Counting,
): Trail => ({
  ...audit,
  async record(event) {
    await audit.record(event)
    const outcome = signInOutcomeOf(event)
    if (outcome) counters.add('sign-ins', { outcome })
  },
})

function signInOutcomeOf({ what, detail }: AuditEvent): SignInOutcome | undefined {
  if (what === 'signed-in') return detail === 'sms' ? 'sms' : 'password'
  if (what === 'sign-in-cancelled') return 'cancelled'
  if (what !== 'sign-in-failed') return undefined
  return detail === 'wait' || detail === 'frozen' ? detail : 'wrong'
}

/** Allowances of one that remember something; they refuse nobody. */
const marks: ReadonlySet<string> = new Set(['registered', 'operator.lookup-alert'])

/** Counts the attempts that an allowance refuses. */
export const countedLimits = (limits: Limits, counters: Counting): Limits => ({
  ...limits,
  async take(allowances) {
    const taken = await limits.take(allowances)
    if (!taken.ok && !marks.has(taken.name)) counters.add('limits', { limit: taken.name })
    return taken
  },
})

/** Counts the tries that a wait refuses. */
export const countedTries = (tries: Tries, counters: Counting): Tries => ({
  ...tries,
  async begin(name, subject, rule) {
    const wait = await tries.begin(name, subject, rule)
    if (wait > 0) counters.add('limits', { limit: `wait.${name}` })
    return wait
  },
})

/** Counts what a spent budget refuses. */
export const countedBudgets = (budgets: Budgets, counters: Counting): Budgets => ({
  ...budgets,
  async spend(name, recipient, isCode) {
    const spent = await budgets.spend(name, recipient, isCode)
    if (!spent.granted) counters.add('limits', { limit: `budget.${name}` })
    return spent
  },
})

/** Counts the checks that the bank was asked for. */
export const countedBank = (bank: BankVerification, counters: Counting): BankVerification => ({
  async verify(claim) {
    const answer = await bank.verify(claim)
    const { outcome, notAsked } = answer
    if (!notAsked) counters.add('bank-checks', { bank: claim.bank, outcome })
    return answer
  },
})

/** Counts the messages that the gateway was asked for. */
export const countedSms = (gateway: SmsGateway, counters: Counting): SmsGateway => ({
  async send(message, recipient) {
    const outcome = await gateway.send(message, recipient)
    counters.add('sms', { template: message.template, outcome })
    return outcome
  },
})

/** Counts the codes that are used. */
export const countedCodes = (smsCodes: SmsCodes, counters: Counting): SmsCodes => ({
  ...smsCodes,
  async use(to) {
    const isUsed = await smsCodes.use(to)
    if (isUsed) counters.add('sms', { template: 'code', outcome: 'used' })
    return isUsed
  },
})
