import type { Sentence } from '../sentences.ts'

/** The panel beside a page on a wide screen: things to have at hand, and contacts. */
export const panelMessages = {
  'panel.label': { 'zh-CN': '办理提示', en: 'Good to know' },
  'panel.atHand': { 'zh-CN': '请准备', en: 'Have at hand' },
  'panel.help': { 'zh-CN': '需要帮助？', en: 'Need help?' },
  'panel.questions': { 'zh-CN': '常见问题解答', en: 'Questions and answers' },
  'panel.document': { 'zh-CN': '您的证件', en: 'Your identity document' },
  'panel.card': {
    'zh-CN': '本人的借记卡或深圳金融社保卡',
    en: 'A debit card or Shenzhen social-security bank card of your own',
  },
  'panel.banks': { 'zh-CN': '可用的银行：{banks}。', en: 'Of one of these banks: {banks}.' },
  'panel.cardPhone': {
    'zh-CN': '在该银行预留的手机，用来接收短信验证码',
    en: 'The phone that this bank has on record for you, to get a code by SMS',
  },
  'panel.cardPhoneNew': {
    'zh-CN': '新手机，其号码已在银行改为预留号码',
    en: 'Your new phone, whose number your bank already has on record',
  },
  'panel.registeredPhone': {
    'zh-CN': '注册时填写的手机，用来接收短信',
    en: 'The phone that you registered with, to get a message',
  },
  'panel.phoneOrAnswers': {
    'zh-CN': '您的证件和注册时填写的手机；设置过密保问题的，也可以用答案',
    en: 'Your identity document and the phone that you registered with, or the answers to your security questions',
  },
  'panel.username': { 'zh-CN': '您的用户名', en: 'Your username' },
  'panel.unitLicence': {
    'zh-CN': '单位的营业执照或登记证书',
    en: 'The licence or certificate of the organisation',
  },
  'panel.unitAccount': {
    'zh-CN': '单位账户的用户名和密码',
    en: 'The username and password of the organisation’s account',
  },
  'panel.legalRepresentative': {
    'zh-CN': '法定代表人的姓名和证件号',
    en: 'Name and document number of the legal representative',
  },
  'panel.handler': {
    'zh-CN': '经办人的证件、借记卡或深圳金融社保卡，以及在该银行预留的手机',
    en: 'The handler’s identity document, debit card or Shenzhen social-security bank card, and the phone that this bank has on record',
  },
  'panel.representative': {
    'zh-CN': '法定代表人本人的证件、借记卡或深圳金融社保卡，以及在该银行预留的手机',
    en: 'The legal representative’s own identity document, debit card or Shenzhen social-security bank card, and the phone that this bank has on record',
  },
} as const satisfies Record<string, Sentence>
