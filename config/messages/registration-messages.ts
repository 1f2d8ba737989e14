import type { Sentence } from '../sentences.ts'

/** 用户注册 of individuals (guide, section 二, part 一). */
export const registrationMessages = {
  'registration.title': { 'zh-CN': '个人用户注册', en: 'Register as a person' },
  'registration.login.title': { 'zh-CN': '填写登录信息', en: 'Sign-in details' },
  'registration.login.lead': {
    'zh-CN': '请设置以后登录时使用的用户名和密码。',
    en: 'Choose the username and password that you will sign in with.',
  },
  'registration.identity.title': { 'zh-CN': '填写身份信息', en: 'Who you are' },
  'registration.identity.lead': {
    'zh-CN': '请按证件填写，并与您在银行留存的信息一致。',
    en: 'As on your document, and as your bank has it on record.',
  },
  'registration.bank.title': { 'zh-CN': '填写验证信息', en: 'Proof by bank card' },
  'registration.bank.lead': {
    'zh-CN': '银行账号只用于核验您的身份，不会扣款。请使用本人的借记卡或深圳金融社保卡。',
    en: 'The account only proves who you are; nothing is charged. Use a debit card or Shenzhen social-security bank card of your own.',
  },
  'registration.done.title': { 'zh-CN': '注册成功', en: 'You are registered' },
  'registration.done.text': {
    'zh-CN':
      '您已于 {time} 注册成功并通过银行实名核验。以后请使用用户名“{username}”和密码登录各业务系统。',
    en: 'You registered at {time} and your bank has confirmed who you are. From now on sign in everywhere with the username “{username}” and your password.',
  },
  'registration.done.counter': {
    'zh-CN':
      '您已于 {time} 注册成功并通过人工实名核验。以后请使用用户名“{username}”和密码登录各业务系统。',
    en: 'You registered at {time} and staff have verified you in person. From now on sign in everywhere with the username “{username}” and your password.',
  },
  'registration.done.close': { 'zh-CN': '可以关闭本页面', en: 'You can close this page' },
  'registration.done.questions': {
    'zh-CN': '设置密保问题',
    en: 'Set security questions',
  },
  'registration.done.questionsWhy': {
    'zh-CN': '建议现在设置：忘记密码时可用它找回。',
    en: 'Worth doing now: they help when you forget your password.',
  },
  'registration.done.backTo': { 'zh-CN': '返回业务系统登录', en: 'Back to the system, to sign in' },
  'registration.done.account': { 'zh-CN': '用户信息维护', en: 'My account' },
  'registration.organisation': { 'zh-CN': '单位用户注册', en: 'Register an organisation' },
  'username.label': { 'zh-CN': '用户名', en: 'Username' },
  'username.hint': {
    'zh-CN': '4 到 32 位，以字母开头，可用字母、数字和 _ - .',
    en: '4 to 32 characters, beginning with a letter; letters, digits and _ - .',
  },
  'username.taken': { 'zh-CN': '用户名已被使用', en: 'This username is taken' },
  'password.label': { 'zh-CN': '密码', en: 'Password' },
  'password.hint': {
    'zh-CN': '至少 8 位，越长越安全；可以是一句只有您知道的话。',
    en: 'At least 8 characters; longer is safer. It may be a sentence that only you know.',
  },
  'password.kept': {
    'zh-CN': '密码已设置。不修改请留空。',
    en: 'Your password is set. Leave empty to keep it.',
  },
  'passwordAgain.label': { 'zh-CN': '确认密码', en: 'Password again' },
  'name.label': { 'zh-CN': '姓名', en: 'Name' },
  'name.hint': {
    'zh-CN': '生僻字请与银行留存的写法一致',
    en: 'Write rare characters as your bank does',
  },
  'idType.label': { 'zh-CN': '证件类型', en: 'Document type' },
  'idType.choose': { 'zh-CN': '请选择', en: 'Please choose' },
  'idCountry.label': { 'zh-CN': '签发国家或地区', en: 'Issuing country or region' },
  'idCountry.passportOnly': { 'zh-CN': '（仅护照填写）', en: ' (for a passport only)' },
  'idCountry.choose': { 'zh-CN': '请选择国家或地区', en: 'Choose a country or region' },
  'idNumber.label': { 'zh-CN': '证件号', en: 'Document number' },
  'idNumber.taken': { 'zh-CN': '证件已被使用', en: 'This document is registered already' },
  'idNumber.forgotUsername': { 'zh-CN': '忘记用户名？', en: 'Forgotten your username?' },
  'gender.label': { 'zh-CN': '性别', en: 'Sex' },
  'gender.male': { 'zh-CN': '男', en: 'male' },
  'gender.female': { 'zh-CN': '女', en: 'female' },
  'birthdate.label': { 'zh-CN': '出生日期', en: 'Date of birth' },
  'birthdate.hint': { 'zh-CN': '例如 1990-01-31', en: 'For example 1990-01-31' },
  'bank.label': { 'zh-CN': '银行', en: 'Bank' },
  'bank.choose': { 'zh-CN': '请选择', en: 'Please choose' },
  'bankConsent.label': {
    'zh-CN': '我同意将银行账号仅用于核验身份',
    en: 'I agree that my bank account is used to prove who I am, and for nothing else',
  },
  'account.label': { 'zh-CN': '银行账号', en: 'Bank account number' },
  'account.hint': {
    'zh-CN': '卡面上的 15 到 19 位号码；不支持信用卡',
    en: 'The 15 to 19 digits on the card; no credit cards',
  },
  'phone.label': { 'zh-CN': '手机号码', en: 'Mobile number' },
  'phone.hint': {
    'zh-CN': '必须是在该银行预留的手机号码',
    en: 'The one that this bank has on record for you',
  },
  'phoneRegion.label': { 'zh-CN': '国家/地区', en: 'Country or region' },
  'phone.noSms': {
    'zh-CN': '此号码收不到短信，请核对手机号码',
    en: 'This number can’t get messages, please check it',
  },
} as const satisfies Record<string, Sentence>
