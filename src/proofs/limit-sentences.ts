import type { MessageCode } from '../../config/messages.ts'

/** The messages about a used-up allowance: its name, and the ways that it leaves open. */
type LimitSentences = {
  readonly reached: MessageCode
  /** The ways that this allowance leaves open, the easiest first. */
  readonly works: readonly MessageCode[]
}

const limit = (reached: MessageCode, ...works: readonly MessageCode[]): LimitSentences => ({
  reached,
  works,
})

/**
 * The messages by the name of the allowance. The sentences of a new allowance belong into
 * config/messages/limits-messages.ts.
 */
const sentences: Readonly<Record<string, LimitSentences>> = {
  'bank.card': limit('limit.card', 'works.otherCard', 'works.otherCardAndPhone'),
  'bank.id-phone': limit('limit.idAndPhone', 'works.otherCardAndPhone'),
  'bank.id': limit('limit.id', 'works.askBank'),
  'bank.phone': limit('limit.phoneChecks', 'works.otherCardAndPhone'),
  'bank.flow': limit('limit.flowChecks', 'works.newFlow'),
  'sms.pause': limit('limit.pause', 'works.otherPhone'),
  'sms.phone-browser': limit('limit.phoneAndBrowser', 'works.otherPhone'),
  'sms.phone': limit('limit.phone', 'works.otherPhone'),
  'sms.flow': limit('limit.flowMessages', 'works.newFlow'),
  'sms.browser-pause': limit('limit.pause', 'works.otherPhone'),
  'sms.hourly': limit('limit.hourly', 'works.otherPhone'),
  'sms.device-pause': limit('limit.pause'),
  'sms.device': limit('limit.phoneAndBrowser', 'works.otherPhone'),
  'sms.password-pause': limit('limit.pause'),
  'sms.password': limit('limit.phone', 'works.otherPhone'),
  'sms.identity-pause': limit('limit.pause', 'works.changePhone'),
  'sms.identity': limit('limit.identity', 'works.changePhone'),
  'sms.sign-in-pause': limit('limit.pause'),
  'sms.sign-in': limit('limit.signInCodes', 'works.resetPassword'),
  'registry.code-address': limit('limit.unitCode', 'works.otherNetwork'),
  'registry.code': limit('limit.unitCode', 'works.askRegistry'),
}

/** The allowances of an address and of the networks around it, whatever is counted (`addressAllowances`). */
const isOfNetwork = (name: string): boolean => /^\w+\.(address|network|site)$/.test(name)

const networkLimit = limit('limit.address', 'works.otherNetwork')
const anyLimit = limit('limit.other')

/** Allowances above which an attempt is allowed for a captcha of its own. */
export const isLiftedByCaptcha = (name: string): boolean => name === 'sms.identity-all'

export const limitSentences = (name: string): LimitSentences =>
  isOfNetwork(name) ? networkLimit : (sentences[name] ?? anyLimit)

/** Purposes whose code goes to a fixed phone: their pages offer this way in place of another phone. */
const insteadOfOtherPhone: Readonly<Record<string, MessageCode>> = {
  'password-recovery': 'works.questions',
  'step-up': 'works.newPhone',
  closing: 'works.newPhone',
}

/** Replaces a way by the one that the page of an SMS code's `purpose` offers. */
export const wayFor = (purpose: string, works: MessageCode): MessageCode =>
  works === 'works.otherPhone' ? (insteadOfOtherPhone[purpose] ?? works) : works

/**
 * The easiest way that all these allowances leave open, if there is one. If that of the flow is used up as well, the
 * person has to start again to go that way.
 */
export function waysLeft(names: readonly string[]): readonly MessageCode[] {
  const anew = names.some(isOfFlow) ? (['works.newFlow'] as const) : []
  const [first, ...others] = names
    .filter((name) => !isOfFlow(name))
    .map((name) => limitSentences(name).works)
  if (!first) return anew
  const way = first.find((each) => others.every((works) => works.includes(each)))
  return way ? [...anew, way] : []
}

const isOfFlow = (name: string): boolean => limitSentences(name).works.includes('works.newFlow')
