import type { Locale } from '../../config/sentences.ts'

/** The words of the page 收到的事件. */
export const eventWords: Readonly<
  Record<
    Locale,
    Readonly<Record<'title' | 'text' | 'none' | 'notConnected' | 'time' | 'between', string>> & {
      readonly events: Readonly<Record<string, string>>
      readonly credentials: Readonly<Record<string, string>>
    }
  >
> = {
  'zh-CN': {
    title: '收到的事件',
    text: '统一用户平台会把在本系统登录过的用户的安全变化通知本系统，最近的在最前面。这里只显示用户标识，不显示姓名。',
    none: '还没有收到事件。登录本系统后，在统一用户平台退出登录或修改密码，再刷新本页。',
    notConnected: '暂时无法连接统一用户平台，请稍后刷新本页。',
    time: '时间',
    between: '：',
    events: {
      'session-revoked': '登录已结束',
      'credential-change': '登录凭据已更换',
      'assurance-level-change': '身份已重新核验',
      'account-disabled': '账户已冻结',
      'account-enabled': '账户已解冻',
      'account-purged': '账户已注销',
      'recovery-activated': '用户正在找回账户',
      verification: '连接验证',
      'stream-updated': '事件流状态变化',
    },
    credentials: { password: '密码', 'security-questions': '密保问题', 'phone-sms': '手机号码' },
  },
  en: {
    title: 'Events',
    text: 'The Unified User Platform tells this service about security changes of people who have signed in here, the latest first. Only the user identifier is shown, no name.',
    none: 'No event yet. Sign in here, sign out at the platform or change your password there, and reload this page.',
    notConnected:
      'The Unified User Platform can’t be reached just now. Please reload this page later.',
    time: 'Time',
    between: ': ',
    events: {
      'session-revoked': 'A session has ended',
      'credential-change': 'A credential was changed',
      'assurance-level-change': 'The identity was verified again',
      'account-disabled': 'The account was frozen',
      'account-enabled': 'The account was unfrozen',
      'account-purged': 'The account was erased',
      'recovery-activated': 'The person recovers the account',
      verification: 'Verification of the connection',
      'stream-updated': 'The status of the stream has changed',
    },
    credentials: {
      password: 'password',
      'security-questions': 'security questions',
      'phone-sms': 'mobile number',
    },
  },
}
