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
import { wayFor } from './limit-sentences.ts'
import { serviceOutage } from './service-outage.ts'
import { type TakenCode, takeCode } from './take-code.ts'

export type SmsProofPorts = {
  readonly smsCodes: SmsCodes
  readonly smsGateway: SmsGateway
  readonly limits: Limits
  readonly audit: Audit
  readonly policy: Pick<Policy, 'smsCode' | 'externalServices' | 'deferredWork'>
}

/** The account that the flow has found: messages to its phone may use the reserve of the budget. */
export type FoundAccount = Pick<Account, 'id' | 'phone'>

/**
 * Sends a new code to the phone, within the limits of `takeCode`. If the gateway is down, nothing is counted and an
 * earlier code stays valid. A message that the budget does not allow looks sent.
 * @param own lists of allowances of a person who has proved something first
 */
export async function sendSmsCode(
  to: SmsCodeBinding,
  visitor: Visitor,
  ports: SmsProofPorts,
  account?: FoundAccount,
  own: readonly (readonly Allowance[])[] = [],
): Promise<'sent' | Refusal> {
  const taken = await takeCode(to, visitor, own, ports)
  return 'by' in taken
    ? deliverCode(to, taken, visitor, ports, account)
    : refusalOfCode(taken, to, ports)
}

/** The refusal with the way that the page of the code offers, and with the validity of an earlier code. */
export const refusalOfCode = (
  refusal: Refusal,
  to: SmsCodeBinding,
  ports: Pick<SmsProofPorts, 'smsCodes'>,
): Promise<Refusal> => withCodeValidity(waysFor(refusal, to), to, ports)

const waysFor = (refusal: Refusal, { purpose }: SmsCodeBinding): Refusal =>
  refusal.notes
    ? {
        ...refusal,
        notes: refusal.notes.map((note) => ({ ...note, code: wayFor(purpose, note.code) })),
      }
    : refusal

/** Sends a code that is counted already. */
export async function deliverCode(
  to: SmsCodeBinding,
  taken: TakenCode,
  visitor: Visitor,
  { smsCodes, smsGateway, audit, policy }: SmsProofPorts,
  account: FoundAccount | undefined,
): Promise<'sent' | Refusal> {
  const { phone } = to
  const code = smsCodes.draw()
  const { locale } = visitor
  const outcome = await smsGateway.send(
    { phone, template: 'code', params: { code }, locale },
    account?.phone === phone ? 'registered' : 'anyone',
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

/** Adds to a refusal until when an earlier code is valid, if there is one. */
export async function withCodeValidity(
  refusal: Refusal,
  to: SmsCodeBinding,
  { smsCodes }: Pick<SmsProofPorts, 'smsCodes'>,
): Promise<Refusal> {
  const until = await smsCodes.validUntil(to)
  return until === undefined ? refusal : withNotes(refusal, [{ code: 'smsCode.stillGood', until }])
}

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
