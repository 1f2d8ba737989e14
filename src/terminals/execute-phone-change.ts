import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { networkOf } from '../people/network.ts'
import type { Clock } from '../ports/clock.ts'
import type { BegunRequest, RecordedAnswer } from '../ports/idempotent-requests.ts'
import type { Caller } from '../ports/sso/callers.ts'
import { limitRefusal } from '../proofs/attempt-limits.ts'
import { localeOf } from '../web/api/api-answer.ts'
import { executeBegun } from '../web/api/execute-begun.ts'
import type { Context } from '../web/context.ts'
import { type CardPhoneChangePorts, changePhoneByCard } from './change-phone-by-card.ts'
import type { PhoneChangeBody } from './phone-change-body.ts'
import { type Problem, problemBody, problemOfRefusal, problems } from './problem.ts'

export type ExecutePhoneChangePorts = CardPhoneChangePorts & {
  readonly clock: Clock
  readonly policy: Pick<Policy, 'terminals'>
}

/** Changes the phone and records the answer for repetitions, unless a later attempt may have another result. */
export async function executePhoneChange(
  ctx: Context,
  phoneChange: PhoneChangeBody,
  { clientId }: Caller,
  request: BegunRequest,
  ports: ExecutePhoneChangePorts,
): Promise<RecordedAnswer | Problem> {
  const { audit, clock, limits, policy } = ports
  const locale = localeOf(ctx)
  // An authenticated client needs no captcha. The limits of cards, people and addresses are those of the pages.
  const visitor = {
    ...{ address: networkOf(ctx.ip), browser: clientId, locale, freshCaptcha: true },
    isRemembered: () => false,
  }
  return executeBegun<RecordedAnswer | Problem>(request, async ({ by }) => {
    const { perClient } = policy.terminals
    const taken = await limits.take([{ name: 'terminal.client', subject: clientId, ...perClient }])
    const outcome = taken.ok
      ? await changePhoneByCard(phoneChange, { clientId, by }, visitor, clock(), ports)
      : problemOfRefusal(limitRefusal([taken]))
    if (!('name' in outcome)) {
      const answer = { status: 200, body: outcome }
      return { answer, recorded: answer }
    }
    const { address } = visitor
    await audit.record({ what: 'terminal-refused', clientId, address, detail: outcome.name })
    if (mayLaterSucceed(outcome)) return { answer: outcome }
    const { status } = problems[outcome.name]
    return { answer: outcome, recorded: { status, body: problemBody(outcome, locale, clock()) } }
  })
}

/** Whether a repetition may succeed, so that the answer is not recorded. */
const mayLaterSucceed = ({ name, detail }: Problem): boolean =>
  name === 'over-limit' || name === 'outage' || detail === 'bank.suspended'
