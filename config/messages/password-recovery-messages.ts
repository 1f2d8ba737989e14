import type { Sentence } from '../sentences.ts'

/** 找回密码 (guide, section 二, part 四). */
export const passwordRecoveryMessages = {
  'passwordRecovery.title': { 'zh-CN': '找回密码', en: 'Forgotten password' },
  'passwordRecovery.username.title': { 'zh-CN': '输入用户名', en: 'Your username' },
  'passwordRecovery.username.lead': {
    'zh-CN': '请输入要找回密码的用户名。',
    en: 'Type the username whose password you have forgotten.',
  },
  'passwordRecovery.username.forgotten': {
    'zh-CN': '忘记用户名？',
    en: 'Forgotten your username too?',
  },
  'passwordRecovery.stale': {
    'zh-CN': '账户信息刚刚有变更，为了您的安全，请重新开始找回密码',
    en: 'The account was changed a moment ago. For your safety, please begin again',
  },
  'passwordRecovery.method.title': { 'zh-CN': '选择找回方式', en: 'How to prove who you are' },
  'passwordRecovery.method.lead': {
    'zh-CN': '请选择一种方式证明是您本人。',
    en: 'Choose a way to prove that it is you.',
  },
  'passwordRecovery.byPhone': {
    'zh-CN': '证件号码+手机验证码',
    en: 'ID number and code by SMS',
  },
  'passwordRecovery.byPhone.hint': {
    'zh-CN': '需要注册时填写的证件和手机号码。手机号已停用的，也请选此项。',
    en: 'You need the document and the mobile number of your registration. Choose this also when that number is no longer in use.',
  },
  'passwordRecovery.byQuestions': { 'zh-CN': '密保问题', en: 'Security questions' },
  'passwordRecovery.byQuestions.hint': {
    'zh-CN': '需要回答您设置过的 3 个密保问题。',
    en: 'You need the answers to the three questions that you set.',
  },
  'passwordRecovery.noQuestions': {
    'zh-CN': '未设置密保，不能通过密保问题找回密码',
    en: 'No security questions were set, so they can’t be used to recover the password',
  },
  'passwordRecovery.proof.title': { 'zh-CN': '验证身份', en: 'Proof that it is you' },
  'passwordRecovery.phone.lead': {
    'zh-CN': '手机号码必须是注册时填写的号码。填写其他号码也能收到短信，但不能通过验证。',
    en: 'Use the mobile number of your registration. Another one gets the message too, but does not pass.',
  },
  'passwordRecovery.unit': {
    'zh-CN': '单位用户：经办人的证件，或统一社会信用代码',
    en: 'Organisations: the handler’s document, or the unified social credit code',
  },
  'passwordRecovery.mismatch': {
    'zh-CN': '证件号或手机号码与注册信息不一致',
    en: 'ID number or mobile number are not those of the registration',
  },
  'passwordRecovery.documentFirst': {
    'zh-CN': '您是本人的，请先填写证件类型和证件号，再点击“发送短信验证”，现在仍可收到短信。',
    en: 'If this is your account, type your ID type and ID number first, then press “Send SMS code”: you can still get a message now.',
  },
  'passwordRecovery.questions.lead': {
    'zh-CN': '请输入 3 个密保问题的答案，不分大小写。',
    en: 'Type the answers to your three questions, capitals or not.',
  },
  'passwordRecovery.wrongAnswers': {
    'zh-CN': '答案不正确，请核对 3 个答案后重新输入',
    en: 'These are not the answers. Please look at all three and type them again',
  },
  'passwordRecovery.questionsRest': {
    'zh-CN':
      '密保问题多次回答不正确。为保护账户，请在{when}再用密保问题；现在可返回上一步，用“证件号码+手机验证码”找回',
    en: 'Too many wrong answers. To protect the account, use them again {when}. You can go back now and use “ID number and code by SMS”',
  },
  'passwordRecovery.password.title': { 'zh-CN': '重置密码', en: 'New password' },
  'passwordRecovery.password.lead': {
    'zh-CN': '请设置新密码。重置后，此账户在所有设备上的登录都会退出。',
    en: 'Choose a new password. All devices on which this account is signed in will be signed out.',
  },
  'passwordRecovery.done.title': { 'zh-CN': '重置成功', en: 'Your password is changed' },
  'passwordRecovery.done.text': {
    'zh-CN': '用户名“{username}”的密码已于 {time} 重置，所有设备上的登录已退出。请用新密码登录。',
    en: 'The password of “{username}” was changed at {time}, and all devices were signed out. Sign in with the new password.',
  },
  'passwordRecovery.done.notice': {
    'zh-CN': '我们会向注册的手机号码发送一条短信通知。',
    en: 'A message goes to the registered phone to say so.',
  },
} as const satisfies Record<string, Sentence>
