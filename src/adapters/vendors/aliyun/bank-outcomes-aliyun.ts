import type { BankOutcome } from '../../../ports/services/bank-outcomes.ts'

/** BizCode: 1 consistent, 2 inconsistent, 3 not verifiable. The hundreds of SubCode have the same meaning. */
export const outcomeByBizCode = { '1': 'match', '2': 'mismatch', '3': 'no_record' } as const

/** SubCode, as documented for BankMetaVerifyResponseBody in Alibaba Cloud's SDK (2019-03-07). 3xx are free of charge. */
export const outcomeBySubCode = {
  '101': 'match',
  '201': 'mismatch', // the holder's data are wrong
  '202': 'card_unusable', // not enabled for authenticated payment
  '203': 'card_unusable', // expired
  '204': 'card_unusable', // restricted
  '205': 'card_unusable', // confiscated
  '206': 'no_record', // invalid card
  '207': 'no_record', // no issuing bank for it
  '208': 'card_unusable', // never activated, or dormant
  '209': 'card_unusable', // retained by a machine
  '210': 'card_unusable', // reported lost
  '211': 'card_unusable', // too many wrong passwords
  '212': 'unsupported_bank', // the issuer does not support this
  '213': 'card_unusable', // abnormal state
  '214': 'mismatch', // no phone reserved
  '215': 'mismatch', // password, expiry date or CVN2 wrong
  '216': 'card_unusable', // other abnormality of the card
  '301': 'unsupported_bank', // the card does not support this service
  '302': 'card_unusable', // the bank refuses to verify
  '303': 'unsupported_bank', // the card does not support a check of the phone
  '304': 'no_record', // wrong card number
  '305': 'unavailable', // other reasons
  '306': 'quota', // checked too often
} as const satisfies Record<string, BankOutcome>
