import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Account } from '../people/account.ts'
import { field } from '../people/fields/field.ts'
import { compact } from '../people/fields/typed-text.ts'
import { type Refusal, refuse, withNotes } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Audit } from '../ports/audit.ts'
import type { Allowance, Limits } from '../ports/limits.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import type { SmsCodeBinding, SmsCodes } from '../ports/sms-codes.ts'
import { takeAttempt } from './attempt-limits.ts'
import { wayFor } from './limit-sentences.ts'
import { serviceOutage } from './service-outage.ts'

export type SmsProofPorts = {
  readonly smsCodes: SmsCodes
  readonly smsGateway: SmsGateway
  readonly limits: Limits
  readonly audit: Audit
  readonly policy: Pick<Policy, 'smsCode' | 'externalServices' | 'deferredWork'>
}

/**
 * Sends a new code to the phone, within the limits of the phone, the browser, the flow and the address. If the gateway
 * is down, nothing is counted and an earlier code stays valid. A message that the budget does not allow looks sent.
 * @param account the account that the flow has found: messages to its phone may use the reserve of the budget
 */
export async function sendSmsCode(
  to: SmsCodeBinding,
  visitor: Visitor,
  { smsCodes, smsGateway, limits, audit, policy }: SmsProofPorts,
  account?: Pick<Account, 'id' | 'phone'>,
): Promise<'sent' | Refusal> {
  const { smsCode } = policy
  const { phone } = to
  const taken = await takeAttempt(
    visitor,
    'sms',
    smsCode.perAddress,
    [...smsAllowances('sms', phone, visitor, policy), flowAllowance(to, policy)],
    limits,
  )
  if (!('ok' in taken)) return withCodeValidity(waysFor(taken, to), to, { smsCodes })
  const code = smsCodes.draw()
  const { locale } = visitor
  const isRegistered = account?.phone === phone
  const outcome = await smsGateway.send(
    { phone, template: 'code', params: { code }, locale },
    isRegistered ? 'registered' : 'anyone',
  )
  if (outcome === 'sent') {
    await smsCodes.store(to, code)
    await recordSms(to, visitor, account, { audit })
    return 'sent'
  }
  if (outcome === 'over_budget') {
    await sleep(1000 * randomBetween(policy.deferredWork))
    await smsCodes.store(to, randomUUID())
    return 'sent'
  }
  await taken.giveBack()
  if (outcome === 'invalid_phone') return refuse('phone', 'phone.noSms')
  return withCodeValidity(serviceOutage('sms.unavailable', policy), to, { smsCodes })
}

/** Records that a paid message went out, and for which flow. */
export const recordSms = (
  { flow, purpose }: SmsCodeBinding,
  { address }: Visitor,
  account: Pick<Account, 'id'> | undefined,
  { audit }: Pick<SmsProofPorts, 'audit'>,
): Promise<void> =>
  audit.record({
    ...{ what: 'sms-sent', address, flow, detail: purpose },
    ...(account && { accountId: account.id }),
  })

/** A message that is not sent takes about as long as one that is. */
const randomBetween = ({ least, most }: Policy['deferredWork']) =>
  least + ((most - least) * randomInt(1000)) / 1000

const waysFor = (refusal: Refusal, { purpose }: SmsCodeBinding): Refusal =>
  refusal.notes
    ? {
        ...refusal,
        notes: refusal.notes.map((note) => ({ ...note, code: wayFor(purpose, note.code) })),
      }
    : refusal

/** Adds to a refusal until when an earlier code is valid, if there is one. */
export async function withCodeValidity(
  refusal: Refusal,
  to: SmsCodeBinding,
  { smsCodes }: Pick<SmsProofPorts, 'smsCodes'>,
): Promise<Refusal> {
  const until = await smsCodes.validUntil(to)
  return until === undefined ? refusal : withNotes(refusal, [{ code: 'smsCode.stillGood', until }])
}

/** The allowances of messages per day, and a pause between two. `whose` is the prefix of the counters' names. */
export const smsAllowances = (
  whose: string,
  phone: string,
  { browser }: Visitor,
  { smsCode }: Pick<Policy, 'smsCode'>,
): Allowance[] => [
  { name: `${whose}.pause`, subject: phone, count: 1, window: smsCode.pause },
  { name: `${whose}.phone-browser`, subject: `${phone} ${browser}`, ...smsCode.perPhoneAndBrowser },
  { name: `${whose}.phone`, subject: phone, ...smsCode.perPhone },
]

/** The allowance of one flow, for messages to any phone. */
export const flowAllowance = (
  { flow }: Pick<SmsCodeBinding, 'flow'>,
  { smsCode }: Pick<Policy, 'smsCode'>,
): Allowance => ({ name: 'sms.flow', subject: flow, ...smsCode.perFlow })

/** 短信验证码: spaces and full width are folded. */
export const smsCode = field('smsCode.required', (typed, reject) => {
  const code = compact(typed)
  return /^\d{6}$/.test(code) ? code : reject('smsCode.format')
})

/** Checks a typed code; undefined if it is right. The code stays valid until the step passes and uses it up. */
export async function checkSmsCode(
  to: SmsCodeBinding,
  typed: string,
  { smsCodes }: Pick<SmsProofPorts, 'smsCodes'>,
): Promise<Refusal | undefined> {
  const verdict = await smsCodes.check(to, typed)
  return verdict === 'right' ? undefined : refuse('smsCode', `smsCode.${verdict}`)
}
