import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { networkAround } from '../people/network.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Allowance } from '../ports/limits.ts'

type SmsPolicy = Pick<Policy, 'smsCode'>
type Codes = readonly Allowance[]

/** The allowances of a phone, for codes that anybody may request. */
export const phoneCodes = (phone: string, visitor: Visitor, policy: SmsPolicy): Codes => {
  const { perPhoneAndBrowser } = policy.smsCode
  const ofBrowser = `${phone} ${visitor.browser}`
  return [
    ...pauses(phone, visitor, policy),
    { name: 'sms.phone-browser', subject: ofBrowser, ...perPhoneAndBrowser },
    phoneDay(phone, policy),
  ]
}

export const phoneDay = (phone: string, { smsCode }: SmsPolicy): Allowance => ({
  ...{ name: 'sms.phone', subject: phone, ...smsCode.perPhone },
})

/** The allowances of a phone whose codes of the day are used up. */
export const hourlyCodes = (phone: string, visitor: Visitor, policy: SmsPolicy): Codes => [
  ...pauses(phone, visitor, policy),
  { name: 'sms.hourly', subject: phone, ...policy.smsCode.hourly },
]

/**
 * The proof about an account that comes before the code: a remembered device, the right password, or an ID number with
 * the right username or name. `sign-in`: a typed username and password, right or not.
 */
export type EarlierProof = 'device' | 'password' | 'identity' | 'sign-in'

/**
 * The allowances of whoever has proved something first, beside those of the phone, so that strangers cannot use them
 * up.
 */
export const ownCodes = (proof: EarlierProof, subject: string, { smsCode }: SmsPolicy): Codes => [
  { name: `sms.${proof}-pause`, subject, count: 1, window: smsCode.pause },
  { name: `sms.${proof}`, subject, ...smsCode.own },
]

/** The allowances of a remembered device, for an account that it remembers. */
export const deviceCodes = (accountId: string, { browser }: Visitor, policy: SmsPolicy): Codes =>
  ownCodes('device', `${browser} ${accountId}`, policy)

/**
 * The allowances of a typed identity, whether it exists or not. An ID number may have leaked, so each network has its own;
 * the last one is that of all networks, above which each message needs a captcha of the
 * hardest level.
 */
export const identityCodes = (
  identity: string,
  { address, hardestCaptcha }: Visitor,
  policy: SmsPolicy,
): Codes => {
  const { count, window } = policy.smsCode.ownInAll
  return [
    ...ownCodes('identity', `${identity} ${networkAround(address)}`, policy),
    {
      name: 'sms.identity-all',
      subject: identity,
      count: hardestCaptcha ? Number.MAX_SAFE_INTEGER : count,
      window,
    },
  ]
}
/** The allowance of one flow, for messages to any phone. */
export const flowCodes = (flow: string, { smsCode }: SmsPolicy): Allowance => ({
  ...{ name: 'sms.flow', subject: flow, ...smsCode.perFlow },
})

/** Between two messages to a phone, in all and from one browser. */
const pauses = (phone: string, visitor: Visitor, policy: SmsPolicy): Codes => [
  browserPause(phone, visitor, policy),
  { ...browserPause(phone, visitor, policy), name: 'sms.pause', subject: phone },
]

/** Between two messages to a phone from one browser, whatever has been proved. */
export const browserPause = (
  phone: string,
  { browser }: Visitor,
  { smsCode }: SmsPolicy,
): Allowance => ({
  ...{ name: 'sms.browser-pause', subject: `${phone} ${browser}`, count: 1, window: smsCode.pause },
})
