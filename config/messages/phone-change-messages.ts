import type { Sentence } from '../sentences.ts'

/** 更换手机号, from either recovery (guide, question 十). */
export const phoneChangeMessages = {
  'phoneChange.title': { 'zh-CN': '更换手机号', en: 'Change your phone' },
  'phoneChange.details.title': { 'zh-CN': '填写信息', en: 'Your details' },
  'phoneChange.details.first': {
    'zh-CN': '请先到银行修改预留手机号码',
    en: 'First have your bank change the phone number that it has on record for you',
  },
  'phoneChange.details.lead': {
    'zh-CN':
      '银行修改成功后，请在此填写本人信息和在银行预留的新手机号码。单位用户请填写经办人的信息。',
    en: 'Once it has, fill in your own details and the new number that the bank has. For an organisation, those of its handler.',
  },
  'phoneChange.handlerGone': {
    'zh-CN': '单位用户的经办人已经离开单位的：',
    en: 'If the handler of an organisation has left it:',
  },
  'phoneChange.otherHolder': {
    'zh-CN': '您注册时填写的手机号码之后可能换过机主，不能只凭短信验证，请先在此更换手机号。',
    en: 'The phone that you registered may have passed to somebody else since, so a message to it is no proof. Please change your phone here first.',
  },
  'phoneChange.phone.label': { 'zh-CN': '新手机号码', en: 'New mobile number' },
  'phoneChange.stale': {
    'zh-CN': '您的账户信息刚刚在别处被修改，请核对后再次提交',
    en: 'Your account was changed elsewhere at this moment. Check the page and send it again.',
  },
  'phoneChange.manualCheck': {
    'zh-CN': '请致电12333办理人工核验',
    en: 'Please call 12333 to have your identity checked by hand.',
  },
  'phoneChange.done.title': { 'zh-CN': '更换成功', en: 'Your phone is changed' },
  'phoneChange.done.text': {
    'zh-CN':
      '手机号已于 {time} 更换，此账户在所有设备上的登录已退出。现在请用新手机号码重新找回用户名或密码。',
    en: 'Your phone was changed at {time}, and all devices were signed out. Now use the new number to find your username or reset your password.',
  },
  'phoneChange.done.proved': {
    'zh-CN':
      '您已于 {time} 通过银行实名核验。此用户名来自原系统，此前尚未实名；为保障安全，原密码已失效。现在请用新手机号码找回用户名，并通过“找回密码”设置新密码。',
    en: 'Your bank confirmed who you are at {time}. This username comes from an older system and nobody had proved it before. To be safe, its old password is no longer valid: now use this number to find your username and to set a new password under “Forgotten password”.',
  },
  'phoneChange.done.recover/username': {
    'zh-CN': '返回找回用户名',
    en: 'Back to find my username',
  },
  'phoneChange.done.recover/password': { 'zh-CN': '返回找回密码', en: 'Back to reset my password' },
} as const satisfies Record<string, Sentence>
