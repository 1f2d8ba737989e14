import type { Sentence } from '../../sentences.ts'

/** 实名认证 of imported registrations, and what the holder of a displaced one is told. */
export const realNameMessages = {
  'realName.title': { 'zh-CN': '实名认证', en: 'Prove who you are' },
  'realName.lead': {
    'zh-CN':
      '此用户名来自原系统，尚未实名。请用本人的借记卡或深圳金融社保卡完成一次实名认证，之后即可登录。银行账号只用于核验您的身份，不会扣款。',
    en: 'This username comes from an older system and nobody has proved it yet. Prove once who you are with a debit card or Shenzhen social-security bank card of your own; then you are signed in. The account only proves who you are; nothing is charged.',
  },
  'realName.unit.lead': {
    'zh-CN': '此单位账户来自原系统，尚未实名。请填写法定代表人信息，提交后将与单位登记信息核对。',
    en: 'This account of an organisation comes from an older system and nobody has proved it yet. Give its legal representative; it will be compared with the registry of organisations.',
  },
  'realName.stale': {
    'zh-CN': '此用户名刚刚已在别处完成实名认证，请重新登录；如需新密码，请使用“忘记密码？”',
    en: 'This username has just been proved elsewhere. Please sign in again; for a new password use “Forgot your password?”',
  },
  'realName.displaced': {
    'zh-CN':
      '此用户名登记的证件已由其持有人经实名核验注册了另一用户名，此用户名不能再用于登录。如是您本人注册，请使用另一用户名登录；不记得的，请点击“忘记用户名？”；如不是您本人，请致电12333',
    en: 'The holder of the document of this username has proved who they are and registered another username, so this one can no longer sign in. If that was you, sign in with the other username, or use “Forgot your username?”. If it was not, please call 12333',
  },
  'realName.displaces': {
    'zh-CN':
      '原系统中另有尚未实名的用户名登记了您的证件。该用户名与您的证件已不再关联，也不能再用于登录；如有疑问，请致电12333。',
    en: 'In an older system another username, which nobody had proved, was registered with your document. It has nothing to do with your document any more and can no longer sign in. If you have questions, please call 12333.',
  },
} as const satisfies Record<string, Sentence>
