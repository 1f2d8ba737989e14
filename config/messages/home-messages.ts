import type { Sentence } from '../sentences.ts'

/** The home page. */
export const homeMessages = {
  'home.title': { 'zh-CN': '您要办理什么？', en: 'What would you like to do?' },
  'home.lead': {
    'zh-CN': '注册一次，即可用同一个账户登录各业务系统。登录后可查看和修改您的信息。',
    en: 'Register once, then use the same account for every service. Sign in to see and change your details.',
  },
  'home.noAccount': { 'zh-CN': '还没有账户', en: 'No account yet' },
  'home.forgotten': { 'zh-CN': '登录遇到问题', en: 'Problems with signing in' },
  'home.questions': { 'zh-CN': '不知道怎么办', en: 'Questions' },
  'home.link': { 'zh-CN': '返回首页', en: 'Go to the home page' },
} as const satisfies Record<string, Sentence>
