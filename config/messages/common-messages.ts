import type { Sentence } from '../sentences.ts'

/** Messages that all pages share: buttons, captcha, limits, outages, errors. */
export const commonMessages = {
  'page.error': { 'zh-CN': '错误：', en: 'Error: ' },
  'summary.title': { 'zh-CN': '请先处理以下问题', en: 'There is a problem' },
  'button.next': { 'zh-CN': '下一步', en: 'Continue' },
  'button.submit': { 'zh-CN': '提交', en: 'Submit' },
  'button.back': { 'zh-CN': '上一步', en: 'Back' },
  'button.sendCode': { 'zh-CN': '发送短信验证', en: 'Send SMS code' },
  'button.otherCaptcha': { 'zh-CN': '换一张', en: 'Show another' },
  'button.listen': { 'zh-CN': '听验证码', en: 'Listen instead' },
  'button.keepNames': { 'zh-CN': '保留原字', en: 'Keep it as typed' },
  'button.showPassword': { 'zh-CN': '显示密码', en: 'Show password' },
  'button.hidePassword': { 'zh-CN': '隐藏密码', en: 'Hide password' },
  'button.wait': { 'zh-CN': '请稍候…', en: 'Please wait…' },
  'button.waitBank': {
    'zh-CN': '正在向银行核验，请稍候…',
    en: 'Asking your bank, please wait…',
  },
  'button.waitRegistry': {
    'zh-CN': '正在核对单位登记信息，请稍候…',
    en: 'Asking the registry, please wait…',
  },
  'captcha.label': { 'zh-CN': '验证码', en: 'Digits in the picture' },
  'captcha.labelBesideCode': { 'zh-CN': '图中的数字', en: 'Digits in the picture' },
  'captcha.labelSecond': { 'zh-CN': '第二个验证码', en: 'Digits in the second picture' },
  'captcha.hint': {
    'zh-CN': '请输入图中的 6 个数字。看不清可换一张，也可用听的。',
    en: 'Type the 6 digits of the picture. Ask for another picture, or listen to them.',
  },
  'captcha.picture': {
    'zh-CN': '含数字的图片。如看不见图片，请按“听验证码”。',
    en: 'Picture with digits. If you can’t see it, press “Listen instead”.',
  },
  'captcha.sound': { 'zh-CN': '图中数字的读音', en: 'The digits, read aloud' },
  'captcha.soundHint': {
    'zh-CN': '请只输入“嘀”声之后的数字，共 6 个；没有“嘀”声的数字不用输入。读两遍。',
    en: 'Type only the 6 digits that follow a tone, and leave out the others. Everything is said twice.',
  },
  'captcha.required': { 'zh-CN': '请输入图中的数字', en: 'Type the digits of the picture' },
  'captcha.requiredSecond': {
    'zh-CN': '请再输入第二张图中的 6 个数字',
    en: 'Type the 6 digits of the second picture too',
  },
  'captcha.wrong': {
    'zh-CN': '图中的数字不正确或已过期，请输入新的数字',
    en: 'Those were not the digits, or they have expired. Type the new ones',
  },
  'captcha.needed': {
    'zh-CN': '为保护您的账户，请先输入图中的数字再继续',
    en: 'To protect you, please type the digits of the picture before going on',
  },
  'captcha.hintSecond': {
    'zh-CN': '近来有程序在攻击，请再输入这张图中的 6 个数字。',
    en: 'Programs are attacking at the moment. Please type the 6 digits of this picture too.',
  },
  'captcha.hardest': {
    'zh-CN': '今天的操作次数较多。为防止程序冒用，请先输入图中的数字再继续',
    en: 'There were many tries today. To keep programs out, please type the digits of the picture before going on',
  },
  'captcha.wait': {
    'zh-CN': '验证码输错次数过多，请在{when}再试',
    en: 'There were too many wrong answers. Please try again {when}',
  },
  'limit.secondsOnly': { 'zh-CN': '{seconds} 秒', en: '{seconds} seconds' },
  'sms.unavailable': {
    'zh-CN': '短信服务暂不可用，请稍后再试',
    en: 'SMS can’t be sent at the moment, please try again later',
  },
  'sms.sent': {
    'zh-CN': '短信已发送至 {phone}，5 分钟内有效。{again}后仍未收到可再次发送。',
    en: 'A code was sent to {phone}; it is good for 5 minutes. You can ask again after {again}.',
  },
  'sms.sentEarlier': {
    'zh-CN': '短信已发送至 {phone}，5 分钟内有效。没有收到？现在可以再次发送。',
    en: 'A code was sent to {phone}; it is good for 5 minutes. Nothing arrived? You can ask again now.',
  },
  'sms.sentIfKnown': {
    'zh-CN':
      '信息与注册信息一致的，短信已发送至注册时填写的手机号码，5 分钟内有效。{again}后仍未收到可再次发送。',
    en: 'If these are the details of an account, a code was sent to its registered phone; it is good for 5 minutes. You can ask again after {again}.',
  },
  'sms.sentIfKnownEarlier': {
    'zh-CN':
      '信息与注册信息一致的，短信已发送至注册时填写的手机号码，5 分钟内有效。没有收到？现在可以再次发送。',
    en: 'If these are the details of an account, a code was sent to its registered phone; it is good for 5 minutes. Nothing arrived? You can ask again now.',
  },
  'sms.countdown': { 'zh-CN': '（{seconds} 秒后可再次发送）', en: ' (again in {seconds} seconds)' },
  'smsCode.label': { 'zh-CN': '短信验证码', en: 'SMS code' },
  'smsCode.hint': { 'zh-CN': '短信中的 6 位数字', en: 'The 6 digits of the message' },
  'smsCode.required': {
    'zh-CN': '请点击“发送短信验证”，然后输入短信中的 6 位数字',
    en: 'Press “Send SMS code”, then type the 6 digits of the message',
  },
  'smsCode.format': {
    'zh-CN': '短信验证码是 6 位数字，请核对短信',
    en: 'The code has 6 digits, please look at the message again',
  },
  'smsCode.wrong': {
    'zh-CN': '短信验证码不正确，请核对最近收到的短信',
    en: 'That is not the code, please look at the newest message',
  },
  'smsCode.spent': {
    'zh-CN': '这个短信验证码的 5 次机会已用完，请重新发送短信验证',
    en: 'The 5 tries with this code are used up, please have a new one sent',
  },
  'smsCode.expired': {
    'zh-CN': '短信验证码已失效，请重新发送（有效期 5 分钟，仅限本次填写的手机号码）',
    en: 'The code is no longer good, please have a new one sent (5 minutes, for this phone only)',
  },
  'bank.mismatch': {
    'zh-CN': '人员姓名或证件名或证件号与银行登记不匹配',
    en: 'Name, document type or document number are not what the bank has on record',
  },
  'bankHelp.title': {
    'zh-CN': '银行核验未通过怎么办',
    en: 'What to do when the bank does not confirm',
  },
  'bankHelp.check': {
    'zh-CN':
      '请核对填写信息是否准确无误：姓名、证件类型、证件号、银行账号和手机号码都须与银行登记一致。',
    en: 'Check what you typed: name, ID type, ID number, account and phone all have to be what the bank has on record.',
  },
  'bankHelp.otherCard': {
    'zh-CN': '若信息无误仍无法通过验证，可能是您在该银行预留的手机号码已变更，建议更换银行卡重试。',
    en: 'If all of it is right, the phone number that the bank has may have changed: try another bank card.',
  },
  'bankHelp.goToBank': {
    'zh-CN': '若无其他银行卡，可到已有银行卡的发卡行窗口核实或变更个人信息后再试。',
    en: 'If you have no other card, have your details checked or changed at a counter of your bank, then try again.',
  },
  'bankHelp.contact': {
    'zh-CN':
      '若到银行窗口变更信息后仍无法通过，请与我们联系（电话：{phone}，邮箱：{email}），并告知受理编号，我们将尽快处理并回复。',
    en: 'If it still fails after that, contact us (telephone: {phone}, e-mail: {email}) and tell us the case number. We will look into it and answer soon.',
  },
  'bank.notDebit': {
    'zh-CN': '不支持信用卡，请使用借记卡或深圳金融社保卡',
    en: 'Credit cards can’t be used. Please use a debit card or a Shenzhen social-security bank card',
  },
  'bank.suspended': {
    'zh-CN': '该银行核验服务维护中，预计{until}恢复，可更换其他银行的借记卡',
    en: 'The checks of this bank are under maintenance and expected back at {until}. You can use a debit card of another bank',
  },
  'bank.suspendedNote': {
    'zh-CN': '（维护中，预计 {until} 恢复）',
    en: ' (under maintenance, expected back at {until})',
  },
  'bank.unsupported': { 'zh-CN': '暂不支持该银行', en: 'This bank can’t be asked yet' },
  'bank.unsupportedDocument': {
    'zh-CN': '该证件类型暂不能在线核验，请致电12333',
    en: 'This kind of document can’t be checked online yet, please call 12333',
  },
  'bank.unavailable': {
    'zh-CN': '银行核验服务暂不可用，请稍后再试',
    en: 'The banks can’t be asked at the moment, please try again later',
  },
  'registry.mismatch': {
    'zh-CN':
      '单位名称、证件号、法定代表人或其证件号与单位登记信息不一致，请对照营业执照或登记证书核对；登记信息已过时的，请先到登记机关变更',
    en: 'Name, document number, legal representative or their ID number are not what the registry of organisations holds. Compare them with the licence or certificate; what is out of date there has to be changed at the registry first',
  },
  'registry.unavailable': {
    'zh-CN': '单位登记核验服务暂不可用，请稍后再试',
    en: 'The registry of organisations can’t be asked at the moment, please try again later',
  },
  'flow.unknown.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'flow.unknown.text': {
    'zh-CN': '本次填写已过期：超过 30 分钟没有操作，或者已经结束。尚未提交的内容没有保存。',
    en: 'These pages have expired: nothing was done for 30 minutes, or they were finished. Nothing unfinished was kept.',
  },
  'flow.foreign.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'flow.foreign.text': {
    'zh-CN': '此页面属于另一个浏览器窗口的填写过程，不能在这里继续。',
    en: 'This page belongs to another browser and can’t be continued here.',
  },
  'flow.cookies.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'flow.cookies.text': {
    'zh-CN':
      '您的浏览器没有发回 Cookie，无法办理。请允许浏览器使用 Cookie (cookies)，再重新开始。如果您是从别处打开此链接的：此页面属于另一个浏览器窗口的填写过程，不能在这里继续。',
    en: 'Your browser sent no cookies back, and these pages need them. Please allow cookies, then begin again. If you opened this link from somewhere else: this page belongs to another browser and can’t be continued here.',
  },
  'flow.startAgain': { 'zh-CN': '重新开始', en: 'Begin again' },
  'error.400.title': { 'zh-CN': '无法读取提交的内容', en: 'What was sent can’t be read' },
  'error.400.text': {
    'zh-CN': '请返回上一页重新填写，不要使用翻译或自动填表工具。',
    en: 'Please go back and fill in the page again, without tools that change pages.',
  },
  'error.403.title': { 'zh-CN': '页面已失效', en: 'This page is out of date' },
  'error.403.text': {
    'zh-CN': '为了您的安全，请返回上一页，刷新后重新提交。',
    en: 'For your safety please go back, reload the page and send it again.',
  },
  'error.404.title': { 'zh-CN': '没有找到页面', en: 'Page not found' },
  'error.404.text': {
    'zh-CN': '地址可能输错了，或者页面已经移走。请从首页或业务系统的登录页面重新进入。',
    en: 'The address may be mistyped, or the page has moved. Please start from the home page or from the system that you want to use.',
  },
  'error.405.title': { 'zh-CN': '没有找到页面', en: 'Page not found' },
  'error.405.text': {
    'zh-CN': '请从首页或业务系统的登录页面重新进入。',
    en: 'Please start from the home page or from the system that you want to use.',
  },
  'error.409.title': { 'zh-CN': '正在处理', en: 'Still working' },
  'error.409.text': {
    'zh-CN': '上一次提交还在处理，请稍候刷新本页。',
    en: 'Your last submission is still being worked on, please reload in a moment.',
  },
  'error.410.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'error.410.text': {
    'zh-CN': '页面已过期，请从业务系统的登录页面重新进入。',
    en: 'This page has expired. Please start from the system that you want to use.',
  },
  'error.413.title': { 'zh-CN': '提交的内容过长', en: 'That was too much' },
  'error.413.text': {
    'zh-CN': '请返回上一页，缩短填写的内容后再提交。',
    en: 'Please go back, shorten what you typed and send it again.',
  },
  'error.415.title': { 'zh-CN': '无法读取提交的内容', en: 'What was sent can’t be read' },
  'error.415.text': {
    'zh-CN': '请返回上一页，用浏览器重新填写并提交。',
    en: 'Please go back and fill in the page with a browser.',
  },
  'error.429.title': { 'zh-CN': '操作过于频繁', en: 'Too many requests' },
  'error.429.text': { 'zh-CN': '请稍后再试。', en: 'Please try again later.' },
  'error.503.title': { 'zh-CN': '现在使用的人很多', en: 'Very busy at the moment' },
  'error.503.text': {
    'zh-CN': '请稍等几秒后刷新本页，已填写的内容不会丢失。',
    en: 'Please wait some seconds and reload this page; nothing you filled in is lost.',
  },
  'store.unavailableKept': {
    'zh-CN': '统一用户平台暂时无法办理，请稍后再试，您填写的内容已保留',
    en: 'The platform can’t do this at the moment, please try again later. What you typed is kept',
  },
  'error.outage.title': { 'zh-CN': '暂时无法办理', en: 'Not possible at the moment' },
  'error.outage.text': {
    'zh-CN': '统一用户平台暂时无法办理，请稍后再试',
    en: 'The platform can’t do this at the moment, please try again later',
  },
  'error.500.title': { 'zh-CN': '页面暂时打不开', en: 'This page can’t be shown right now' },
  'error.500.text': {
    'zh-CN':
      '问题在我们这边，已经记录。请稍后再试；如一直不能使用，请致电 {phone}，并告知下面的编号。',
    en: 'The fault is ours and has been noted. Please try again later; if it stays, call {phone} and give the number below.',
  },
  'error.requestId': { 'zh-CN': '编号：{id}', en: 'Number: {id}' },
} as const satisfies Record<string, Sentence>
