import type { Sentence } from '../../sentences.ts'

/** Sign-in and sign-out, and errors between a client and the platform. */
export const loginMessages = {
  'login.title': { 'zh-CN': '登录', en: 'Sign in' },
  'login.lead': {
    'zh-CN': '请用您在统一用户平台注册的用户名和密码登录。',
    en: 'Use the username and password that you registered with.',
  },
  'login.button': { 'zh-CN': '登录', en: 'Sign in' },
  'login.register': { 'zh-CN': '立即注册', en: 'Register now' },
  'login.forgotUsername': { 'zh-CN': '忘记用户名？', en: 'Forgot your username?' },
  'login.forgotPassword': { 'zh-CN': '忘记密码？', en: 'Forgot your password?' },
  'login.account': { 'zh-CN': '用户信息维护', en: 'Your account' },
  'login.links': { 'zh-CN': '其他操作', en: 'Other things to do' },
  'papers.policy': { 'zh-CN': '{system}的隐私政策', en: 'Privacy policy of {system}' },
  'papers.terms': { 'zh-CN': '{system}的服务条款', en: 'Terms of service of {system}' },
  'login.wrong': {
    'zh-CN': '用户名或密码不正确，请核对后重新输入',
    en: 'Username or password is not right, please check both and type them again',
  },
  'login.wait': {
    'zh-CN': '多次输入不正确。为保护账户，请在{when}再登录，或点击“忘记密码？”',
    en: 'Too many wrong tries. To protect the account, please sign in again {when}, or use “Forgot your password?”',
  },
  'login.byCode.title': {
    'zh-CN': '用密码和短信验证码登录',
    en: 'Sign in by password and SMS code',
  },
  'login.byCode.offer': {
    'zh-CN':
      '不想等？您现在就可以登录：除了密码，再输入一个发到您手机上的短信验证码。输错密码的可能是别人，您的账户和密码没有改变。',
    en: 'You need not wait: sign in now with your password and a code that we send to your phone. It may have been somebody else who typed wrong passwords; your account and your password are unchanged.',
  },
  'login.byCode.button': {
    'zh-CN': '现在用短信验证码登录',
    en: 'Sign in now by SMS code',
  },
  'login.byCode.lead': {
    'zh-CN':
      '请输入用户名和密码，再点击“发送短信验证”。用户名和密码都正确的，短信会发到您注册时填写的手机号码。',
    en: 'Type your username and password, then press “Send SMS code”. If both are right, the code goes to your registered phone.',
  },
  'login.byCode.codeLead': {
    'zh-CN': '您的用户名：{username}。请输入手机短信中的 6 位数字，然后点击“登录”。',
    en: 'Your username: {username}. Type the 6 digits of the message to your phone, then press “Sign in”.',
  },
  'login.byCode.codeHint': {
    'zh-CN':
      '短信中的 6 位数字。没有收到？可能是用户名或密码输错了，请点击“上一步”重新输入；也可能是今天登录的短信已发满 5 条，请用“忘记密码？”重置密码',
    en: 'The 6 digits of the message. Nothing arrived? Username or password may have been mistyped: press “Back” and type them again. Or today’s 5 messages for signing in are used up: reset your password by “Forgot your password?”',
  },
  'login.byCode.captchaFirst': {
    'zh-CN':
      '您所在的网络今天请求短信的次数较多，短信还没有发送。请再输入一次密码和图中的数字，然后点击“发送短信验证”。',
    en: 'Your network has requested many messages, so none was sent. Type your password and the digits of the picture again, then press “Send SMS code”.',
  },
  'login.sameAccount': {
    'zh-CN': '{system}要求使用先前登录的账户，请用该账户的用户名登录。',
    en: '{system} asks for the account that you signed in with before. Please use its username.',
  },
  'login.cancel': { 'zh-CN': '取消', en: 'Cancel' },
  'interaction.expired.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'interaction.expired.text': {
    'zh-CN': '此登录页面已过期，或者登录已经完成。请从您要使用的业务系统重新进入。',
    en: 'This sign-in has expired or was finished already. Please start again from the system that you want to use.',
  },
  'interaction.foreign.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'interaction.foreign.text': {
    'zh-CN': '此登录页面属于另一个浏览器，不能在这里继续。请从您要使用的业务系统重新进入。',
    en: 'This sign-in belongs to another browser and can’t be continued here. Please start again from the system that you want to use.',
  },
  'interaction.cookies.title': { 'zh-CN': '请重新开始', en: 'Please begin again' },
  'interaction.cookies.text': {
    'zh-CN':
      '您的浏览器没有发回 Cookie，无法登录。请允许浏览器使用 Cookie (cookies)。请从您要使用的业务系统重新进入。如果您是从别处打开此链接的：此登录页面属于另一个浏览器，不能在这里继续。',
    en: 'Your browser sent no cookies back, and signing in needs them. Please allow cookies. Then start again from the system that you want to use. If you opened this link from somewhere else: this sign-in belongs to another browser and can’t be continued here.',
  },
  'interaction.startAgain': { 'zh-CN': '返回{system}', en: 'Back to {system}' },
  'interaction.account': { 'zh-CN': '用户信息维护', en: 'Your account' },
  'sso.client.title': { 'zh-CN': '无法登录该系统', en: 'This system can’t sign you in' },
  'sso.client.text': {
    'zh-CN': '该业务系统没有在统一用户平台登记，或者已经停用。请联系该系统的管理单位。',
    en: 'The system that sent you here is not registered with us, or was switched off. Please contact those who run it.',
  },
  'sso.suspended.title': { 'zh-CN': '该业务系统已暂停使用', en: 'This service is suspended' },
  'sso.suspended.text': {
    'zh-CN':
      '{system}已由主管单位暂停使用，现在不能登录。您的账户不受影响，仍可登录其他业务系统。何时恢复，请咨询该系统的管理单位，或致电 {phone}。',
    en: '{system} has been suspended by the office in charge, so that nobody can sign in to it now. Your account is not affected and works for all other services. To learn when the service is back, ask those who run it, or call {phone}.',
  },
  'sso.redirect.title': { 'zh-CN': '无法登录该系统', en: 'This system can’t sign you in' },
  'sso.redirect.text': {
    'zh-CN':
      '该业务系统给出的返回地址没有登记。为保护您的信息，登录已停止。请联系该系统的管理单位。',
    en: 'The address to send you back to is not registered. To protect your data we stopped here. Please contact those who run the system.',
  },
  'sso.request.title': { 'zh-CN': '无法继续', en: 'This can’t go on' },
  'sso.request.text': {
    'zh-CN': '业务系统发来的请求有误。请返回该系统重新操作；如仍然如此，请联系该系统的管理单位。',
    en: 'The system that sent you here asked for something that can’t be done. Please go back and try again, or contact those who run it.',
  },
  'sso.tooMany.title': {
    'zh-CN': '登录的人太多，请稍后再试',
    en: 'Too many people are signing in',
  },
  'sso.tooMany.text': {
    'zh-CN':
      '您所在的网络有太多尚未完成的登录。请关闭不用的登录页面，10 分钟后再试；如一直不能登录，请致电 {phone}。',
    en: 'Too many sign-ins from your network have not been finished. Please close login pages that you do not use and try again in 10 minutes; if it stays, call {phone}.',
  },
  'sso.captcha.title': { 'zh-CN': '请输入验证码', en: 'Type the characters shown' },
  'sso.captcha.lead': {
    'zh-CN': '您所在的网络正在登录的人较多。请输入验证码，然后继续登录。',
    en: 'Many people are signing in from your network. Type the characters shown, then go on to sign in.',
  },
  'sso.captcha.next': { 'zh-CN': '继续', en: 'Continue' },
  'sso.fault.title': { 'zh-CN': '页面暂时打不开', en: 'This page can’t be shown right now' },
  'sso.fault.text': {
    'zh-CN':
      '问题在我们这边，已经记录。请稍后再试；如一直不能使用，请致电 {phone}，并告知下面的编号。',
    en: 'The fault is ours and has been noted. Please try again later; if it stays, call {phone} and give the number below.',
  },
  'sso.received': {
    'zh-CN': '收到的返回地址（redirect_uri）：{address}',
    en: 'Received redirect_uri: {address}',
  },
  'sso.registered': {
    'zh-CN': '已登记的返回地址：{address}',
    en: 'Registered redirect_uri: {address}',
  },
  'sso.code': { 'zh-CN': '供技术人员参考：{code}', en: 'For technicians: {code}' },
  'logout.title': { 'zh-CN': '退出登录', en: 'Sign out' },
  'logout.text': {
    'zh-CN': '退出后，在此浏览器中登录的业务系统需要重新登录。',
    en: 'You will have to sign in again to use business systems in this browser.',
  },
  'logout.yes': { 'zh-CN': '退出登录', en: 'Sign out' },
  'logout.no': { 'zh-CN': '保持登录', en: 'Stay signed in' },
  'loggedOut.title': { 'zh-CN': '已退出登录', en: 'You are signed out' },
  'loggedOut.text': {
    'zh-CN': '您已在此浏览器中退出统一用户平台。使用公共电脑时，请关闭所有浏览器窗口。',
    en: 'You have signed out of the platform in this browser. On a shared computer please close all its windows.',
  },
  'loggedOut.kept.title': { 'zh-CN': '仍保持登录', en: 'You are still signed in' },
  'loggedOut.kept.text': {
    'zh-CN': '您没有退出，可以继续使用业务系统。',
    en: 'You did not sign out and can go on using business systems.',
  },
  'loggedOut.unreached': {
    'zh-CN':
      '以下系统暂时无法通知，我们会继续通知：{systems}。如在这些系统中登录过，请同时在其中退出。',
    en: 'These systems could not be told yet; we will go on telling them: {systems}. If you are signed in there, please sign out there too.',
  },
  'loggedOut.goesOn': {
    'zh-CN': '{seconds} 秒后自动返回。',
    en: 'You are taken back in {seconds} seconds.',
  },
  'loggedOut.stay': { 'zh-CN': '停留在本页', en: 'Stay on this page' },
  'loggedOut.between': { 'zh-CN': '、', en: ', ' },
  'continue.title': { 'zh-CN': '正在返回', en: 'Taking you on' },
  'continue.text': {
    'zh-CN': '如果页面没有自动跳转，请按“继续”。',
    en: 'If nothing happens, press “Continue”.',
  },
  'continue.button': { 'zh-CN': '继续', en: 'Continue' },
} as const satisfies Record<string, Sentence>
