import type { Sentence } from '../sentences.ts'

/** The problem titles of the terminals' interface (specification, section 8), and details that a terminal may show. */
export const terminalMessages = {
  'terminal.scope.title': {
    'zh-CN': '访问令牌无权更换手机号',
    en: 'The token does not allow this',
  },
  'terminal.statement.title': { 'zh-CN': '终端声明未通过检查', en: 'The statement does not hold' },
  'terminal.statement.signature': {
    'zh-CN': '声明不是由该终端登记的密钥签名的 JWS',
    en: 'It is no JWS signed by a key in the client’s metadata.',
  },
  'terminal.statement.shape': {
    'zh-CN': '声明应有 iss、aud、jti、iat、pin、sha256',
    en: 'It has to hold iss, aud, jti, iat, pin and sha256.',
  },
  'terminal.statement.parties': {
    'zh-CN': '声明的 iss 应为该终端的 client_id，aud 应为本平台的 issuer',
    en: 'iss has to be the client_id, aud the issuer.',
  },
  'terminal.statement.pin': {
    'zh-CN': '声明未确认持卡人已输入密码（pin 应为 true）',
    en: 'It does not say that the holder entered the PIN: pin has to be true.',
  },
  'terminal.statement.late': {
    'zh-CN': '声明已过时，iat 不得早于 {seconds} 秒前，请重新签名',
    en: 'It is out of date: iat may be {seconds} seconds old. Sign a new one.',
  },
  'terminal.statement.digest': {
    'zh-CN': '声明的 sha256 与 holder、card、newPhone 的规范 JSON 不符',
    en: 'sha256 is not that of the canonical JSON of holder, card and newPhone.',
  },
  'terminal.statement.replayed': {
    'zh-CN': '声明的 jti 已用于另一请求',
    en: 'Its jti was used with another request.',
  },
  'terminal.frozen.title': { 'zh-CN': '账户已冻结', en: 'Account frozen' },
  'terminal.noAccount.title': {
    'zh-CN': '没有以社保卡核验的账户',
    en: 'No account proved by a social-security card',
  },
  'terminal.noAccount.detail': {
    'zh-CN': '未找到该持卡人以社保卡核验身份的账户，请在网页上更换手机号或致电12333',
    en: 'The holder has no account that was proved by a social-security card. They can change their phone on the web pages, or call 12333.',
  },
  'terminal.notSocialSecurity': {
    'zh-CN': '银行登记该卡不是社保卡',
    en: 'The bank holds this card as another kind than a social-security card.',
  },
  'terminal.bank.title': { 'zh-CN': '银行核验未通过', en: 'The bank did not confirm this' },
} as const satisfies Record<string, Sentence>
