import { relyingParties } from '../clients.mjs'
import type { RelyingPartyConfig } from '../relying-party/relying-party-config.ts'

/** The relying party 考生服务系统 of the sandbox. */
export const exam: RelyingPartyConfig = {
  ...relyingParties.exam,
  key: 'exam',
  setting: 'EXAM',
  port: 3001,
  facts: () => ['name', 'idType', 'idNumber', 'phone', 'proof', 'sub'],
  words: {
    'zh-CN': {
      service: '考生服务系统',
      office: '深圳市人事考试',
      signIn: '登录考生服务系统',
      before: '注册前请准备',
      needs: [
        '一张本人的借记卡或深圳金融社保卡（不能用信用卡），且已在银行预留手机号码。',
        '该手机，用来接收短信验证码。',
        '与银行登记一致的姓名和证件号；姓名有生僻字的，写法须与银行一致。',
      ],
    },
    en: {
      service: 'Candidate Service',
      office: 'Shenzhen Personnel Examinations',
      signIn: 'Sign in to the Candidate Service',
      before: 'Before you register, have ready',
      needs: [
        'A debit card or Shenzhen financial social-security card of your own (no credit card) for which your bank holds your phone number.',
        'That phone, to receive a code by SMS.',
        'Your name and ID number exactly as your bank holds them, rare characters included.',
      ],
    },
  },
}
