import type { Sentence } from '../../sentences.ts'

/** Signing in on a device that has no keyboard of its own. */
export const deviceMessages = {
  'device.code.title': { 'zh-CN': '在设备上登录', en: 'Sign in on a device' },
  'device.code.lead': {
    'zh-CN': '请输入设备屏幕上显示的代码，在那台设备上登录。',
    en: 'Type the code that your device shows, to sign in there.',
  },
  'user_code.label': { 'zh-CN': '设备代码', en: 'Code on the device' },
  'user_code.hint': {
    'zh-CN': '8 个字母，例如 BCDF-GHJK；不区分大小写，短横线可以不输入',
    en: '8 letters, such as BCDF-GHJK; small letters will do, and so will it without the hyphen',
  },
  'device.code.required': { 'zh-CN': '请输入设备代码', en: 'Type the code on the device' },
  'device.code.unknown': {
    'zh-CN': '没有这个代码，请对照设备屏幕检查后重新输入',
    en: 'There is no such code. Please compare it with the device and type it again',
  },
  'device.code.expired': {
    'zh-CN': '此代码已过期，请在设备上重新获取代码',
    en: 'This code has expired. Please get a new one on the device',
  },
  'device.code.used': {
    'zh-CN': '此代码已使用过，请在设备上重新获取代码',
    en: 'This code was used already. Please get a new one on the device',
  },
  'device.code.again': {
    'zh-CN': '页面等待过久，请重新输入设备代码',
    en: 'This page waited too long. Please type the code again',
  },
  'device.code.cookies': {
    'zh-CN': '您的浏览器没有发回 Cookie。请允许浏览器使用 Cookie (cookies)，再重新输入设备代码',
    en: 'Your browser sent no cookies back. Please allow cookies, then type the code again',
  },
  'device.code.next': { 'zh-CN': '下一步', en: 'Continue' },
  'device.confirm.title': { 'zh-CN': '核对设备', en: 'Is this your device?' },
  'device.confirm.lead': {
    'zh-CN': '{system}请求在一台设备上登录您的账户。请核对设备屏幕上的代码是否与下面相同：',
    en: '{system} asks to sign you in on a device. Please compare the code that the device shows with this one:',
  },
  'device.confirm.warning': {
    'zh-CN':
      '只在您本人面前的设备显示此代码时才继续。如果代码是别人发给您的，请按“取消”，否则对方会登录您的账户。',
    en: 'Go on only if a device in front of you shows this code. If somebody sent you the code, press “Cancel”: they would be signed in as you.',
  },
  'device.confirm.yes': { 'zh-CN': '相同，继续', en: 'It is the same, continue' },
  'device.confirm.no': { 'zh-CN': '取消', en: 'Cancel' },
  'device.done.title': { 'zh-CN': '设备登录成功', en: 'Your device is signed in' },
  'device.done.text': {
    'zh-CN': '您可以关闭此页，回到设备上继续使用{system}。',
    en: 'You can close this page and go on using {system} on the device.',
  },
  'device.cancelled.title': { 'zh-CN': '已取消', en: 'Cancelled' },
  'device.cancelled.text': {
    'zh-CN': '设备没有登录您的账户。您可以关闭此页。',
    en: 'The device was not signed in. You can close this page.',
  },
  'device.done.account': {
    'zh-CN': '如需撤销，请在用户信息维护中操作',
    en: 'To take it back, go to your account',
  },
} as const satisfies Record<string, Sentence>
