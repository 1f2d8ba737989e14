import type { MessageCode } from '../../config/messages.ts'
import type { Policy } from '../../config/policy.ts'
import { type Refusal, refuse } from '../people/refusal.ts'

/** A service can't be asked at the moment: when its circuit breaker tries again, the person may as well. */
export const serviceOutage = (
  code: MessageCode,
  { externalServices: { breakerRest } }: Pick<Policy, 'externalServices'>,
): Refusal => refuse('form', code, { status: 503, retryAfter: breakerRest, notCounted: true })
