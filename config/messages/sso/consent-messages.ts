import type { Sentence } from '../../sentences.ts'

/** 授权: the claims that a client gets, and the consent. */
export const consentMessages = {
  'consent.title': { 'zh-CN': '授权', en: 'Permission' },
  'consent.lead': {
    'zh-CN': '{system}请求获取您的以下信息。您可以拒绝；拒绝后不会提供任何信息。',
    en: '{system} asks for the following. You may refuse; then nothing is given.',
  },
  'consent.host': { 'zh-CN': '该系统的网站', en: 'Its website' },
  'consent.answerHost': { 'zh-CN': '授权后转到', en: 'You are sent on to' },
  'consent.foreign': {
    'zh-CN': '非市人社局业务系统',
    en: 'Not a system of the Human Resources and Social Security Bureau',
  },
  'consent.choices': {
    'zh-CN': '勾选的信息会提供给该系统，取消勾选的不会提供。',
    en: 'What is ticked is given to it. Untick what you want to withhold.',
  },
  'consent.fixed': {
    'zh-CN': '该系统必须使用，不能单独取消',
    en: 'It needs these; they can’t be withheld singly',
  },
  'consent.elsewhere': {
    'zh-CN': '是否提供，由“{group}”中的勾选决定',
    en: 'Given or withheld by the tick under “{group}”',
  },
  'consent.valueAfter': { 'zh-CN': '：{value}', en: ': {value}' },
  'consent.group.basic': { 'zh-CN': '基本信息', en: 'Basic information' },
  'consent.group.document': { 'zh-CN': '证件信息', en: 'ID document' },
  'consent.group.phone': { 'zh-CN': '手机号码', en: 'Mobile number' },
  'consent.group.verified': { 'zh-CN': '经银行核验的身份', en: 'Identity confirmed by a bank' },
  'consent.group.away': { 'zh-CN': '离线访问', en: 'Access while you are away' },
  'consent.value.sub': { 'zh-CN': '一串随机字符', en: 'random characters' },
  'consent.value.yes': { 'zh-CN': '是', en: 'yes' },
  'consent.value.no': { 'zh-CN': '否', en: 'no' },
  'consent.purpose': { 'zh-CN': '该系统说明的用途：{purpose}', en: 'What for, it says: {purpose}' },
  'consent.resource': {
    'zh-CN': '以您的名义使用 {resource} 的服务',
    en: 'To use {resource} in your name',
  },
  'consent.agree': { 'zh-CN': '同意', en: 'Agree' },
  'consent.refuse': { 'zh-CN': '拒绝', en: 'Refuse' },
  'consent.remembered': {
    'zh-CN':
      '同意后，90 天内再次登录该系统时不再询问。您可以随时在“用户信息维护”的“授权管理”中撤销。',
    en: 'If you agree, you won’t be asked again when you sign in to this system within 90 days. You can take it back at any time under “Your account”, “Permissions”.',
  },
  'consent.sub': { 'zh-CN': '您在本平台的账户编号', en: 'The number of your account here' },
  'consent.preferred_username': { 'zh-CN': '用户名', en: 'Username' },
  'consent.name': { 'zh-CN': '姓名', en: 'Name' },
  'consent.gender': { 'zh-CN': '性别', en: 'Sex' },
  'consent.birthdate': { 'zh-CN': '出生日期', en: 'Date of birth' },
  'consent.user_type': { 'zh-CN': '用户类型', en: 'Kind of user' },
  'consent.phone_number': { 'zh-CN': '手机号码', en: 'Mobile number' },
  'consent.phone_number_verified': {
    'zh-CN': '手机号码是否已核验',
    en: 'Whether the number was verified',
  },
  'consent.id_type': { 'zh-CN': '证件类型', en: 'Kind of document' },
  'consent.id_country': {
    'zh-CN': '护照的签发国家或地区',
    en: 'Country or region that issued the passport',
  },
  'consent.id_number': { 'zh-CN': '证件号', en: 'Document number' },
  'consent.org_name': { 'zh-CN': '单位名称', en: 'Name of the organisation' },
  'consent.org_id_type': {
    'zh-CN': '单位证件类型',
    en: 'Kind of the organisation’s document',
  },
  'consent.org_id_number': {
    'zh-CN': '单位证件号',
    en: 'Number of the organisation’s document',
  },
  'consent.org_confirmed': {
    'zh-CN': '单位是否经法定代表人确认',
    en: 'Whether its legal representative has confirmed it',
  },
  'consent.verified_claims': {
    'zh-CN': '由哪家银行核验、何时核验（不含银行账号）',
    en: 'Which bank confirmed it and when (never the account)',
  },
  'consent.verified_claims.name': { 'zh-CN': '经银行核验的姓名', en: 'Name, confirmed by a bank' },
  'consent.verified_claims.name_masked': {
    'zh-CN': '经银行核验的姓名，只显示姓氏首字',
    en: 'Name, confirmed by a bank: its first character only',
  },
  'consent.verified_claims.id_type': {
    'zh-CN': '经银行核验的证件类型',
    en: 'Kind of document, confirmed by a bank',
  },
  'consent.verified_claims.id_country': {
    'zh-CN': '经银行核验的护照签发国家或地区',
    en: 'Country or region that issued the passport, confirmed by a bank',
  },
  'consent.verified_claims.id_number': {
    'zh-CN': '经银行核验的证件号',
    en: 'Document number, confirmed by a bank',
  },
  'consent.verified_claims.id_number_last4': {
    'zh-CN': '经银行核验的证件号，只提供后四位',
    en: 'Document number, confirmed by a bank: its last four characters only',
  },
  'consent.verified_claims.phone_number': {
    'zh-CN': '经银行核验的手机号码',
    en: 'Mobile number, confirmed by a bank',
  },
  'consent.verified_claims.gender': {
    'zh-CN': '经银行核验的证件号所载的性别',
    en: 'Sex, as the confirmed document number tells it',
  },
  'consent.verified_claims.birthdate': {
    'zh-CN': '经银行核验的证件号所载的出生日期',
    en: 'Date of birth, as the confirmed document number tells it',
  },
  'consent.verified_claims.over_18': {
    'zh-CN': '是否年满18周岁',
    en: 'Whether you are 18 or older',
  },
  'consent.offline_access': {
    'zh-CN': '在您离开后继续获取以上信息，最长 90 天',
    en: 'Going on reading this when you are away, for 90 days at most',
  },
  'selectAccount.title': { 'zh-CN': '选择账户', en: 'Choose an account' },
  'selectAccount.lead': {
    'zh-CN': '此浏览器中已登录一个账户。请选择用哪个账户登录{system}。',
    en: 'An account is signed in here. Which one do you want to use for {system}?',
  },
  'selectAccount.same': { 'zh-CN': '使用 {username} 继续', en: 'Go on as {username}' },
  'selectAccount.other': { 'zh-CN': '使用其他账户登录', en: 'Sign in with another account' },
} as const satisfies Record<string, Sentence>
