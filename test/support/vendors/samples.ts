import type { BankClaim } from '../../../src/ports/services/bank-verification.ts'
import type { UnitClaim } from '../../../src/ports/services/organisation-registry.ts'
import type { SmsMessage } from '../../../src/ports/services/sms-gateway.ts'

/** An invented person whose name has a middle dot, markup and a character outside the BMP. */
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

/** An invented unit whose legal representative is that person. */
export const unit: UnitClaim = {
  name: '深圳市某某（集团）有限公司',
  code: '91350200776049653A',
  legalRepresentative: claim.name,
  legalRepresentativeIdNumber: claim.idNumber,
}

/** The personal values that must not appear in any log or error. */
export const personalValues = [claim.name, claim.idNumber, claim.account, '13800000000', '135790']

/** A vendor's free text that repeats personal data. */
export const carelessText = `rejected: ${personalValues.join(', ')}`
