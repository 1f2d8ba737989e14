import type { Sentence } from '../../sentences.ts'

/** 注销账户: the request, the cooling-off period, and its cancellation by a sign-in. */
export const accountClosingMessages = {
  'account.close.title': { 'zh-CN': '注销账户', en: 'Close the account' },
  'account.close.lead': {
    'zh-CN':
      '提交后 {days} 天内登录即可取消注销；满 {days} 天后，账户和个人信息将被删除，不能恢复。',
    en: 'For {days} days signing in cancels the closing; after that your account and what we know of you are erased for good.',
  },
  'account.close.atOnce': {
    'zh-CN': '提交后立即退出所有设备和业务系统，正在进行的找回也随之失效。',
    en: 'At once you are signed out of all devices and systems, and recoveries that have begun end.',
  },
  'account.close.names': {
    'zh-CN': '账户删除前，您的用户名和证件不能另行注册；删除后，用户名和证件可以重新注册。',
    en: 'Until then nobody can register your username or document; afterwards both can be registered again.',
  },
  'account.close.kept': {
    'zh-CN': '法律要求留存的安全日志会保留，但不再能识别到您。',
    en: 'Security logs that the law makes us keep stay, and no longer tell who you are.',
  },
  'account.close.systems': {
    'zh-CN': '各业务系统中已有的信息（如报名）由该系统保存，不随之删除。',
    en: 'What business systems know already (an application, say) stays with them.',
  },
  'account.close.code': {
    'zh-CN': '短信验证码将发送至 {phone}。',
    en: 'The code is sent to {phone}.',
  },
  'account.close.button': { 'zh-CN': '注销账户', en: 'Close the account' },
  'account.close.done.title': { 'zh-CN': '已申请注销', en: 'Your account is closing' },
  'account.close.done.text': {
    'zh-CN': '已于 {time} 受理，您已退出所有设备。账户将于 {until} 删除。',
    en: 'Asked for at {time}; you are signed out everywhere. The account will be erased at {until}.',
  },
  'account.close.done.keep': {
    'zh-CN': '如要保留账户，请在此之前登录。可以关闭本页面。',
    en: 'To keep it, sign in before then. You can close this page.',
  },
  'account.kept.title': { 'zh-CN': '注销已取消', en: 'Your account stays' },
  'account.kept.text': {
    'zh-CN': '您曾申请注销账户。您已登录，注销随即取消，账户可以照常使用。',
    en: 'You had asked to close your account. Since you signed in it stays and can be used as before.',
  },
  'account.kept.again': {
    'zh-CN': '如果没有申请过注销，请立即到“用户信息维护”修改密码。',
    en: 'If you had not asked for that, change your password under “Your account” at once.',
  },
} as const satisfies Record<string, Sentence>
