/** The results of a check. They count against the limits of the card and the ID. */
export const bankFindings = [
  'match',
  /** Name, document, account and phone are not those of one customer. */
  'mismatch',
  /** The bank has no such card. */
  'no_record',
  /** The card is lost, expired, dormant, not activated or restricted: its holder has to go to the bank. */
  'card_unusable',
  'not_debit',
  'unsupported_document',
  'unsupported_bank',
] as const

/** The reasons why there was no check. They never count against the limits. */
export const bankFailures = ['quota', 'unavailable'] as const

export type BankFinding = (typeof bankFindings)[number]
export type BankFailure = (typeof bankFailures)[number]
export type BankOutcome = BankFinding | BankFailure

export const isBankFailure = (outcome: BankOutcome): outcome is BankFailure =>
  (bankFailures as readonly BankOutcome[]).includes(outcome)
