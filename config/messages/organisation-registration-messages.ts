import type { Sentence } from '../sentences.ts'

/** 用户注册 of organisations (specification, sections 2 and 3). */
export const organisationRegistrationMessages = {
  'organisationRegistration.title': { 'zh-CN': '单位用户注册', en: 'Register an organisation' },
  'organisationRegistration.individual': { 'zh-CN': '个人用户注册', en: 'Register as a person' },
  'organisationRegistration.registered': {
    'zh-CN': '单位已经注册，而经办人有变动的：',
    en: 'If the organisation is registered already and its handler changes:',
  },
  'organisationRegistration.login.lead': {
    'zh-CN': '请为单位账户设置以后登录时使用的用户名和密码。',
    en: 'Choose the username and password that the organisation’s account will sign in with.',
  },
  'organisationRegistration.unit.title': {
    'zh-CN': '填写单位信息',
    en: 'The organisation',
  },
  'organisationRegistration.unit.lead': {
    'zh-CN': '请按营业执照或登记证书填写。提交后将与单位登记信息核对。',
    en: 'As on its licence or certificate. It will be compared with the registry of organisations.',
  },
  'organisationRegistration.handler.title': {
    'zh-CN': '填写经办人信息',
    en: 'Who handles the account',
  },
  'organisationRegistration.handler.lead': {
    'zh-CN':
      '经办人用本人银行卡证明身份，代单位办理业务。法定代表人可以自己做经办人；有个人账户的人也可以做经办人。',
    en: 'The handler acts for the organisation and proves who they are with their own bank card. The legal representative may do so, and so may anybody with an account of their own.',
  },
  'organisationRegistration.bank.lead': {
    'zh-CN':
      '银行账号只用于核验经办人的身份，不会扣款。请使用经办人本人的借记卡或深圳金融社保卡，不要用单位账户。',
    en: 'The account only proves who the handler is; nothing is charged. Use a debit card or Shenzhen social-security bank card of the handler’s own, not an account of the organisation.',
  },
  'organisationRegistration.done.text': {
    'zh-CN':
      '单位已于 {time} 注册成功，经办人已通过银行实名核验。以后请使用用户名“{username}”和密码登录各业务系统。',
    en: 'The organisation was registered at {time} and the bank has confirmed its handler. From now on sign in everywhere with the username “{username}” and the password.',
  },
  'organisationRegistration.done.confirmed': {
    'zh-CN': '经办人就是法定代表人，单位已经法定代表人确认。',
    en: 'The handler is the legal representative, so the organisation is confirmed.',
  },
  'organisationRegistration.done.unconfirmed': {
    'zh-CN':
      '单位尚未经法定代表人确认，有的业务系统可能因此不能办理。法定代表人本人可随时用银行卡确认；确认后由法定代表人担任经办人。',
    en: 'Its legal representative has not confirmed it yet, which some systems may ask for. They can do so at any time with a bank card of their own; they are the handler then.',
  },
  'unitName.label': { 'zh-CN': '单位名称', en: 'Name of the organisation' },
  'unitName.hint': {
    'zh-CN': '与营业执照或登记证书一致的全称',
    en: 'In full, as on its licence or certificate',
  },
  'uscc.hint': {
    'zh-CN': '统一社会信用代码，18 位数字和字母',
    en: 'The unified social credit code, 18 digits and letters',
  },
  'legalRepresentative.label': { 'zh-CN': '法定代表人', en: 'Legal representative' },
  'legalRepresentative.hint': {
    'zh-CN': '与营业执照或登记证书上的姓名一致',
    en: 'As on its licence or certificate',
  },
  'legalRepresentativeIdNumber.label': {
    'zh-CN': '法定代表人证件号',
    en: 'ID number of the legal representative',
  },
} as const satisfies Record<string, Sentence>
