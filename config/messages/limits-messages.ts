import type { Sentence } from '../sentences.ts'

/** Messages about limits and outages: the limit, its end, the ways that are still open, and whom to call. */
export const limitMessages = {
  'summary.outage': { 'zh-CN': '服务暂时不可用', en: 'Not available at the moment' },
  'summary.today': { 'zh-CN': '今天的次数已用完', en: 'No tries are left for today' },
  'summary.later': { 'zh-CN': '请稍后再试', en: 'Please try again later' },
  'when.seconds': { 'zh-CN': ' {seconds} 秒后', en: 'in {seconds} seconds' },
  'when.today': { 'zh-CN': '今天 {time} 以后', en: 'after {time} today' },
  'when.tomorrow': { 'zh-CN': '明天 {time} 以后', en: 'after {time} tomorrow' },
  'when.day': { 'zh-CN': '{day} {time} 以后', en: 'after {time} on {day}' },
  'limit.pause': {
    'zh-CN': '操作过于频繁，请在{when}再试',
    en: 'That was too soon after the last one. Please try again {when}',
  },
  'limit.other': {
    'zh-CN': '操作次数过多，请在{when}再试',
    en: 'Too many tries. Please try again {when}',
  },
  'limit.card': {
    'zh-CN': '这张银行卡今天的核验次数已用完，请在{when}再试',
    en: 'Today’s checks of this bank card are used up. Please try again {when}',
  },
  'limit.idAndPhone': {
    'zh-CN': '这个证件号和手机号码今天的核验次数已用完，请在{when}再试',
    en: 'Today’s checks of this ID number with this phone are used up. Please try again {when}',
  },
  'limit.id': {
    'zh-CN': '这个证件号今天的核验次数已用完，请在{when}再试',
    en: 'Today’s checks of this ID number are used up. Please try again {when}',
  },
  'limit.phone': {
    'zh-CN': '这个手机号码今天的短信次数已用完，请在{when}再试',
    en: 'Today’s messages to this phone are used up. Please try again {when}',
  },
  'limit.phoneAndBrowser': {
    'zh-CN': '这个手机号码今天在此浏览器的短信次数已用完，请在{when}再试',
    en: 'Today’s messages to this phone from this browser are used up. Please try again {when}',
  },
  'limit.hourly': {
    'zh-CN': '这个手机号码今天的短信次数已用完，现在每小时只能再发送一条，请在{when}再试',
    en: 'Today’s messages to this phone are used up. It gets one more each hour: please try again {when}',
  },
  'limit.signInCodes': {
    'zh-CN': '用短信验证码登录的次数今天已用完，请在{when}再试',
    en: 'Today’s sign-ins by SMS code are used up. Please try again {when}',
  },
  'limit.phoneChecks': {
    'zh-CN': '这个手机号码今天的核验次数已用完，请在{when}再试',
    en: 'Today’s checks with this phone are used up. Please try again {when}',
  },
  'limit.flowChecks': {
    'zh-CN': '本次办理的核验次数已用完，请在{when}再试',
    en: 'The checks of this visit are used up. Please try again {when}',
  },
  'limit.flowMessages': {
    'zh-CN': '本次办理的短信次数已用完，请在{when}再试',
    en: 'The messages of this visit are used up. Please try again {when}',
  },
  'limit.identity': {
    'zh-CN': '按所填姓名和证件号发送短信的次数今天已用完，请在{when}再试',
    en: 'Today’s messages for this name and ID number are used up. Please try again {when}',
  },
  'limit.address': {
    'zh-CN': '您所在的网络操作次数过多，请在{when}再试',
    en: 'There were too many tries from your network. Please try again {when}',
  },
  'limit.unitCode': {
    'zh-CN': '这个统一社会信用代码今天的核对次数已用完，请在{when}再试',
    en: 'Today’s checks of this unified social credit code are used up. Please try again {when}',
  },
  'works.otherCard': {
    'zh-CN': '现在可以换一张本人的银行卡核验。',
    en: 'You can use another bank card of yours now.',
  },
  'works.otherCardAndPhone': {
    'zh-CN': '如在其他银行卡预留了另一个手机号码，现在可以用那张卡和那个号码核验。',
    en: 'If another bank card of yours has another phone on record, you can use that card and phone now.',
  },
  'works.newFlow': {
    'zh-CN': '现在可以重新办理。',
    en: 'You can start again now.',
  },
  'works.askBank': {
    'zh-CN': '这段时间可以先到发卡行核对预留的姓名、证件号和手机号码。',
    en: 'Meanwhile your bank can tell you which name, ID number and phone it has on record.',
  },
  'works.otherNetwork': {
    'zh-CN': '现在可以换一个网络再试，例如从无线网络改用手机流量。',
    en: 'You can use another network now, for example mobile data in place of Wi-Fi.',
  },
  'works.otherPhone': {
    'zh-CN': '现在可以改用另一个已在银行预留的手机号码。',
    en: 'You can use another phone now that your bank has on record.',
  },
  'works.changePhone': {
    'zh-CN': '手机号已停用的，现在可以点击“手机号已停用？”，凭银行卡更换手机号。',
    en: 'If that phone is no longer in use, press “Phone number no longer in use?” now and change it with your bank card.',
  },
  'works.questions': {
    'zh-CN': '设置过密保问题的，现在可以返回上一步，用“密保问题”找回。',
    en: 'If you have set security questions, go back one step and use them now.',
  },
  'works.resetPassword': {
    'zh-CN': '现在可以点击“忘记密码？”，重置密码后马上就能登录。',
    en: 'You can use “Forgot your password?” now; after that you can sign in at once.',
  },
  'works.newPhone': {
    'zh-CN': '手机号已停用的，请到“用户信息维护”更改。',
    en: 'If that phone is no longer in use, change it under “Your account”.',
  },
  'works.askRegistry': {
    'zh-CN': '这段时间可以先对照营业执照或登记证书核对单位信息。',
    en: 'Meanwhile compare what you typed with the licence or certificate of the organisation.',
  },
  'bank.left': {
    'zh-CN': '此卡今天还可核验 {checks} 次',
    en: 'Today this card has {checks} checks left',
  },
  'bank.noneLeft': {
    'zh-CN': '此卡今天还可核验 0 次，{when}可再核验',
    en: 'Today this card has 0 checks left; it can be checked again {when}',
  },
  'smsCode.hourly': {
    'zh-CN': '这个手机号码今天的短信次数已用完。输入图中的数字后，每小时可以再发送一条。',
    en: 'Today’s messages to this phone are used up. It gets one more each hour, for the digits of the picture.',
  },
  'smsCode.stillGood': {
    'zh-CN': '短信验证码在 {until} 前仍然有效，不必重新发送',
    en: 'Your SMS code is good until {until}; there is no need for a new one',
  },
  'refused.notCounted': { 'zh-CN': '本次未计入次数', en: 'This try was not counted' },
  'refused.notCountedKept': {
    'zh-CN': '本次未计入次数，您填写的内容已保留',
    en: 'This try was not counted, and what you typed is kept',
  },
  'case.label': { 'zh-CN': '受理编号', en: 'Case number' },
  'case.copy': { 'zh-CN': '复制', en: 'Copy' },
  'case.copied': { 'zh-CN': '已复制', en: 'Copied' },
  'help.title': { 'zh-CN': '需要帮助', en: 'If you need help' },
  'help.contact': {
    'zh-CN': '请致电 {phone} 或发邮件至 {email}。',
    en: 'Call {phone} or write to {email}.',
  },
  'help.contactWithCase': {
    'zh-CN': '请致电 {phone} 或发邮件至 {email}，并告知受理编号。',
    en: 'Call {phone} or write to {email}, and tell us the case number.',
  },
} as const satisfies Record<string, Sentence>
