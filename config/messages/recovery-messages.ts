import type { Sentence } from '../sentences.ts'

/** The messages that 找回用户名 and 找回密码 share. */
export const recoveryMessages = {
  'recovery.smsCode': { 'zh-CN': '动态验证', en: 'Code from the message' },
  'recovery.otherPhone': { 'zh-CN': '手机号已停用？', en: 'Phone number no longer in use?' },
  'recovery.backToLogin': { 'zh-CN': '返回登录', en: 'Back to sign-in' },
} as const satisfies Record<string, Sentence>
