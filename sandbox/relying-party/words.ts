import type { Locale } from '../../config/sentences.ts'
import { eventWords } from './event-words.ts'
import type { Failure } from './relying-party.ts'
import type { RelyingPartyWords } from './relying-party-config.ts'

export type Problem = Failure | 'stale' | 'notFound' | 'foreignForm' | 'broken'
type ProblemWords = { readonly title: string; readonly text: string }

const zhCN = (service: string) => ({
  otherLanguage: 'English',
  skip: '跳到正文',
  home: '返回首页',
  signIn: {
    text: '使用统一用户平台的账号登录。点“登录”后会转到统一用户平台，登录成功后自动回到这里。',
    button: '登录',
    links: '没有账号，或需要帮助',
    register: '立即注册',
    forgottenUsername: '忘记用户名？',
    forgottenPassword: '忘记密码？',
    account: '用户信息维护',
  },
  signedIn: {
    title: '您已登录',
    text: '以下信息由统一用户平台提供，请核对。',
    name: '姓名',
    idType: '证件类型',
    idNumber: '证件号',
    phone: '手机号码',
    proof: '实名核验',
    birthdate: '出生日期',
    unit: '单位名称',
    unitNumber: '统一社会信用代码',
    sub: '用户标识',
    absent: '未提供',
    /** The text before and after the link to the account page. */
    wrong: ['信息有误？请到', '修改。'],
    details: '查看统一用户平台给出的全部信息',
    idToken: 'ID Token',
    userinfo: 'UserInfo',
    signOut: '退出登录',
  },
  signedOut: { title: '您已退出登录', text: '如果使用公用电脑，请关闭浏览器。', again: '重新登录' },
  others: '其他业务系统',
  tryAgain: '重新登录',
  footer: {
    phone: '联系电话：',
    between: '，',
    email: '电子邮箱：',
    sandbox: '这是用于开发和测试的演示系统，请勿填写真实信息。',
  },
  problems: {
    denied: {
      title: '您没有同意登录',
      text: `您取消了登录或没有同意授权，${service}没有得到您的任何信息。需要时可以重新登录。`,
    },
    stale: {
      title: '这次登录已经失效',
      text: '可能是页面停留太久、重复打开，或浏览器没有保存 Cookie。您的账号没有受到影响，请重新登录。',
    },
    unreachable: {
      title: '暂时无法连接统一用户平台',
      text: `${service}没有收到统一用户平台的答复，您的账号没有受到影响。请几分钟后再试；仍不行，请致电(0755)12333。`,
    },
    failed: {
      title: '登录没有完成',
      text: '统一用户平台的答复没有通过安全检查，为保护您的账号，我们没有让这次登录通过。请重新登录；仍不行，请致电(0755)12333。',
    },
    notFound: { title: '没有这个页面', text: '请检查网址，或返回首页。' },
    foreignForm: {
      title: '没有退出登录',
      text: `这个请求不是从${service}的页面发出的。请返回首页，在那里退出登录。`,
    },
    broken: {
      title: '这一步没有办成',
      text: `${service}出了问题，不是您的操作有误。请稍后再试；仍不行，请致电(0755)12333。`,
    },
  } satisfies Record<Problem, ProblemWords>,
})

const en: typeof zhCN = (service) => ({
  otherLanguage: '中文',
  skip: 'Skip to the content',
  home: 'Back to the start page',
  signIn: {
    text: 'Sign in with your Unified User Platform account. “Sign in” takes you to the platform, and back here once you have signed in.',
    button: 'Sign in',
    links: 'No account yet, or need help',
    register: 'Register now',
    forgottenUsername: 'Forgot your username?',
    forgottenPassword: 'Forgot your password?',
    account: 'Manage your details',
  },
  signedIn: {
    title: 'You are signed in',
    text: 'The Unified User Platform gave us these details. Please check them.',
    name: 'Name',
    idType: 'ID type',
    idNumber: 'ID number',
    phone: 'Mobile number',
    proof: 'Identity proof',
    birthdate: 'Birth date',
    unit: 'Organisation',
    unitNumber: 'Unified social credit code',
    sub: 'User identifier',
    absent: 'Not given',
    wrong: ['Something wrong? Change it under ', '.'],
    details: 'See everything the Unified User Platform gave us',
    idToken: 'ID Token',
    userinfo: 'UserInfo',
    signOut: 'Sign out',
  },
  signedOut: {
    title: 'You are signed out',
    text: 'On a shared computer, close the browser now.',
    again: 'Sign in again',
  },
  others: 'Other services',
  tryAgain: 'Sign in again',
  footer: {
    phone: 'Phone: ',
    between: ', ',
    email: 'E-mail: ',
    sandbox: 'This is a demonstration for development and tests. Enter no real data.',
  },
  problems: {
    denied: {
      title: 'You did not agree to sign in',
      text: `You cancelled the sign-in or refused your consent. The ${service} received nothing about you. Sign in again whenever you like.`,
    },
    stale: {
      title: 'This sign-in is no longer valid',
      text: 'The page may have been open too long or opened twice, or your browser kept no cookies. Your account is unaffected. Please sign in again.',
    },
    unreachable: {
      title: 'The Unified User Platform can’t be reached just now',
      text: `The ${service} got no answer from it. Your account is unaffected. Please try again in a few minutes; if that fails, call (0755)12333.`,
    },
    failed: {
      title: 'The sign-in was not completed',
      text: 'The platform’s answer did not pass our security checks, so we stopped this sign-in to protect your account. Please sign in again; if that fails, call (0755)12333.',
    },
    notFound: {
      title: 'There is no such page',
      text: 'Check the address, or go back to the start page.',
    },
    foreignForm: {
      title: 'You are not signed out',
      text: `This request did not come from a page of the ${service}. Go back to the start page and sign out there.`,
    },
    broken: {
      title: 'This step did not work',
      text: 'Something went wrong on our side, not on yours. Please try again later; if that fails, call (0755)12333.',
    },
  },
})

const common = { 'zh-CN': zhCN, en }
/** The texts of a relying party's pages: the shared ones and its own. */
export const wordsOf = (locale: Locale, own: RelyingPartyWords) => ({
  ...common[locale](own.service),
  heard: eventWords[locale],
  own,
})
