import type { Sentence } from '../sentences.ts'

/** 更换经办人 and 法定代表人确认 of organisations (decision 0101). */
export const organisationMessages = {
  'organisation.ways': { 'zh-CN': '单位账户的经办人', en: 'The handler of an organisation' },
  'organisation.password.title': { 'zh-CN': '设置新密码', en: 'New password' },
  'organisation.password.lead': {
    'zh-CN': '请为单位账户设置新密码。办理成功后，原密码和原密保问题失效，原有登录全部退出。',
    en: 'Choose a new password for the organisation’s account. Then the old one and the security questions are worth nothing any more, and all devices are signed out.',
  },
  'organisation.stale': {
    'zh-CN': '单位账户刚刚有变更，为了您的安全，请重新验证',
    en: 'The organisation’s account was changed a moment ago. For your safety, please begin again',
  },
  'organisation.done.signIn': {
    'zh-CN':
      '请用用户名“{username}”和新密码登录。原密码和原密保问题已失效，原有登录已全部退出；建议登录后设置密保问题。',
    en: 'Sign in with the username “{username}” and the new password. The old one and the security questions are worth nothing any more, and all devices were signed out; it is worth setting new questions.',
  },
  'organisation.done.told': {
    'zh-CN': '原经办人会收到短信通知。',
    en: 'The handler before is told by SMS.',
  },
  'handlerChange.title': { 'zh-CN': '更换经办人', en: 'Change the handler' },
  'handlerChange.account.title': { 'zh-CN': '验证单位账户', en: 'The organisation’s account' },
  'handlerChange.account.lead': {
    'zh-CN':
      '由新的经办人本人办理。请输入单位账户的用户名和密码，下一步填写新经办人的信息。不知道密码的，可由法定代表人本人办理“法定代表人确认”。',
    en: 'The new handler does this. Type username and password of the organisation’s account; the new handler’s details come next. If nobody knows the password, the legal representative can help by “Confirmation by the legal representative”.',
  },
  'handlerChange.individual': {
    'zh-CN': '这是个人用户，没有经办人。请输入单位账户的用户名',
    en: 'This is a person’s account, which has no handler. Type the username of an organisation',
  },
  'handlerChange.handler.lead': {
    'zh-CN':
      '请填写新经办人本人的信息。新经办人用本人银行卡证明身份；有个人账户的人也可以做经办人。',
    en: 'The details of the new handler, who proves who they are with their own bank card. They may have an account of their own.',
  },
  'handlerChange.done.title': { 'zh-CN': '更换成功', en: 'The handler is changed' },
  'handlerChange.done.text': {
    'zh-CN': '已于 {time} 经银行核验，您现在是该单位账户的经办人。',
    en: 'Your bank confirmed it at {time}: you are the handler of the organisation’s account now.',
  },
  'legalRepresentative.title': {
    'zh-CN': '法定代表人确认',
    en: 'Confirmation by the legal representative',
  },
  'legalRepresentative.unit.lead': {
    'zh-CN':
      '由法定代表人本人办理，不需要单位账户的密码。确认后，法定代表人即为经办人，原经办人不能再使用该账户。请先填写单位信息。',
    en: 'The legal representative does this, without the password of the organisation’s account. They are its handler from then on, and the one before can’t use it any more. First, the organisation.',
  },
  'legalRepresentative.representative.title': {
    'zh-CN': '填写法定代表人信息',
    en: 'The legal representative',
  },
  'legalRepresentative.representative.lead': {
    'zh-CN': '请填写您本人的信息。提交后将与单位登记信息核对。',
    en: 'Your own details. They will be compared with the registry of organisations.',
  },
  'legalRepresentative.bank.lead': {
    'zh-CN':
      '银行账号只用于核验法定代表人的身份，不会扣款。请使用法定代表人本人的借记卡或深圳金融社保卡，不要用单位账户。',
    en: 'The account only proves who you are; nothing is charged. Use a debit card or Shenzhen social-security bank card of your own, not an account of the organisation.',
  },
  'legalRepresentative.notRegistered': {
    'zh-CN': '该单位还没有注册，请先办理单位用户注册；您做经办人的，注册时即完成确认',
    en: 'This organisation is not registered yet. Register it first; with yourself as its handler it is confirmed at once',
  },
  'legalRepresentative.done.title': { 'zh-CN': '确认成功', en: 'The organisation is confirmed' },
  'legalRepresentative.done.text': {
    'zh-CN':
      '已于 {time} 经单位登记信息和银行核验：单位已经法定代表人确认，您现在是该账户的经办人。',
    en: 'The registry and your bank confirmed it at {time}: the organisation is confirmed, and you are the handler of its account.',
  },
} as const satisfies Record<string, Sentence>
