import type { BankClaim } from '../../../src/ports/services/bank-verification.ts'
import type { UnitClaim } from '../../../src/ports/services/organisation-registry.ts'
import type { SmsMessage } from '../../../src/ports/services/sms-gateway.ts'

/** An invented person with a name that needs all of Unicode: an ethnic dot and a character beyond the BMP. */
export const claim: BankClaim = {
  bank: '工商银行',
  name: '阿卜杜·𠂇&=甲',
  idType: '居民身份证',
  idNumber: '11010519491231002X',
  account: '6222020000000000005',
  phone: '+8613800000000',
}

export const message: SmsMessage = {
  phone: '+8613800000000',
  template: 'code',
  params: { code: '135790' },
  locale: 'zh-CN',
}

/** An invented unit, led by that person. */
export const unit: UnitClaim = {
  name: '深圳市某某（集团）有限公司',
  code: '91350200776049653A',
  legalRepresentative: claim.name,
  legalRepresentativeIdNumber: claim.idNumber,
}

/** What may stand in no log and no error. */
export const personalValues = [claim.name, claim.idNumber, claim.account, '13800000000', '135790']

/** A careless vendor's free text. */
export const carelessText = `rejected: ${personalValues.join(', ')}`
