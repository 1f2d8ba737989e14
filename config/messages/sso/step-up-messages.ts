import type { Sentence } from '../../sentences.ts'

/** 验证身份: a client requires more than the password (specification, section 6). */
export const stepUpMessages = {
  'stepUp.title': { 'zh-CN': '验证身份', en: 'Show that it is you' },
  'stepUp.sms.lead': {
    'zh-CN':
      '{system}要求再次确认是您本人。请点击“发送短信验证”，短信验证码将发送至您登记的手机 {phone}。',
    en: '{system} asks to make sure that it is you. Press “Send SMS code”; the code goes to your registered phone {phone}.',
  },
  'stepUp.bank.lead': {
    'zh-CN':
      '{system}要求由银行重新核验您的身份。银行账号只用于核验您的身份，不会扣款；核验通过后，登记的银行账号、手机号码和核验时间一并更新。',
    en: '{system} asks a bank to confirm who you are once more. The account is used for that alone, nothing is charged; afterwards it is the account and phone on record, with today’s date.',
  },
  'stepUp.otherPhone': {
    'zh-CN': '手机号已停用？请到“用户信息维护”更改',
    en: 'Phone no longer in use? Change it under “Your account”',
  },
  'stepUp.otherName': {
    'zh-CN': '姓名已变更？请到“用户信息维护”更改',
    en: 'Another name by now? Change it under “Your account”',
  },
} as const satisfies Record<string, Sentence>
