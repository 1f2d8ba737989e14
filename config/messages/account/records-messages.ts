import type { Sentence } from '../../sentences.ts'

/** 登录与设备, 授权管理 and 登录记录 of 用户信息维护. */
export const accountRecordMessages = {
  'account.signIns.title': { 'zh-CN': '登录与设备', en: 'Sign-ins and devices' },
  'account.signIns.lead': {
    'zh-CN': '以下设备正在使用您的账户。如有不认识的，请退出该设备，并到“密码管理”修改密码。',
    en: 'These devices are signed in to your account. If you don’t know one, sign it out and change your password.',
  },
  'account.signIns.unknownDevice': { 'zh-CN': '未识别的设备', en: 'Unknown device' },
  'account.signIns.here': { 'zh-CN': '{device}（本次登录）', en: '{device} (this one)' },
  'account.signIns.usedAt': { 'zh-CN': '最近使用', en: 'Last used' },
  'account.signIns.signedInAt': { 'zh-CN': '登录时间', en: 'Signed in' },
  'account.signIns.address': { 'zh-CN': '网络地址', en: 'Network address' },
  'account.signIns.systems': { 'zh-CN': '已登录的系统', en: 'Signed in to' },
  'account.signIns.end': { 'zh-CN': '退出', en: 'Sign out' },
  'account.signIns.endOthers': { 'zh-CN': '退出其他所有设备', en: 'Sign out all other devices' },
  'account.signIns.ended.one': { 'zh-CN': '该设备已退出登录。', en: 'That device is signed out.' },
  'account.signIns.ended.others': {
    'zh-CN': '其他所有设备均已退出登录。',
    en: 'All other devices are signed out.',
  },
  'account.permissions.title': { 'zh-CN': '授权管理', en: 'Permissions' },
  'account.permissions.lead': {
    'zh-CN': '以下系统可以获取您的信息。撤销授权后，该系统不能再获取，已登录的也会退出。',
    en: 'These systems may read something about you. If you withdraw it, they can’t any more and you are signed out there.',
  },
  'account.permissions.none': {
    'zh-CN': '目前没有系统可以获取您的信息。',
    en: 'No system may read anything about you at present.',
  },
  'account.permissions.since': { 'zh-CN': '自 {time} 起可获取：', en: 'Since {time} it may read:' },
  'account.permissions.resources': {
    'zh-CN': '可以您的名义访问：',
    en: 'It may use, in your name:',
  },
  'account.permissions.own': {
    'zh-CN': '{sponsor}的业务系统：无需另行同意；撤销后，您再次登录该系统时会重新授权。',
    en: 'A system of {sponsor} itself, which needs no consent: signing in there again gives it this again.',
  },
  'account.permissions.withdraw': { 'zh-CN': '撤销授权', en: 'Withdraw permission' },
  'account.permissions.withdrawn': {
    'zh-CN': '授权已撤销，该系统不能再获取您的信息。',
    en: 'Permission is withdrawn; that system can’t read anything about you any more.',
  },
  'account.records.title': { 'zh-CN': '登录记录', en: 'Activity' },
  'account.records.lead': {
    'zh-CN': '最近的登录和安全事件。如有不是您本人的操作，请立即修改密码，并致电 {phone}。',
    en: 'The latest sign-ins and security events. If something was not you, change your password at once and call {phone}.',
  },
  'account.records.at': { 'zh-CN': '（{system}）', en: ' ({system})' },
  'account.records.none': { 'zh-CN': '还没有记录。', en: 'Nothing yet.' },
  'event.registered': { 'zh-CN': '注册成功', en: 'Registered' },
  'event.signed-in': { 'zh-CN': '登录成功', en: 'Signed in' },
  'event.sign-in-failed': {
    'zh-CN': '登录失败：密码不正确，或尝试次数过多',
    en: 'Sign-in refused: wrong password, or too many tries',
  },
  'event.sign-in-cancelled': { 'zh-CN': '取消登录', en: 'Cancelled a sign-in' },
  'event.signed-out': { 'zh-CN': '退出登录', en: 'Signed out' },
  'event.stepped-up': { 'zh-CN': '登录时再次验证身份', en: 'Showed again that it is you' },
  'event.sign-ins-ended': { 'zh-CN': '退出其他设备的登录', en: 'Signed out other devices' },
  'event.consent-given': { 'zh-CN': '同意授权', en: 'Gave permission' },
  'event.consent-refused': { 'zh-CN': '拒绝授权', en: 'Refused permission' },
  'event.consent-withdrawn': { 'zh-CN': '撤销授权', en: 'Withdrew permission' },
  'event.username-sent': { 'zh-CN': '找回用户名', en: 'Username sent by SMS' },
  'event.phone-changed': { 'zh-CN': '更换手机号', en: 'Changed the phone number' },
  'event.handler-changed': { 'zh-CN': '更换经办人', en: 'Changed the handler' },
  'event.details-changed': { 'zh-CN': '修改用户信息', en: 'Changed details' },
  'event.password-changed': { 'zh-CN': '修改密码', en: 'Changed the password' },
  'event.password-refused': {
    'zh-CN': '原密码输入不正确，或尝试次数过多',
    en: 'Wrong present password, or too many tries',
  },
  'event.questions-changed': { 'zh-CN': '设置密保问题', en: 'Set security questions' },
  'event.data-downloaded': { 'zh-CN': '下载我的数据', en: 'Downloaded all data' },
  'event.closing-asked': { 'zh-CN': '申请注销账户', en: 'Asked to close the account' },
  'event.closing-ended': { 'zh-CN': '登录，注销已取消', en: 'Signed in, so the account stays' },
  'event.account-erased': { 'zh-CN': '账户已删除', en: 'Account erased' },
  'event.password-reset': { 'zh-CN': '找回密码：密码已重置', en: 'Password reset' },
  'event.account-looked-up': {
    'zh-CN': '工作人员查询了您的账户信息',
    en: 'A member of staff looked at your account',
  },
  'event.counter-proof-asked': {
    'zh-CN': '工作人员为您提交了人工核验',
    en: 'A member of staff asked for your verification in person',
  },
  'event.counter-proof-approved': {
    'zh-CN': '人工核验已通过，核验码已发送',
    en: 'Staff approved your verification in person and sent a code',
  },
  'event.counter-proof-used': {
    'zh-CN': '使用人工核验码',
    en: 'Used a counter verification code',
  },
  'event.counter-proof-refused': {
    'zh-CN': '人工核验码不正确',
    en: 'Counter verification code refused',
  },
  'event.account-unlocked': {
    'zh-CN': '工作人员解除了登录等待',
    en: 'A member of staff ended a wait for signing in',
  },
  'event.account-sign-ins-ended': {
    'zh-CN': '工作人员结束了您的全部登录',
    en: 'A member of staff ended all your sign-ins',
  },
  'event.account-frozen': { 'zh-CN': '账户被冻结', en: 'Account frozen' },
  'event.account-unfrozen': { 'zh-CN': '账户已解冻', en: 'Account no longer frozen' },
  'reasonKind.call': { 'zh-CN': '来电咨询', en: 'Telephone enquiry' },
  'reasonKind.counter': { 'zh-CN': '柜台办理', en: 'Service at a counter' },
  'reasonKind.complaint': { 'zh-CN': '投诉核查', en: 'Complaint' },
  'reasonKind.security': { 'zh-CN': '安全处置', en: 'Security incident' },
  'event.password-reset-refused': {
    'zh-CN': '找回密码：验证未通过',
    en: 'Password reset refused: not proved',
  },
} as const satisfies Record<string, Sentence>
