import type { Sentence } from '../sentences.ts'

/** 人工核验 on the citizens' pages: the 核验码 in place of the bank card. */
export const counterCodeMessages = {
  'counterCode.use': { 'zh-CN': '使用人工核验码', en: 'Use a counter verification code' },
  'counterCode.useCard': { 'zh-CN': '使用银行卡核验', en: 'Use a bank card instead' },
  'counterCode.lead': {
    'zh-CN': '请填写您办理人工核验后收到的核验码。姓名、证件和手机号码须与办理时一致。',
    en: 'Type the code that you got by SMS after staff verified you. Name, document and phone must be the same as then.',
  },
  'counterCode.label': { 'zh-CN': '核验码', en: 'Counter verification code' },
  'counterCode.hint': {
    'zh-CN': '短信中的 8 位数字，只能使用一次',
    en: 'The 8 digits of the SMS; good once',
  },
  'counterCode.phoneHint': {
    'zh-CN': '必须是办理人工核验时登记的手机号码',
    en: 'The one that staff wrote down when they verified you',
  },
  'counterCode.phoneHintPresent': {
    'zh-CN': '现为 {phone}。不更换请留空；更换请填写办理人工核验时登记的号码',
    en: 'Now {phone}. Leave empty to keep it, or type the one that staff wrote down when they verified you',
  },
  'counterCode.required': { 'zh-CN': '请填写核验码', en: 'Type the counter verification code' },
  'counterCode.invalid': {
    'zh-CN': '核验码无效或已过期',
    en: 'This counter verification code is not valid or has expired',
  },
  'counterCode.early': {
    'zh-CN': '已注册的用户，核验码自 {until} 起方可使用，届时请再试。',
    en: 'For a registered person the code can be used from {until} on; please try again then.',
  },
} as const satisfies Record<string, Sentence>
