import { randomUUID } from 'node:crypto'
import type { Account } from '../people/account.ts'
import type { Refusal } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { DeferWork } from '../ports/deferred-work.ts'
import type { Allowance } from '../ports/limits.ts'
import type { Breaker } from '../ports/services/breaker.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import { takeFirst } from './attempt-limits.ts'
import { serviceOutage } from './service-outage.ts'
import { flowCodes } from './sms-allowances.ts'
import { deliverCode, recordSms, refusalOfCode, type SmsProofPorts } from './sms-code.ts'
import { takeCode } from './take-code.ts'

export type UndisclosedCodePorts = SmsProofPorts & {
  readonly smsGateway: SmsGateway & Breaker
  readonly defer: DeferWork
}

/**
 * Issues a new code without disclosing whether there is a recipient: the limits count what was typed, the message is
 * sent after the response, and without a recipient the code is one that nobody can guess (decision 0086).
 * @param own lists of allowances for what was typed, whether it is right or not
 */
export async function sendUndisclosedCode(
  to: SmsCodeBinding,
  own: readonly (readonly Allowance[])[],
  recipient: Account | undefined,
  visitor: Visitor,
  ports: UndisclosedCodePorts,
): Promise<'sent' | Refusal> {
  const refused = await countUndisclosedCode(to.flow, own, visitor, ports)
  if (refused) return refused
  await storeAndDefer(to, recipient, visitor, ports)
  return 'sent'
}

/** Counts a code whether it has a recipient or not. */
export async function countUndisclosedCode(
  flow: string,
  own: readonly (readonly Allowance[])[],
  visitor: Visitor,
  { smsGateway, limits, policy }: UndisclosedCodePorts,
): Promise<Refusal | undefined> {
  if (smsGateway.isOpen()) return serviceOutage('sms.unavailable', policy)
  const lists = own.map((each) => [...each, flowCodes(flow, policy)])
  const taken = await takeFirst(visitor, 'sms', policy.smsCode.perAddress, lists, limits)
  return 'ok' in taken ? undefined : taken
}

/**
 * Sends a code to a typed phone, openly as long as the phone has one left. After that it is sent to the `holder` alone,
 * who has proved something first, without disclosing whether there is one.
 * @param account the account that the flow has found, whatever its phone
 */
export async function sendCodeToTypedPhone(
  to: SmsCodeBinding,
  own: readonly (readonly Allowance[])[],
  { account, holder }: { readonly account: Account | undefined; readonly holder?: Account },
  visitor: Visitor,
  ports: UndisclosedCodePorts,
): Promise<'sent' | 'undisclosed' | Refusal> {
  const taken = await takeCode(to, visitor, own, ports)
  if (!('by' in taken)) return refusalOfCode(taken, to, ports)
  if (taken.by !== 'own') return deliverCode(to, taken, visitor, ports, account)
  if (ports.smsGateway.isOpen()) {
    await taken.giveBack()
    return serviceOutage('sms.unavailable', ports.policy)
  }
  await storeAndDefer(to, holder, visitor, ports)
  return 'undisclosed'
}

/**
 * Stores a code, and sends it after the response. A message that fails stays counted, since a counter that is given back
 * would disclose the recipient.
 * @param hidden allowances of the recipient that the response must not disclose
 */
export async function storeAndDefer(
  to: SmsCodeBinding,
  recipient: Account | undefined,
  visitor: Visitor,
  ports: UndisclosedCodePorts,
  hidden: readonly Allowance[] = [],
): Promise<void> {
  const code = recipient ? ports.smsCodes.draw() : randomUUID()
  await ports.smsCodes.store(to, code)
  if (!recipient) return
  ports.defer('undisclosed code', async () => {
    const { limits, smsGateway } = ports
    const taken = hidden.length ? await limits.take(hidden) : undefined
    if (taken && !taken.ok) return
    const { phone } = recipient
    const { locale } = visitor
    const message = { phone, template: 'code', params: { code }, locale } as const
    const outcome = await smsGateway.send(message, 'registered')
    if (outcome === 'sent') await recordSms(to, visitor, recipient, ports)
    else await taken?.giveBack()
  })
}
