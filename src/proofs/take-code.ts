import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { type Refusal, withNotes } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Allowance, Limits } from '../ports/limits.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import {
  hardestCaptchaNeeded,
  limitRefusal,
  soonest,
  spentOf,
  takeFirst,
} from './attempt-limits.ts'
import { browserPause, flowCodes, hourlyCodes, phoneCodes, phoneDay } from './sms-allowances.ts'

type CodeLimitPorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'smsCode'>
}

/** `own`: the message was counted for a proof that came first, and not for the phone. */
export type TakenCode = { readonly by: 'phone' | 'own' | 'hourly'; giveBack(): Promise<void> }

/**
 * Counts one message to a phone: for the phone; if it has none left, in the first of the `own` lists that has; once the
 * phone has used up its day, one an hour for a captcha of
 * the hardest level. Flow, browser and address are counted in every case. A person's
 * own messages are counted for the phone first, so that its counters do not disclose who has proved something.
 */
export async function takeCode(
  to: SmsCodeBinding,
  visitor: Visitor,
  own: readonly (readonly Allowance[])[],
  { limits, policy }: CodeLimitPorts,
): Promise<TakenCode | Refusal> {
  const { phone } = to
  const flow = flowCodes(to.flow, policy)
  const lists = [
    [...phoneCodes(phone, visitor, policy), flow],
    ...own.map((each) => [browserPause(phone, visitor, policy), ...each, flow]),
  ]
  const { perAddress } = policy.smsCode
  const taken = await takeFirst(visitor, 'sms', perAddress, lists, limits)
  if ('at' in taken) return { by: taken.at === 0 ? 'phone' : 'own', giveBack: taken.giveBack }
  if (taken.field === 'captcha') return taken

  const hourly = [...hourlyCodes(phone, visitor, policy), flow]
  const [day, ...left] = await limits.left([phoneDay(phone, policy), ...hourly])
  if (day?.left !== 0) return taken
  const spent = spentOf(left)
  // The captcha comes before the count. An allowance that another request gives back after this read must not be taken
  // without it.
  if (!visitor.hardestCaptcha)
    return spent.length
      ? soonest([taken, limitRefusal(spent)])
      : withNotes(hardestCaptchaNeeded, [{ code: 'smsCode.hourly' }])
  const last = await takeFirst(visitor, 'sms', perAddress, [hourly], limits)
  if ('at' in last) return { by: 'hourly', giveBack: last.giveBack }
  return soonest([taken, last])
}
