import type { Sentence } from '../../sentences.ts'

/** 用户信息维护 (guide, section 二, part 二; question 九). */
export const accountMessages = {
  'account.title': { 'zh-CN': '用户信息维护', en: 'Your account' },
  'account.more': { 'zh-CN': '更多', en: 'More' },
  'account.tab.details': { 'zh-CN': '用户信息', en: 'Details' },
  'account.tab.password': { 'zh-CN': '密码管理', en: 'Password' },
  'account.tab.questions': { 'zh-CN': '密保工具', en: 'Questions' },
  'account.tab.signIns': { 'zh-CN': '登录与设备', en: 'Devices' },
  'account.tab.permissions': { 'zh-CN': '授权管理', en: 'Permissions' },
  'account.tabs': { 'zh-CN': '用户信息维护', en: 'Your account' },
  'account.signedIn': { 'zh-CN': '已登录：{username}', en: 'Signed in: {username}' },
  'account.signedInFor': {
    'zh-CN': '已登录：{username}（{unit}）',
    en: 'Signed in: {username} ({unit})',
  },
  'account.signOut': { 'zh-CN': '退出登录', en: 'Sign out' },
  'account.frozen': {
    'zh-CN': '账户已冻结，请致电12333',
    en: 'This account is frozen, please call 12333',
  },
  'account.stale': {
    'zh-CN': '您的账户刚刚在别处更改过，本次没有保存。请核对后重新提交。',
    en: 'Your account was changed elsewhere a moment ago, so nothing was saved now. Please look again and save once more.',
  },
  'account.system.gone': { 'zh-CN': '已停用的业务系统', en: 'A system that is gone' },
  'account.backTo': { 'zh-CN': '返回{system}', en: 'Back to {system}' },
  'account.back': { 'zh-CN': '返回用户信息', en: 'Back to your details' },
  'button.save': { 'zh-CN': '保存', en: 'Save' },
  'account.othersEnded': {
    'zh-CN': '为了您的安全，其他设备上的登录已全部退出，本次登录不受影响。',
    en: 'For your safety all other devices were signed out; you stay signed in here.',
  },
  'account.overview.title': { 'zh-CN': '账户概览', en: 'Your account at a glance' },
  'account.overview.change': { 'zh-CN': '修改用户信息', en: 'Change your details' },
  'account.overview.username': { 'zh-CN': '用户名', en: 'Username' },
  'account.overview.name': { 'zh-CN': '姓名', en: 'Name' },
  'account.overview.handler': { 'zh-CN': '经办人', en: 'Handler' },
  'account.overview.phone': { 'zh-CN': '手机号码', en: 'Mobile number' },
  'account.overview.proved': { 'zh-CN': '实名核验', en: 'Proved' },
  'account.overview.provedBy': {
    'zh-CN': '{time}，经{bank}核验',
    en: '{time}, by {bank}',
  },
  'account.overview.provedAtCounter': {
    'zh-CN': '{time}，经人工核验',
    en: '{time}, in person by staff',
  },
  'account.proved.counter': { 'zh-CN': '人工核验', en: 'verified in person' },
  'account.proved.noCard': {
    'zh-CN': '无（已通过人工核验）',
    en: 'none: verified in person by staff',
  },
  'account.overview.signIns': { 'zh-CN': '当前登录', en: 'Signed in now' },
  'account.overview.here': { 'zh-CN': '本次登录', en: 'This device' },
  'account.overview.hereOn': { 'zh-CN': '本次登录（{device}）', en: 'This device ({device})' },
  'account.overview.others': {
    'zh-CN': '另有 {devices} 处登录',
    en: '{devices} devices besides',
  },
  'account.overview.seeSignIns': { 'zh-CN': '查看', en: 'Look at them' },
  'account.overview.attention': { 'zh-CN': '需要您处理', en: 'Needs your attention' },
  'account.overview.nothing': {
    'zh-CN': '没有需要处理的事项。',
    en: 'Nothing needs your attention.',
  },
  'account.overview.noQuestions': {
    'zh-CN': '还没有设置密保问题，忘记密码时少一种找回方式。',
    en: 'You have set no security questions, so there is one way less to recover your password.',
  },
  'account.overview.setQuestions': {
    'zh-CN': '现在设置密保问题',
    en: 'Set security questions now',
  },
  'account.overview.newAgreement': {
    'zh-CN': '用户协议或隐私政策有新版本，下次登录时请您阅读并同意。',
    en: 'The user agreement or the privacy policy has a new version, which you will be asked about when you sign in next.',
  },
  'account.overview.readAgreement': { 'zh-CN': '现在阅读', en: 'Read it now' },
  'account.overview.unconfirmed': {
    'zh-CN': '法定代表人尚未确认本单位账户。',
    en: 'The legal representative has not confirmed this account yet.',
  },
  'account.overview.confirm': {
    'zh-CN': '由法定代表人本人确认',
    en: 'Have the legal representative confirm it',
  },
  'account.details.title': { 'zh-CN': '用户信息', en: 'Your details' },
  'account.details.lead': {
    'zh-CN':
      '可修改姓名、银行、银行账号和手机号码。请先在银行办好变更；保存时由银行核验，全部一致才会修改。',
    en: 'You can change name, bank, account and mobile number. Have your bank change them first; it is asked when you save, and all of them change together or not at all.',
  },
  'account.details.document': { 'zh-CN': '证件（不能修改）', en: 'Document (can’t be changed)' },
  'account.details.handlerDocument': {
    'zh-CN': '经办人证件（不能修改）',
    en: 'Handler’s document (can’t be changed)',
  },
  'account.details.unit': { 'zh-CN': '单位名称', en: 'Organisation' },
  'account.details.unitCode': { 'zh-CN': '统一社会信用代码', en: 'Unified social credit code' },
  'account.details.card': { 'zh-CN': '现登记的银行账号', en: 'Bank account on record' },
  'account.details.handler': {
    'zh-CN': '以下为经办人的信息。',
    en: 'The following is about the handler.',
  },
  'account.details.confirmed': { 'zh-CN': '已确认', en: 'done' },
  'account.details.unconfirmed': { 'zh-CN': '尚未确认', en: 'not yet' },
  'account.details.otherHandler': {
    'zh-CN': '换一个人经办，或者由法定代表人确认，请另行办理：',
    en: 'Another handler, or the confirmation by the legal representative, has pages of its own:',
  },
  'account.details.accountHint': {
    'zh-CN': '每次修改都请重新输入；15 到 19 位，不支持信用卡',
    en: 'To be typed anew each time; 15 to 19 digits, no credit cards',
  },
  'account.details.phoneHint': {
    'zh-CN': '现为 {phone}。不更换请留空；更换请填写已在该银行预留的新号码',
    en: 'Now {phone}. Leave empty to keep it, or type the new one that this bank has on record',
  },
  'oldPhoneCode.why': {
    'zh-CN': '您的证件号码不是全国唯一的，修改姓名还需原手机号码 {phone} 的短信验证码。',
    en: 'Your ID number is not unique in the country, so a new name also needs a code sent to your present phone {phone}.',
  },
  'oldPhoneCode.send': {
    'zh-CN': '向原手机号码发送短信验证',
    en: 'Send a code to the present phone',
  },
  'oldPhoneCode.label': { 'zh-CN': '原手机号码短信验证码', en: 'SMS code of the present phone' },
  'oldPhoneCode.required': {
    'zh-CN':
      '请先点击“向原手机号码发送短信验证”，再输入收到的验证码；原手机号码已停用的，请致电12333办理人工核验',
    en: 'Have a code sent to your present phone, then enter it. If that phone is gone, call 12333 to have your identity checked by hand.',
  },
  'account.details.done.title': { 'zh-CN': '用户信息已保存', en: 'Your details are saved' },
  'account.details.done.text': {
    'zh-CN': '已于 {time} 经银行核验并保存。姓名：{name}，银行账号：{card}，手机号码：{phone}。',
    en: 'Confirmed by your bank and saved at {time}. Name: {name}, bank account: {card}, mobile number: {phone}.',
  },
  'account.details.done.counter': {
    'zh-CN': '已于 {time} 经人工核验并保存。姓名：{name}，手机号码：{phone}。',
    en: 'Verified in person by staff and saved at {time}. Name: {name}, mobile number: {phone}.',
  },
  'account.password.title': { 'zh-CN': '密码管理', en: 'Password' },
  'account.password.lead': {
    'zh-CN': '修改密码后，其他设备上的登录会全部退出。',
    en: 'When the password changes, all other devices are signed out.',
  },
  'presentPassword.label': { 'zh-CN': '原密码', en: 'Present password' },
  'newPassword.label': { 'zh-CN': '新密码', en: 'New password' },
  'newPasswordAgain.label': { 'zh-CN': '确认新密码', en: 'New password again' },
  'presentPassword.missing': { 'zh-CN': '请输入原密码', en: 'Type your present password' },
  'presentPassword.wrong': {
    'zh-CN': '密码不正确，请核对后重新输入',
    en: 'That is not your present password, please type it again',
  },
  'presentPassword.wait': {
    'zh-CN':
      '密码多次输入不正确。为保护账户，请在{when}再试；忘记密码的，可以退出登录后用“忘记密码？”找回',
    en: 'Too many wrong passwords. To protect the account, please try again {when}; if you have forgotten it, sign out and use “Forgot your password?”',
  },
  'account.password.same': {
    'zh-CN': '新密码与原密码相同，请换一个',
    en: 'That is the password you have, please choose another',
  },
  'account.password.done.title': { 'zh-CN': '密码已修改', en: 'Your password is changed' },
  'account.password.done.text': {
    'zh-CN': '密码已于 {time} 修改。下次登录请使用新密码。',
    en: 'Your password was changed at {time}. Use the new one when you sign in next.',
  },
  'account.questions.title': { 'zh-CN': '密保工具', en: 'Security questions' },
  'account.questions.lead': {
    'zh-CN': '设置 3 个密保问题，忘记密码时可用来找回。请选只有您知道答案的问题。',
    en: 'Three questions that help when you forget your password. Choose ones whose answers only you know.',
  },
  'account.questions.none': {
    'zh-CN': '您还没有设置密保问题。',
    en: 'You have set no security questions yet.',
  },
  'account.questions.set': {
    'zh-CN': '您已设置以下密保问题。保存后将被新的替换，答案不会显示。',
    en: 'These are set. What you save replaces them; answers are never shown.',
  },
  'account.questions.done.title': { 'zh-CN': '密保问题已设置', en: 'Security questions are set' },
  'account.questions.done.text': {
    'zh-CN': '密保问题已于 {time} 设置。忘记密码时，可用“密保问题”找回。',
    en: 'Your security questions were set at {time}. They help when you forget your password.',
  },
} as const satisfies Record<string, Sentence>
