import type { Locale } from './sentences.ts'

/**
 * The templates of all SMS messages. `{name}` is a parameter; a vendor's template has them in the same order. A notice
 * contains no personal data, since the phone may belong to a stranger by now (specification, section 3).
 */
export const smsTemplates = {
  code: {
    params: ['code'],
    'zh-CN':
      '【统一用户平台】验证码{code}，5分钟内有效。工作人员不会向您索取验证码，请勿告诉他人。',
    en: '[Unified User Platform] Your code is {code}, valid for 5 minutes. Staff never ask for it: tell nobody.',
  },
  /** 找回用户名. */
  username: {
    params: ['username'],
    'zh-CN': '【统一用户平台】您的用户名是{username}，如非本人操作请致电12333',
    en: '[Unified User Platform] Your username is {username}. If this was not you, call 12333',
  },
  /** After 找回密码, to the registered phone. */
  'password-reset': {
    params: [],
    'zh-CN': '【统一用户平台】您在统一用户平台的密码已重置，如非本人操作请致电12333',
    en: '[Unified User Platform] Your password was reset. If this was not you, call 12333',
  },
  /** To the new phone. */
  'phone-changed': {
    params: [],
    'zh-CN':
      '【统一用户平台】您在统一用户平台的手机号已更换为本机号码，今后的短信将发送至此，如非本人操作请致电12333',
    en: '[Unified User Platform] Your phone number was changed to this one, messages come here from now on. If this was not you, call 12333',
  },
  /** To the old phone, with the wording of section 3: it may be the only alarm that the owner gets. */
  'phone-changed-old': {
    params: [],
    'zh-CN': '【统一用户平台】您在统一用户平台的手机号已更换，如非本人操作请致电12333',
    en: '[Unified User Platform] Your phone number was changed. If this was not you, call 12333',
  },
  'new-device': {
    params: [],
    'zh-CN': '【统一用户平台】您的账户在一台新的设备上登录，如非本人操作请致电12333',
    en: '[Unified User Platform] Your account was signed in to on a new device. If this was not you, call 12333',
  },
  /** `date`: the day of erasure without its year, `12月19日` or `19 Dec`, since Tencent allows six characters. */
  'account-closing': {
    params: ['date'],
    'zh-CN':
      '【统一用户平台】您的账户将于{date}注销，在此之前登录即可取消，如非本人操作请致电12333',
    en: '[Unified User Platform] Your account will be closed on {date}; sign in before then to keep it. If this was not you, call 12333',
  },
  /** 人工核验, to the phone that the operators confirmed. */
  'counter-proof': {
    params: ['code'],
    'zh-CN':
      '【统一用户平台】人工核验已通过，核验码{code}，72小时内有效，仅限本人使用一次；已注册的用户自24小时后起有效。工作人员不会向您索取，请勿告诉他人，如非本人操作请致电12333',
    en: '[Unified User Platform] Staff verified you. Your counter verification code is {code}, good once within 72 hours; if you are registered already, from 24 hours on. Tell nobody, staff neither. If this was not you, call 12333',
  },
  /** To the registered phone, before a 核验码 can change the account: it may be the only alarm that the owner gets. */
  'counter-proof-old': {
    params: [],
    'zh-CN':
      '【统一用户平台】您的账户已办理人工核验，24小时后可凭核验码更换手机号等信息，如非本人操作请致电12333',
    en: '[Unified User Platform] Staff verified somebody for your account; in 24 hours its phone number and details can be changed. If this was not you, call 12333',
  },
  /** To the former 经办人 of an organisation. */
  'handler-changed': {
    params: [],
    'zh-CN': '【统一用户平台】您经办的单位账户已更换经办人，如非本人操作请致电12333',
    en: '[Unified User Platform] The organisation account that you handled has a new handler. If this was not you, call 12333',
  },
} as const satisfies Record<string, { params: readonly string[] } & Record<Locale, string>>

export type SmsTemplate = keyof typeof smsTemplates
