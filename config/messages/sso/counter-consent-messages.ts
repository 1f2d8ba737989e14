import type { Sentence } from '../../sentences.ts'

/** The names of verified claims for a person whom two operators verified (人工核验) instead of a bank. */
export const counterConsentMessages = {
  'consent.counter.group.verified': {
    'zh-CN': '经人工核验的身份',
    en: 'Identity verified in person by staff',
  },
  'consent.counter.verified_claims': {
    'zh-CN': '核验方式和核验时间',
    en: 'How and when you were verified',
  },
  'consent.counter.verified_claims.name': {
    'zh-CN': '经人工核验的姓名',
    en: 'Name, verified in person',
  },
  'consent.counter.verified_claims.name_masked': {
    'zh-CN': '经人工核验的姓名，只显示姓氏首字',
    en: 'Name, verified in person: its first character only',
  },
  'consent.counter.verified_claims.id_type': {
    'zh-CN': '经人工核验的证件类型',
    en: 'Kind of document, verified in person',
  },
  'consent.counter.verified_claims.id_country': {
    'zh-CN': '经人工核验的护照签发国家或地区',
    en: 'Country or region that issued the passport, verified in person',
  },
  'consent.counter.verified_claims.id_number': {
    'zh-CN': '经人工核验的证件号',
    en: 'Document number, verified in person',
  },
  'consent.counter.verified_claims.id_number_last4': {
    'zh-CN': '经人工核验的证件号，只提供后四位',
    en: 'Document number, verified in person: its last four characters only',
  },
  'consent.counter.verified_claims.phone_number': {
    'zh-CN': '经人工核验的手机号码',
    en: 'Mobile number, verified in person',
  },
  'consent.counter.verified_claims.gender': {
    'zh-CN': '经人工核验的证件号所载的性别',
    en: 'Sex, as the verified document number tells it',
  },
  'consent.counter.verified_claims.birthdate': {
    'zh-CN': '经人工核验的证件号所载的出生日期',
    en: 'Date of birth, as the verified document number tells it',
  },
} as const satisfies Record<string, Sentence>
