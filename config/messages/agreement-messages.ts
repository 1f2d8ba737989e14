import type { Sentence } from '../sentences.ts'

/** 用户协议 and 隐私政策: the checkbox at registration, the question after a new version, and their pages. */
export const agreementMessages = {
  'terms.title': { 'zh-CN': '用户协议', en: 'User agreement' },
  'privacy.title': { 'zh-CN': '隐私政策', en: 'Privacy policy' },
  'legalText.version': { 'zh-CN': '版本 {version}', en: 'Version {version}' },
  'legalText.chinese': {
    'zh-CN': '本文以中文为准。',
    en: 'This text is in Chinese, which is the binding version.',
  },
  // The label of the checkbox in parts: both names are links.
  'agreement.before': { 'zh-CN': '我已阅读并同意', en: 'I have read and agree to the ' },
  'agreement.terms': { 'zh-CN': '用户协议', en: 'user agreement' },
  'agreement.and': { 'zh-CN': '和', en: ' and the ' },
  'agreement.privacy': { 'zh-CN': '隐私政策', en: 'privacy policy' },
  'agreement.hint': {
    'zh-CN': '点击名称在新窗口中阅读，已填写的内容不会丢失',
    en: 'Each name opens in a new window; what you typed stays here',
  },
  'agreement.missing': {
    'zh-CN': '请阅读用户协议和隐私政策，同意后勾选',
    en: 'Please read the user agreement and the privacy policy, and tick the box if you agree',
  },
  'agreement.title': {
    'zh-CN': '请确认用户协议和隐私政策',
    en: 'User agreement and privacy policy',
  },
  'agreement.lead.first': {
    'zh-CN': '继续登录前，请阅读并同意以下文件。',
    en: 'Before you go on, please read these and agree to them.',
  },
  'agreement.lead.changed': {
    'zh-CN': '以下文件在您上次同意之后有更新，请阅读并同意后继续。',
    en: 'These have changed since you agreed to them. Please read them and agree before you go on.',
  },
  'agreement.changed': {
    'zh-CN': '您上次同意的是版本 {before}',
    en: 'Before: version {before}',
  },
  'agreement.same': { 'zh-CN': '没有变化', en: 'Unchanged' },
  'agreement.refusing': {
    'zh-CN': '不同意则返回{system}，本次登录不会继续；您的账户不受影响，下次登录时会再次询问。',
    en: 'If you do not agree you go back to {system} without signing in there. Your account stays as it is, and you are asked again next time.',
  },
  'agreement.agree': { 'zh-CN': '同意并继续', en: 'Agree and continue' },
  'agreement.refuse': { 'zh-CN': '不同意', en: 'I do not agree' },
  'event.agreement-given': {
    'zh-CN': '同意用户协议和隐私政策',
    en: 'Agreed to the user agreement and the privacy policy',
  },
  'event.agreement-refused': {
    'zh-CN': '未同意用户协议和隐私政策',
    en: 'Did not agree to the user agreement and the privacy policy',
  },
  'account.data.agreement': {
    'zh-CN': '用户协议和隐私政策',
    en: 'User agreement and privacy policy',
  },
  'account.data.agreed': {
    'zh-CN': '用户协议版本 {terms}、隐私政策版本 {privacy}，同意于 {time}',
    en: 'User agreement version {terms}, privacy policy version {privacy}, agreed to at {time}',
  },
  'account.data.notAgreed': {
    'zh-CN': '尚未同意；下次登录时询问',
    en: 'Not agreed to yet; you are asked at the next sign-in',
  },
} as const satisfies Record<string, Sentence>
