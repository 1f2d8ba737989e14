import type { Sentence } from '../sentences.ts'

/** 找回用户名 (guide, section 二, part 三). */
export const usernameRecoveryMessages = {
  'usernameRecovery.title': { 'zh-CN': '找回用户名', en: 'Find your username' },
  'usernameRecovery.identity.title': { 'zh-CN': '验证身份', en: 'Who you are' },
  'usernameRecovery.identity.lead': {
    'zh-CN': '请填写注册时的信息。用户名将以短信发送至注册时填写的手机号码。',
    en: 'As you registered. Your username will be sent by SMS to the phone that you registered.',
  },
  'usernameRecovery.name.hint': {
    'zh-CN': '单位用户请填写单位名称',
    en: 'Of an organisation, its name',
  },
  'userType.label': { 'zh-CN': '用户类型', en: 'Kind of user' },
  'userType.missing': { 'zh-CN': '请选择用户类型', en: 'Choose the kind of user.' },
  'userType.individual': { 'zh-CN': '个人用户', en: 'a person' },
  'userType.organisation': { 'zh-CN': '单位用户', en: 'an organisation' },
  'idType.ofOrganisation': {
    'zh-CN': '单位用户的证件类型是统一社会信用代码',
    en: 'The document of an organisation is its unified social credit code.',
  },
  'idType.ofIndividual': {
    'zh-CN': '统一社会信用代码是单位的证件，个人用户请选择本人的证件类型',
    en: 'A unified social credit code belongs to an organisation. Choose a document of your own.',
  },
  'usernameRecovery.code.title': { 'zh-CN': '验证手机校验码', en: 'Code by SMS' },
  'usernameRecovery.code.lead': {
    'zh-CN': '点击“发送短信验证”，然后输入注册时填写的手机收到的短信验证码。',
    en: 'Press “Send SMS code”, then type the code that arrives at the phone you registered.',
  },
  'usernameRecovery.code.hint': {
    'zh-CN': '未收到？请核对姓名和证件号，或点击“手机号已停用？”',
    en: 'Nothing arrived? Check name and document number, or press “Phone no longer in use?”',
  },
  'usernameRecovery.done.title': { 'zh-CN': '找回用户名成功', en: 'Your username is on its way' },
  'usernameRecovery.done.text': {
    'zh-CN':
      '您的身份已于 {time} 通过验证，用户名以短信发送至注册时填写的手机。请查看短信，然后用它登录。',
    en: 'You proved at {time} who you are, and your username goes by SMS to the phone that you registered. Look at your messages, then sign in with it.',
  },
} as const satisfies Record<string, Sentence>
