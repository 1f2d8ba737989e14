import type { Locale } from './messages.ts'

/** Every message that goes out by SMS, for all gateways; `{name}` stands for a parameter, in this order at a vendor. */
export const smsTemplates = {
  code: {
    params: ['code'],
    'zh-CN':
      '【统一用户平台】验证码{code}，5分钟内有效。工作人员不会向您索取验证码，请勿告诉他人。',
    en: '[Unified User Platform] Your code is {code}, valid for 5 minutes. Staff never ask for it: tell nobody.',
  },
} as const satisfies Record<string, { params: readonly string[] } & Record<Locale, string>>

export type SmsTemplate = keyof typeof smsTemplates
