import { randomUUID } from 'node:crypto'
import type { Account } from '../people/account.ts'
import type { Refusal } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { DeferWork } from '../ports/deferred-work.ts'
import type { Breaker } from '../ports/services/breaker.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import { takeAttempt } from '../proofs/attempt-limits.ts'
import { serviceOutage } from '../proofs/service-outage.ts'
import { flowAllowance, recordSms, type SmsProofPorts, smsAllowances } from '../proofs/sms-code.ts'

export type UndisclosedCodePorts = SmsProofPorts & {
  readonly smsGateway: SmsGateway & Breaker
  readonly defer: DeferWork
}

/**
 * Issues a new code without disclosing whether an account exists: the limits count the typed identity, the message is
 * sent after the response, and without an account the code is one that nobody can guess (decision 0086).
 */
export async function sendUndisclosedCode(
  identity: string,
  to: SmsCodeBinding,
  account: Account | undefined,
  visitor: Visitor,
  ports: UndisclosedCodePorts,
): Promise<'sent' | Refusal> {
  const { smsCodes, smsGateway, limits, policy, defer } = ports
  if (smsGateway.isOpen()) return serviceOutage('sms.unavailable', policy)
  const allowances = [
    ...smsAllowances('recovery.identity', identity, visitor, policy),
    flowAllowance(to, policy),
  ]
  const taken = await takeAttempt(visitor, 'sms', policy.smsCode.perAddress, allowances, limits)
  if (!('ok' in taken)) return taken
  const code = account ? smsCodes.draw() : randomUUID()
  await smsCodes.store(to, code)
  if (account) defer('recovery code', () => sendWithinLimits(account, to, code, visitor, ports))
  return 'sent'
}

/**
 * Recovery codes have counters of their own for each phone: if they shared those of typed phones, a limit reached in
 * another flow would disclose whose phone it is. Codes that the phone got as a typed one reduce its allowance here.
 */
async function sendWithinLimits(
  account: Account,
  to: SmsCodeBinding,
  code: string,
  visitor: Visitor,
  { smsGateway, limits, audit, policy }: UndisclosedCodePorts,
): Promise<void> {
  const { phone } = account
  const typed = await limits.counted({
    name: 'sms.phone',
    subject: phone,
    ...policy.smsCode.perPhone,
  })
  const left = policy.smsCode.perPhone.count - typed
  const own = smsAllowances('recovery', phone, visitor, policy)
  const taken = await limits.take(
    own.map((each) => ({ ...each, count: Math.min(each.count, left) })),
  )
  if (!taken.ok) return
  const { locale } = visitor
  const message = { phone, template: 'code', params: { code }, locale } as const
  const outcome = await smsGateway.send(message, 'registered')
  if (outcome === 'sent') await recordSms(to, visitor, account, { audit })
  else await taken.giveBack()
}
