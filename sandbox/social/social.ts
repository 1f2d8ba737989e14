import { relyingParties } from '../clients.mjs'
import type { RelyingPartyConfig } from '../relying-party/relying-party-config.ts'

/** The relying party 社保服务 of the sandbox. It gets fewer claims of people than 考生服务系统, and claims of units. */
export const social: RelyingPartyConfig = {
  ...relyingParties.social,
  key: 'social',
  receivesEvents: true,
  setting: 'SOCIAL',
  port: 3002,
  facts: ({ user_type: kind }) =>
    kind === 'organisation' ? ['unit', 'unitNumber', 'sub'] : ['name', 'birthdate', 'sub'],
  words: {
    'zh-CN': {
      service: '社保服务',
      office: '深圳市社会保险',
      signIn: '登录社保服务',
      before: '与考生服务系统共用账号',
      needs: [
        '在其中一个系统登录后，到另一个系统点“登录”即可，不用再输密码。',
        '从任何一个系统退出，其他系统同时退出。',
        '本系统只能看到您的用户名、姓名、性别和出生日期，看不到证件号和手机号码。',
      ],
    },
    en: {
      service: 'Social Insurance Service',
      office: 'Shenzhen Social Insurance',
      signIn: 'Sign in to the Social Insurance Service',
      before: 'The same account as the Candidate Service',
      needs: [
        'Once you are signed in to one of them, “Sign in” at the other takes no password.',
        'Signing out of one signs you out of the others as well.',
        'This service sees your username, name, sex and birth date, but neither your ID number nor your phone.',
      ],
    },
  },
}
