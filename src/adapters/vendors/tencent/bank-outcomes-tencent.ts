import type { BankOutcome } from '../../../ports/services/bank-outcomes.ts'

/** Result, as documented for BankCard4EVerification (cloud.tencent.com/document/product/1007/35775). */
export const outcomeByResult = {
  '0': 'match',
  '-1': 'mismatch',
  '-6': 'mismatch', // the holder's data are wrong
  '-7': 'card_unusable', // not enabled for payment without the card
  '-8': 'card_unusable', // confiscated
  '-9': 'no_record', // invalid card number
  '-10': 'no_record', // no issuing bank for it
  '-11': 'card_unusable', // never activated, or dormant
  '-12': 'card_unusable', // retained by a machine
  '-13': 'card_unusable', // reported lost
  '-14': 'card_unusable', // expired
  '-15': 'card_unusable', // restricted
  '-16': 'card_unusable', // too many wrong passwords
  '-17': 'unsupported_bank', // the issuer does not support this
  // The codes below are free of charge.
  '-2': 'mismatch', // not a name
  '-3': 'mismatch', // not an ID number
  '-4': 'no_record', // not a card number
  '-5': 'mismatch', // not a phone number
  '-18': 'unavailable', // busy
  '-19': 'quota', // checked too often today
  '-20': 'unsupported_document',
} as const satisfies Record<string, BankOutcome>
