import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { MessageCode } from '../../config/messages.ts'
import { type Refusal, refuse } from '../people/refusal.ts'

/**
 * The refusal when an external service is unavailable. A new attempt makes sense once its circuit breaker tries again.
 */
export const serviceOutage = (
  code: MessageCode,
  { externalServices: { breakerRest } }: Pick<Policy, 'externalServices'>,
): Refusal => refuse('form', code, { status: 503, retryAfter: breakerRest, notCounted: true })
