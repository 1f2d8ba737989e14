import type { MessageCode } from '../../config/messages.ts'

/** Sentences about an allowance that is used up: which one it is, and what still works meanwhile. */
type LimitSentences = {
  readonly reached: MessageCode
  /** The ways on that this allowance leaves open, the easiest first. */
  readonly works: readonly MessageCode[]
}

const limit = (reached: MessageCode, ...works: readonly MessageCode[]): LimitSentences => ({
  reached,
  works,
})

/** By the name of the allowance. A new allowance needs a line here, and its sentences in config/messages/limits.ts. */
const sentences: Readonly<Record<string, LimitSentences>> = {
  'bank.card': limit('limit.card', 'works.otherCard', 'works.otherCardAndPhone'),
  'bank.id-phone': limit('limit.idAndPhone', 'works.otherCardAndPhone'),
  'bank.id': limit('limit.id', 'works.askBank'),
  'sms.pause': limit('limit.pause', 'works.otherPhone'),
  'sms.phone-browser': limit('limit.phoneAndBrowser', 'works.otherPhone'),
  'sms.phone': limit('limit.phone', 'works.otherPhone'),
  'recovery.identity.pause': limit('limit.pause', 'works.changePhone'),
  'recovery.identity.phone-browser': limit('limit.identity', 'works.changePhone'),
  'recovery.identity.phone': limit('limit.identity', 'works.changePhone'),
  'registry.code-address': limit('limit.unitCode', 'works.otherNetwork'),
  'registry.code': limit('limit.unitCode', 'works.askRegistry'),
}

/** The allowances of an address and of the networks around it, whatever is counted (`addressAllowances`). */
const isOfNetwork = (name: string): boolean => /^\w+\.(address|network|site)$/.test(name)

const networkLimit = limit('limit.address', 'works.otherNetwork')
const anyLimit = limit('limit.other')

export const limitSentences = (name: string): LimitSentences =>
  isOfNetwork(name) ? networkLimit : (sentences[name] ?? anyLimit)

/** Where the code goes to a phone that can't be chosen freely, the page has another way on than another phone. */
const insteadOfOtherPhone: Readonly<Record<string, MessageCode>> = {
  'password-recovery': 'works.questions',
  'step-up': 'works.newPhone',
  closing: 'works.newPhone',
}

/** The same way on, as the page of an SMS code's `purpose` has it. */
export const wayFor = (purpose: string, works: MessageCode): MessageCode =>
  works === 'works.otherPhone' ? (insteadOfOtherPhone[purpose] ?? works) : works

/** A way on that every one of these allowances leaves open. */
export function waysLeft(names: readonly string[]): readonly MessageCode[] {
  const [first, ...others] = names.map((name) => limitSentences(name).works)
  const ways = first?.filter((way) => others.every((works) => works.includes(way))) ?? []
  return ways.slice(0, 1)
}
