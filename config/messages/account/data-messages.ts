import type { Sentence } from '../../sentences.ts'

/** 我的数据: all data that is stored about a person (PIPL, articles 44 and 45). */
export const accountDataMessages = {
  'account.data.title': { 'zh-CN': '我的数据', en: 'Your data' },
  'account.data.lead': {
    'zh-CN':
      '统一用户平台保存的您的全部信息。页面上的证件号和手机号码只显示一部分，完整内容在下载文件中。',
    en: 'Everything that the platform keeps about you. Numbers are shown in part; the download has them in full.',
  },
  'account.data.username': { 'zh-CN': '用户名', en: 'Username' },
  'account.data.unit': { 'zh-CN': '单位', en: 'Organisation' },
  'account.data.legalRepresentative': { 'zh-CN': '法定代表人', en: 'Legal representative' },
  'account.data.name': { 'zh-CN': '姓名', en: 'Name' },
  'account.data.handler': { 'zh-CN': '经办人姓名', en: 'Name of the handler' },
  'account.data.document': { 'zh-CN': '证件', en: 'Document' },
  'account.data.gender': { 'zh-CN': '性别', en: 'Sex' },
  'account.data.birthdate': { 'zh-CN': '出生日期', en: 'Date of birth' },
  'account.data.phone': { 'zh-CN': '手机号码', en: 'Mobile number' },
  'account.data.card': {
    'zh-CN': '银行账号（只保存隐去中间数字的形式，及用于比对的不可还原摘要）',
    en: 'Bank account (kept with its middle hidden, and as a digest that can’t be turned back)',
  },
  'account.data.provedAt': { 'zh-CN': '银行核验时间', en: 'Confirmed by the bank' },
  'account.data.counterProvedAt': {
    'zh-CN': '人工核验时间',
    en: 'Verified in person by staff',
  },
  'account.data.consent': {
    'zh-CN': '对使用银行账号的同意',
    en: 'Consent to the use of the bank account',
  },
  'account.data.consentGiven': { 'zh-CN': '“{wording}”，{time}', en: '“{wording}”, {time}' },
  'account.data.questions': { 'zh-CN': '密保问题（答案不可还原）', en: 'Security questions' },
  'account.data.noQuestions': { 'zh-CN': '未设置', en: 'None' },
  'account.data.password': { 'zh-CN': '密码', en: 'Password' },
  'account.data.passwordHashed': {
    'zh-CN': '只保存不可还原的摘要',
    en: 'Kept as a hash only, which can’t be turned back',
  },
  'account.data.registeredAt': { 'zh-CN': '注册时间', en: 'Registered' },
  'account.data.more': {
    'zh-CN': '此外保存您的登录、授权和登录记录，见相应栏目，也在下载文件中。',
    en: 'Also kept: sign-ins, permissions and activity; see their tabs. The download has them too.',
  },
  'account.data.download': { 'zh-CN': '下载全部数据（JSON）', en: 'Download everything (JSON)' },
  'account.data.downloadWhy': {
    'zh-CN': '文件含完整的证件号和手机号码，请输入密码后下载，并妥善保管。',
    en: 'The file has your numbers in full: type your password to download it, and keep it safe.',
  },
} as const satisfies Record<string, Sentence>
